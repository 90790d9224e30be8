"""Case files: what they may say, and how a wrong one is told about."""

import runpy
import shutil
from pathlib import Path

import pytest

from assistant import Status
from assistant.errors import UsageError
from assistant.evaluation.cases import case_schema
from assistant.evaluation.cases.case_files import find_case_files, load_cases
from assistant.evaluation.cases.case_model import CaseFileError, case_of
from assistant.evaluation.cases.case_schema import SCHEMA_FILE


def written(folder: Path, text: str) -> Path:
    path = folder / "some.eval.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def complaints(folder: Path, text: str) -> list[str]:
    path = written(folder, text)
    with pytest.raises(CaseFileError) as caught:
        load_cases(path)
    return [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]


def test_a_file_is_read_with_places_ids_and_single_values_as_lists(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """thresholds:
  answer_accuracy: 0.9
  latency_p95_retrieval: 2
cases:
  - question: Who built it?
    tags: fact
    expect:
      contains: 1851
      excludes: [no]
      cites:
        - built in 1851
        - {quote: burned down, document: mill.txt}
  - turns: [Who built it, When was that]
    id: second
    expect: {status: not_found}
""",
    )
    file = load_cases(path)
    first, second = file.cases
    assert file.thresholds == {"answer_accuracy": 0.9, "latency_p95_retrieval": 2.0}
    assert (first.name, first.questions, first.tags) == (
        "who-built-it",
        ("Who built it?",),
        ("fact",),
    )
    assert (first.expect.contains, first.expect.excludes) == (("1851",), ("no",))
    assert [quote.document for quote in first.expect.cites] == [None, "mill.txt"]
    assert first.expect.awaited_status == Status.ANSWERED
    assert first.place is not None
    assert (first.place.line, first.place.at("expect.cites.1")) == (5, f"{path}:12")
    assert (second.name, second.questions[-1]) == ("second", "When was that")


def test_every_error_is_told_at_once_with_line_field_and_what_was_expected(tmp_path: Path) -> None:
    found = complaints(
        tmp_path,
        """threshold: {}
thresholds:
  accuracy: 0.9
  token_f1: high
cases:
  - question: One?
    expect:
      status: maybe
      contain: two
  - expect: {max_statements: -1}
  - question: Three?
    turns: [Four]
    expect: {status: answered}
  - question: Five?
    expect: {}
  - question: Six?
    expect: {status: not_found, cites: seven}
  - question: ""
    expect: {contains: []}
""",
    )
    expected = [
        ("1: threshold: unknown field", "thresholds"),
        ("3: thresholds.accuracy: unknown metric", "answer_accuracy"),
        ("4: thresholds.token_f1: ", "must be a number"),
        ("8: cases[0].expect.status: expected 'answered', 'uncertain'", "not 'maybe'"),
        ("9: cases[0].expect.contain: unknown field", "did you mean 'contains'?"),
        ("10: cases[1].expect.max_statements: ", "must be at least 0"),
        ("11: cases[2]: needs either question or turns", ""),
        ("15: cases[3].expect: nothing is expected", "status"),
        ("17: cases[4].expect: status not_found cannot be combined with cites", ""),
        ("18: cases[5].question: is empty", ""),
        ("19: cases[5].expect.contains: is empty", ""),
    ]
    assert len(found) == len(expected)
    for line, (beginning, inside) in zip(found, expected, strict=True):
        assert line.startswith(beginning)
        assert inside in line


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("- a\n", "must be a table"),
        ("cases: []\n", "is empty"),
        ("cases:\n  - question: a: b\n", "invalid YAML"),
        (
            "cases:\n  - question: a\n    question: b\n    expect: {status: answered}\n",
            "appears twice",
        ),
        ("cases: &all\n  - *all\n", "write the value out"),
        ("cases: !!python/name:os.system\n", "is not supported"),
        ("corpus: nowhere\ncases: [{question: a, expect: {status: answered}}]\n", "does not exist"),
    ],
)
def test_files_that_are_no_case_files_are_told_apart(
    tmp_path: Path, text: str, complaint: str
) -> None:
    assert complaint.lower() in "\n".join(complaints(tmp_path, text)).lower()


def test_bytes_that_are_no_text_are_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "some.eval.yaml"
    path.write_bytes(b"cases: \xff\xfe")
    with pytest.raises(CaseFileError, match="not UTF-8"):
        load_cases(path)


def test_an_id_that_is_given_twice_is_an_error_and_one_that_is_made_gets_a_number(
    tmp_path: Path,
) -> None:
    case = "  - {question: Same, expect: {status: answered}}\n"
    assert [one.name for one in load_cases(written(tmp_path, f"cases:\n{case * 3}")).cases] == [
        "same",
        "same-2",
        "same-3",
    ]
    named = case.replace("question", "id: a, question")
    assert [line.split(":")[0] for line in complaints(tmp_path, f"cases:\n{named * 2}")] == [
        "2",
        "3",
    ]


def test_the_corpus_is_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    text = "corpus: documents\ncases: [{question: a, expect: {status: answered}}]\n"
    assert load_cases(written(tmp_path, text)).corpus == tmp_path / "documents"


def test_case_files_are_found_below_folders_but_not_in_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.eval.yaml", "sub/a.eval.yaml", ".venv/c.eval.yaml", "sub/other.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    assert find_case_files([tmp_path]) == [tmp_path / "b.eval.yaml", tmp_path / "sub/a.eval.yaml"]
    with pytest.raises(UsageError, match="no file or folder"):
        find_case_files([tmp_path / "missing"])
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UsageError, match="--new"):
        find_case_files([empty])


def test_a_case_made_in_python_is_checked_like_one_in_a_file() -> None:
    assert case_of(["One?", "Two?"], contains="three").questions == ("One?", "Two?")
    with pytest.raises(ValueError, match="nothing is expected"):
        case_of("One?")


def test_small_talk_may_be_held_to_words_but_not_to_quotes() -> None:
    assert case_of("Hello", status="small_talk", contains="hello").expect.contains == ("hello",)
    with pytest.raises(ValueError, match="cannot be combined with"):
        case_of("Hello", status="small_talk", cites="hello")


def test_the_committed_schema_is_what_its_program_writes(tmp_path: Path) -> None:
    program = Path(case_schema.__file__)
    copy = tmp_path / program.name
    shutil.copy(program, copy)
    runpy.run_path(str(copy), run_name="__main__")
    written = (tmp_path / SCHEMA_FILE.name).read_text(encoding="utf-8")
    assert SCHEMA_FILE.read_text(encoding="utf-8") == written, (
        "run: python -m assistant.evaluation.cases.case_schema"
    )
