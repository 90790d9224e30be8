"""The layout that the design promises, read off the imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant

PACKAGE = Path(assistant.__file__).parent

ORDER = [
    {"lazy_names"},
    {"errors"},
    {"types"},
    {"protocols", "settings"},
    {"text"},
    {"models", "storage"},
    {"session"},
    {"ingestion", "retrieval", "understanding"},
    {"reading"},
    {"checking"},
    {"answering"},
    {"feedback"},
    {"integrations"},
    {"assistant"},
    {"evaluation", "testing", "web"},
    {"cli"},
    {"__init__"},
]
LEVELS = {room: level for level, rooms in enumerate(ORDER) for room in rooms}
ENGINES = {
    "sentence_transformers": {"models/sentence_transformer.py"},
    "transformers": {"models/sentence_transformer.py", "models/transformers_reader.py"},
    "torch": {"models/transformers_reader.py"},
    "onnxruntime": {"models/bundled_reader.py", "models/bundled_encoder.py"},
    "gradio": {"web/app.py", "web/chat/components.py", "web/chat/handlers.py"},
    "chromadb": {"storage/vectors.py"},
    "sqlite3": {
        "storage/",
        "feedback/store.py",
    },
    "sentencex": {"text/sentences.py"},
    "markdown_it": {"text/headings.py"},
    "lxml": {"ingestion/formats/html.py", "ingestion/formats/docx.py"},
    "pypdfium2": {"ingestion/formats/pdf.py"},
    "docx": {"ingestion/formats/docx.py"},
    "watchfiles": {"ingestion/watching.py"},
    "filelock": {"ingestion/pipeline.py"},
    "typer": {"cli/"},
    "rich": {"cli/"},
    "langchain": {"models/chat_model.py"},
    "ruamel": {"evaluation/yaml_text.py"},
    "yaml": set(),  # ruamel.yaml reads ours
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module


def room(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downward_only(path: Path) -> None:
    here = room(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "assistant" or len(parts) < 2:
            continue
        there = parts[1]
        assert there == here or LEVELS[there] < LEVELS[here], f"{here} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_engine_is_imported_in_its_one_place(path: Path) -> None:
    relative = path.relative_to(PACKAGE).as_posix()
    for name in imports(path):
        allowed = ENGINES.get(name.split(".")[0])
        assert allowed is None or any(
            relative == place or (place.endswith("/") and relative.startswith(place))
            for place in allowed
        ), f"{relative} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_opens_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


PUBLIC = """
Answer Assistant AssistantError Attribution ChatModelError Chunk Citation CitationError CorpusError
CorpusInfo Document DocumentNotFoundError DocumentSummary Encoder Feedback Hit IndexBusyError
IndexDamagedError IndexMismatchError IndexMissingError IndexStatus IngestReport
ModelError PassageReading PortInUseError QuestionError Reader Reading ServerBusyError Settings
SettingsError SkippedFile Statement Status StorageError StrictIngestError Support Turn UsageError
VectorsDamagedError WindowText load_settings
"""


def test_public_names_are_pinned() -> None:
    assert assistant.__all__ == PUBLIC.split()
    assert all(hasattr(assistant, name) for name in assistant.__all__)


def test_the_error_tree_in_the_docstring_is_the_real_one() -> None:
    from assistant import errors

    assert errors.__doc__ is not None
    classes = {name for name, value in vars(errors).items() if isinstance(value, type)}
    drawn = [line.split()[:3] for line in errors.__doc__.splitlines() if "Error" in line]
    named = {word for line in drawn for word in line if word in classes}
    assert named == classes
