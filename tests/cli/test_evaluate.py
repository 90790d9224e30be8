"""``assistant evaluate``: exit codes, files written, and cases made of questions."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from assistant import Assistant
from assistant.cli.case_editor import add_case
from assistant.cli.evaluate import evaluate
from assistant.cli.evaluation_run import Options, run_evaluation
from assistant.errors import UsageError
from assistant.evaluation.cases.case_files import load_cases
from assistant.evaluation.cases.case_model import CaseFileError
from tests.cli.commands import run_alone

CASES = """# ours
cases:
  - question: When was the mill built?
    tags: [mill]
    expect: {contains: 1851, cites: The mill was built in 1851.}
  - question: Why is a raven like a writing desk?
    expect: {status: not_found}
"""


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    path = tmp_path / "mill.eval.yaml"
    path.write_text(CASES, encoding="utf-8")
    return path


class Screen:
    """A console whose text can be read."""

    def __init__(self) -> None:
        self._written = io.StringIO()
        self.console = Console(file=self._written, width=200)

    @property
    def text(self) -> str:
        return self._written.getvalue()


@pytest.fixture
def screen() -> Screen:
    return Screen()


def test_the_index_is_built_the_cases_asked_and_the_figures_shown(
    mill_assistant: Assistant, case_file: Path, screen: Screen
) -> None:
    code = run_evaluation(mill_assistant, [case_file], Options(), screen.console)
    assert code == 0
    assert "Answer accuracy" in screen.text
    assert "cases passed" in screen.text
    assert mill_assistant.status().documents == 1


def test_a_missed_threshold_ends_with_4_and_one_that_holds_with_0(
    mill_assistant: Assistant, case_file: Path, screen: Screen
) -> None:
    held = Options(minimum=("pass_rate=0",), maximum=("latency_p95=100",))
    assert run_evaluation(mill_assistant, [case_file], held, screen.console) == 0
    missed = Options(minimum=("citation_recall = 1.1",))
    assert run_evaluation(mill_assistant, [case_file], missed, screen.console) == 4
    assert "MISSED" in screen.text
    case_file.write_text(f"thresholds: {{hit_rate_at_1: 1.5}}\n{CASES}")
    assert run_evaluation(mill_assistant, [case_file], Options(), screen.console) == 4


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (Options(minimum=("nonsense=1",)), "unknown metric"),
        (Options(minimum=("token_f1=much",)), "token_f1=NUMBER"),
        (Options(minimum=("token_f1",)), "token_f1=NUMBER"),
        (Options(minimum=("false_answer_rate=1",)), "Use --max"),
        (Options(maximum=("token_f1=1",)), "Use --min"),
        (Options(engine="psychic"), "no engine"),
        (Options(json_file=Path("/no/such/folder/a.json")), "cannot be written"),
        (Options(baseline=Path("/no/such/file.json")), "cannot be read"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(
    mill_assistant: Assistant, case_file: Path, screen: Screen, options: Options, complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        run_evaluation(mill_assistant, [case_file], options, screen.console)
    assert mill_assistant.status().documents == 0


def test_wrong_quotes_of_all_files_are_told_at_once(
    mill_assistant: Assistant, tmp_path: Path, screen: Screen
) -> None:
    files = [tmp_path / f"{name}.eval.yaml" for name in "ab"]
    for file in files:
        file.write_text("cases: [{question: Q, expect: {cites: The mill was built in 1815.}}]")
    with pytest.raises(CaseFileError) as caught:
        run_evaluation(mill_assistant, files, Options(), screen.console)
    assert caught.value.exit_code == 2
    assert len(str(caught.value).splitlines()) == 2


def test_reports_are_written_and_compared_with(
    mill_assistant: Assistant, case_file: Path, tmp_path: Path, screen: Screen
) -> None:
    written = Options(json_file=tmp_path / "now.json", html_file=tmp_path / "now.html")
    run_evaluation(mill_assistant, [case_file], written, screen.console)
    report = json.loads((tmp_path / "now.json").read_text(encoding="utf-8"))
    assert report["cases"] == 2
    assert "<!doctype html>" in (tmp_path / "now.html").read_text(encoding="utf-8")
    for result in report["results"]:
        result["passed"] = not result["passed"]
    (tmp_path / "old.json").write_text(json.dumps(report), encoding="utf-8")
    compared = Options(baseline=tmp_path / "old.json")
    run_evaluation(mill_assistant, [case_file], compared, screen.console)
    changed = {word: screen.text.count(f"  {word} ") for word in ("better", "worse")}
    assert sum(changed.values()) == 2


def test_a_file_with_a_corpus_of_its_own_is_asked_of_that(
    mill_assistant: Assistant, case_file: Path, tmp_path: Path, screen: Screen
) -> None:
    (tmp_path / "oats").mkdir()
    (tmp_path / "oats" / "oats.txt").write_text("Oats are sown in March every year.")
    other = tmp_path / "oats.eval.yaml"
    other.write_text(
        "corpus: oats\ncases: [{question: When are oats sown?, expect: {cites: sown in March}}]".replace(
            "sown?", "sown"
        )
    )
    written = Options(json_file=tmp_path / "now.json")
    run_evaluation(mill_assistant, [case_file, other], written, screen.console)
    report = json.loads((tmp_path / "now.json").read_text(encoding="utf-8"))
    assert [corpus["documents"] for corpus in report["environment"]["corpora"]] == [1, 1]
    assert {hit["source"] for hit in report["results"][2]["retrieved"]} == {"oats.txt"}
    assert [document.source for document in mill_assistant.documents()] == ["mill.txt"]


def typed(*lines: str) -> Iterator[str]:
    yield from lines


def add(
    assistant: Assistant, path: Path | None, screen: Screen, question: str, *lines: str
) -> None:
    answers = typed(*lines)

    def prompt(text: str) -> str:
        for line in answers:
            return line
        raise EOFError

    assert add_case(assistant, question, path, screen.console, prompt) == 0


def test_an_accepted_answer_becomes_a_case_that_holds(
    mill_assistant: Assistant, tmp_path: Path, screen: Screen
) -> None:
    path = tmp_path / "new.eval.yaml"
    add(mill_assistant, path, screen, "When was the mill built?", "maybe", "y")
    (case,) = load_cases(path).cases
    assert case.name == "when-was-the-mill-built"
    assert run_evaluation(mill_assistant, [path], Options(), screen.console) == 0
    assert "1 of 1 cases passed" in screen.text


def test_a_corrected_answer_asks_again_for_a_quote_that_is_not_there(
    mill_assistant: Assistant, case_file: Path, screen: Screen
) -> None:
    lines = ["c", "x", "a", "1920", "", "It burned down in 1920", "In 1920 it burned down.", ""]
    add(mill_assistant, case_file, screen, "When did it burn?", *lines)
    expect = load_cases(case_file).cases[-1].expect
    assert expect.contains == ("1920",)
    assert [quote.quote for quote in expect.cites] == ["In 1920 it burned down."]
    assert "The closest passage is mill.txt, line 2" in screen.text
    assert case_file.read_text(encoding="utf-8").startswith(CASES)


def test_no_case_is_added_when_the_editor_wants_none_or_leaves(
    mill_assistant: Assistant, case_file: Path, screen: Screen
) -> None:
    add(mill_assistant, case_file, screen, "When did it burn?", "n")
    add(mill_assistant, case_file, screen, "When did it burn?")
    assert case_file.read_text(encoding="utf-8") == CASES


def test_a_question_is_added_to_the_only_file_there_is_and_asks_which_of_several(
    mill_assistant: Assistant, tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.chdir(folder)
    add(mill_assistant, None, screen, "Who are you?", "c", "s")
    add(mill_assistant, None, screen, "Who are you?", "c", "n")
    assert [case.name for case in load_cases(folder / "questions.eval.yaml").cases] == [
        "who-are-you",
        "who-are-you-2",
    ]
    (folder / "more.eval.yaml").write_text(CASES)
    with pytest.raises(UsageError, match="several case files"):
        add(mill_assistant, None, screen, "Who are you?", "y")


@pytest.mark.usefixtures("mill_settings")
def test_the_command_exits_as_its_thresholds_say_and_adds_a_case_to_one_file(
    case_file: Path,
) -> None:
    assert run_alone(evaluate, str(case_file)).exit_code == 0
    missed = run_alone(evaluate, str(case_file), "--min", "pass_rate=1", "--max", "cases=0")
    assert missed.exit_code == 2  # no such metric
    assert run_alone(evaluate, str(case_file), "--min", "hit_rate_at_1=2").exit_code == 4
    two_files = run_alone(evaluate, "--new", "Why?", str(case_file), "b.eval.yaml")
    assert (two_files.exit_code, "only one" in two_files.stderr) == (2, True)


@pytest.mark.usefixtures("mill_settings")
def test_questions_of_an_evaluation_are_not_kept_as_those_of_readers(
    case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_KEEP_UNANSWERED", "true")
    run_alone(evaluate, str(case_file))
    with Assistant.open() as assistant:
        assert assistant.feedback() == []
