"""YAML is read as it is written, with lines, and what hides a value's place is a problem."""

from pathlib import Path

import pytest

from assistant.evaluation.cases.case_model import CaseFileError
from assistant.evaluation.yaml_text import YamlText, read_yaml, write_yaml


def read(folder: Path, text: str) -> YamlText:
    path = folder / "some.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


def test_every_plain_value_is_text_and_an_empty_one_is_none(tmp_path: Path) -> None:
    text = "[1.50, no, true, 2020-01-01, 0x1F, !!int 3, '', \"x\", ~, null]"
    values = ["1.50", "no", "true", "2020-01-01", "0x1F", "3", "", "x", None, None]
    assert read(tmp_path, text).data == values
    assert read(tmp_path, "1: |\n  two\n  three\n").data == {"1": "two\nthree\n"}


def test_a_value_knows_its_line_and_one_that_is_missing_that_of_what_is_around_it(
    tmp_path: Path,
) -> None:
    text = read(tmp_path, "# head\na:\n  # list\n  - b: [\n    c,\n    d]\n  -\n    e: f\n")
    places = [(), ("a",), ("a", 0), ("a", 0, "b", 1), ("a", 1), ("a", 1, "none"), ("a", 9)]
    assert [text.line(place) for place in places] == [2, 2, 4, 6, 8, 8, 2]


def test_repeated_keys_references_and_tags_are_problems_with_their_lines(tmp_path: Path) -> None:
    text = read(tmp_path, "a: &x [1]\na: 2\nb: *x\nc: !odd 3\nd: &y 4\ne: *y\n")
    assert sorted(text.problems) == [
        (2, "'a' appears twice"),
        (3, "references (*name) are not supported; write the value out"),
        (4, "the tag !odd is not supported"),
    ]
    assert text.data["e"] == "4"


@pytest.mark.parametrize("text", ["a: b: c", "a: *b", "[" * 3000, "a\x07b", "--- 1\n--- 2\n"])
def test_what_is_not_yaml_names_the_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(CaseFileError, match=r"some\.yaml.*invalid YAML"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "value", ["no", "1851", "~", "", " a ", "a: b # c", "x\ny", "“q”", "w " * 99]
)
def test_what_is_written_is_read_back(tmp_path: Path, value: str) -> None:
    assert read(tmp_path, write_yaml([{"key": value}])).data == [{"key": value}]
