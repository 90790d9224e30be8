"""Read and write YAML with ruamel.yaml: values are text as written, and each has its line."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import ScalarNode

from assistant.evaluation.cases.case_model import CaseFileError

_TEXT_TAGS = ("bool", "float", "int", "str", "timestamp")
_WIDTH = 96

Location = Sequence[str | int]
"""The keys and positions that lead from the root of a file to a value."""


@dataclass(frozen=True, slots=True)
class YamlText:
    """A YAML file as it was read.

    ``data`` holds mappings, lists, text and None. ``problems`` are lines, from 1, and what must
    not be there: repeated keys, references to lists and mappings, and tags.
    """

    data: Any
    problems: tuple[tuple[int, str], ...]

    def line(self, location: Location) -> int:
        """Return the line, from 1, of a value, or of the innermost part of its location that exists."""
        node, line = self.data, getattr(self.data, "lc", None) and self.data.lc.line
        for part in location:
            position = _position(node, part)
            if position is None:
                break
            node, line = node[part], position
        return (line or 0) + 1


def read_yaml(path: Path) -> YamlText:
    """Read a file. Raises `CaseFileError`, with the line if there is one, if it is not YAML."""
    yaml = _ReadingYaml()
    try:
        data = yaml.load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise CaseFileError(f"{path}: not UTF-8 text ({error.reason}).") from None
    except OSError as error:
        raise CaseFileError(f"{path}: cannot be read: {error.strerror}.") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        context = f" {error.context}" if error.context else ""
        raise CaseFileError(
            f"{path}:{line}: invalid YAML: {error.problem}{context}. "
            "Put text that contains a colon or #, or a question mark inside brackets, in quotation "
            "marks."
        ) from None
    except (YAMLError, RecursionError) as error:
        raise CaseFileError(f"{path}: invalid YAML: {error}") from None
    return YamlText(data, tuple(yaml.problems))


def write_yaml(data: object) -> str:
    """Return data as YAML in block style."""
    yaml = YAML()
    yaml.width = _WIDTH
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


class _AsWritten(RoundTripConstructor):
    """Builds text from every plain value, and records what it cannot use."""

    def construct_text(self, node: ScalarNode) -> str:
        """Return a value as it is written: ``1.50`` is "1.50", and ``no`` is "no"."""
        return str(self.construct_scalar(node))

    def construct_unknown(self, node: Any) -> Any:
        """Record a tag, and use None for its value."""
        self.loader.problems.append(
            (node.start_mark.line + 1, f"the tag {node.tag} is not supported")
        )
        yield None

    def check_mapping_key(
        self, node: Any, key_node: Any, mapping: Any, key: Any, value: Any
    ) -> bool:
        """Record a key that appears twice; its first value counts."""
        if key in mapping:
            self.loader.problems.append((key_node.start_mark.line + 1, f"{key!r} appears twice"))
        return key not in mapping


class _WithoutReferences(Composer):
    """Records references, which would hide where a value is written."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False  # a name may be used again, and no warning is printed

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose a node; a reference to text is as good as the text."""
        event = self.parser.peek_event()
        node = super().compose_node(parent, index)
        if isinstance(event, AliasEvent) and not isinstance(node, ScalarNode):
            self.loader.problems.append(
                (
                    event.start_mark.line + 1,
                    "references (*name) are not supported; write the value out",
                )
            )
        return node


class _ReadingYaml(YAML):
    def __init__(self) -> None:
        super().__init__()
        self.Constructor = _AsWritten
        self.Composer = _WithoutReferences
        self.problems: list[tuple[int, str]] = []


for _tag in _TEXT_TAGS:
    _AsWritten.add_constructor(f"tag:yaml.org,2002:{_tag}", _AsWritten.construct_text)
_AsWritten.add_constructor(None, _AsWritten.construct_unknown)


def _position(node: object, part: str | int) -> int | None:
    """Return the line, from 0, of a key or an item; None if there is none."""
    if isinstance(node, CommentedMap) and part in node:
        return int(node.lc.key(part)[0])
    if isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
        return int(node.lc.item(part)[0])
    return None
