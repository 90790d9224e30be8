"""Case files as tests: collected, selected, failing readably, and free where there are none."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.evaluation import pytest_plugin
from tests.evaluation.fakes import TEXT

pytest_plugins = ["pytester"]

PLUGIN = pytest_plugin.__name__
CASES = """cases:
  - question: When was the mill built?
    tags: [mill]
    expect: {contains: 1851, cites: The mill was built in 1851.}
  - id: wrong
    question: When did it burn down?
    expect: {contains: 1921}
"""


def installed() -> bool:
    """Whether pytest finds the plugin by itself."""
    return bool(importlib.metadata.entry_points(group="pytest11", name="assistant"))


@pytest.fixture
def project(pytester: pytest.Pytester, quick_models: None) -> pytest.Pytester:
    """A project with a corpus in its usual place, and nothing else."""
    (pytester.path / "docs_corpus").mkdir()
    (pytester.path / "docs_corpus" / "mill.txt").write_text(TEXT, encoding="utf-8")
    return pytester


def case_file(project: pytest.Pytester, text: str = CASES, name: str = "site") -> None:
    (project.path / f"{name}.eval.yaml").write_text(text, encoding="utf-8")


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    plugin = () if installed() else ("-p", PLUGIN)
    return project.runpytest_inprocess(*plugin, "-p", "no:cacheprovider", *arguments)


def test_each_case_is_a_test_with_a_readable_failure(project: pytest.Pytester) -> None:
    case_file(project)
    result = run(project, "-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*site.eval.yaml::when-was-the-mill-built PASSED*",
            "*site.eval.yaml::wrong FAILED*",
            "Question:   When did it burn down?",
            "Expected:   contains: “1921”",
            "Answered:   (*",
            "Diagnosis:  *",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    assert (project.path / "index").is_dir()


def test_cases_are_selected_by_name_and_tag_and_x_stops(project: pytest.Pytester) -> None:
    case_file(project)
    run(project, "-k", "wrong").assert_outcomes(failed=1, deselected=1)
    run(project, "-k", "mill and not wrong").assert_outcomes(passed=1, deselected=1)
    case_file(project, CASES.replace("1851,", "1852,"))
    run(project, "-x").assert_outcomes(failed=1)


def test_thresholds_are_a_test_of_their_own_even_if_selected_alone(
    project: pytest.Pytester,
) -> None:
    case_file(project, f"thresholds: {{pass_rate: 0.5}}\n{CASES}")
    run(project).assert_outcomes(passed=2, failed=1)
    run(project, "-k", "thresholds").assert_outcomes(passed=1, deselected=2)
    case_file(project, f"thresholds: {{pass_rate: 0.6, token_f1: 0.1}}\n{CASES}")
    result = run(project, "-k", "thresholds")
    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(
        [
            "pass_rate is 0.5, and must be at least 0.6",
            "token_f1 is not measured by any case, and must be at least 0.1",
        ]
    )


def test_thresholds_alone_decide_where_failing_cases_are_expected_to(
    project: pytest.Pytester,
) -> None:
    case_file(project, f"thresholds: {{pass_rate: 0.5}}\n{CASES}")
    run(project, "--assistant-failing=xfail").assert_outcomes(passed=2, xfailed=1)
    project.makeini("[pytest]\nassistant_failing = xfail\n")
    run(project).assert_outcomes(passed=2, xfailed=1)
    run(project, "--assistant-failing=fail").assert_outcomes(passed=2, failed=1)
    case_file(project)
    run(project).assert_outcomes(passed=1, failed=1)


def test_results_are_written_for_build_servers(project: pytest.Pytester) -> None:
    case_file(project)
    run(project, "--junitxml=report.xml")
    report = (project.path / "report.xml").read_text(encoding="utf-8")
    assert 'tests="2"' in report
    assert 'failures="1"' in report
    assert "When did it burn down?" in report


def test_a_wrong_case_file_is_an_error_of_collection_without_a_traceback(
    project: pytest.Pytester,
) -> None:
    case_file(project, "cases:\n  - question: A\n    expect: {contain: b}\n")
    result = run(project)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*site.eval.yaml:3: cases?0?.expect.contain: *did you mean 'contains'*"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_quote_that_is_not_there_fails_before_anything_is_asked(
    project: pytest.Pytester,
) -> None:
    case_file(project, CASES.replace("The mill was built in 1851.", "The mill was made in 1851."))
    result = run(project)
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*site.eval.yaml:4: *the closest passage is mill.txt, line 1*"])


def test_corpus_index_and_engine_are_options(project: pytest.Pytester) -> None:
    case_file(project)
    (project.path / "docs_corpus").rename(project.path / "texts")
    result = run(project, "--assistant-corpus=texts", "--assistant-index=built", "-k", "mill")
    result.assert_outcomes(passed=2 - 1, deselected=1)
    assert (project.path / "built").is_dir()
    assert not (project.path / "index").exists()
    result = run(project, "--assistant-corpus=texts", "--assistant-engine=psychic", "-k", "mill")
    result.assert_outcomes(failed=1, deselected=1)
    result.stdout.fnmatch_lines(["*no engine 'psychic'*"])


def test_a_file_may_bring_its_own_corpus(project: pytest.Pytester) -> None:
    (project.path / "docs_corpus").rename(project.path / "texts")
    case_file(project, f"corpus: texts\n{CASES}")
    run(project).assert_outcomes(passed=1, failed=1)
    assert not (project.path / "index").exists()


def test_people_ask_in_tests_of_their_own(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_asks(assistant):
            assert "1851" in assistant.ask("When was the mill built?").text

        def test_holds(check_answer):
            check_answer("When was the mill built?", contains="1851", cites="built in 1851")

        def test_fails(check_answer):
            check_answer("When was the mill built?", contains="1852")
        """
    )
    result = run(project)
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["Expected:   contains: “1852”"])


def test_nothing_heavy_is_imported_where_there_are_no_case_files(tmp_path: Path) -> None:
    (tmp_path / "test_heavy.py").write_text(
        "import sys\n"
        "def test_imports():\n"
        "    heavy = {'torch', 'chromadb', 'sentence_transformers', 'jinja2', 'ruamel',\n"
        "             'assistant.evaluation.runner', 'assistant.evaluation.cases.case_model'}\n"
        "    assert not heavy & set(sys.modules)\n"
    )
    plugin = [] if installed() else ["-p", PLUGIN]
    command = [sys.executable, "-m", "pytest", "-q", *plugin, "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_questions_of_cases_are_not_kept_as_those_of_readers(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_KEEP_UNANSWERED", "true")
    case_file(project, 'cases: [{question: "Who is the raven king?", expect: {status: not_found}}]')
    run(project).assert_outcomes(passed=1)
    assert not (project.path / "index" / "feedback.sqlite3").exists()


@pytest.mark.parametrize(
    ("name", "is_collected"),
    [("site.eval.yaml", True), ("site.yaml", False), ("site.eval.yml", False), ("a.py", False)],
)
def test_only_case_files_are_collected(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, is_collected: bool
) -> None:
    found = pytest_plugin.pytest_collect_file(tmp_path / name, request.session)
    assert isinstance(found, pytest_plugin.CaseFileCollector) == is_collected
