"""A case is added to a file, and what stands in the file stays."""

from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.evaluation.cases.case_files import load_cases
from assistant.evaluation.cases.drafting import append_case, proposed
from assistant.evaluation.cases.from_feedback import drafted
from assistant.feedback.recording import record
from assistant.testing import answer_uncertain
from tests.evaluation.fakes import MILL


@pytest.mark.parametrize("indent", ["", "  "])
@pytest.mark.parametrize("end", ["", "\n", "\n\n# the end\n"])
@pytest.mark.parametrize("following", [False, True])
def test_what_stands_in_a_file_stays_when_a_case_is_added(
    tmp_path: Path, indent: str, end: str, following: bool
) -> None:
    path = tmp_path / "a.eval.yaml"
    case = f"{indent}- question: One\n{indent}  expect:\n{indent}    status: answered{end}"
    after = "\n# bounds\nthresholds:\n  pass_rate: 0.5\n" if following else ""
    text = f"# ours\ncases:\n{case}{after}"
    path.write_text(text, encoding="utf-8")
    append_case(path, {"question": "Two: “2”?\nor # so", "expect": {"contains": ["1: 2", "no"]}})
    found = load_cases(path)
    assert [one.questions[0] for one in found.cases] == ["One", "Two: “2”?\nor # so"]
    assert found.cases[1].expect.contains == ("1: 2", "no")
    assert found.thresholds == ({"pass_rate": 0.5} if following else {})
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in text.splitlines() if line.strip() and line not in lines] == []


def test_cases_in_brackets_are_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "a.eval.yaml"
    path.write_text("cases: [{question: One, expect: {status: answered}}]\n")
    with pytest.raises(UsageError, match="brackets"):
        append_case(path, {"question": "Two", "expect": {"status": "answered"}})
    assert [one.name for one in tmp_path.iterdir()] == ["a.eval.yaml"]


def test_a_possible_answer_that_is_right_becomes_a_case_that_expects_an_answer() -> None:
    quote = "The mill was built in 1851."
    answer = answer_uncertain("Built?", MILL, quote)
    assert proposed(answer) == {"status": "answered", "cites": [quote]}
    helpful = record(answer, True, "", lambda identifier: MILL)
    expect = drafted([helpful], lambda citation: True)["expect"]
    assert expect == {"status": "answered", "cites": [{"quote": quote, "document": "mill.txt"}]}
    missed = record(answer, False, "", lambda identifier: MILL)
    assert drafted([missed], lambda citation: True)["expect"] == {"status": "answered"}
