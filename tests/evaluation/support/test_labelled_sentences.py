"""The labelled sentences, and what is reported of the check of written sentences on them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from assistant import Assistant, Encoder, Settings
from assistant.cli.evaluation_run import Options, run_evaluation
from assistant.errors import UsageError
from assistant.evaluation.cases.case_model import CaseFileError
from assistant.evaluation.support.labelled_sentences import (
    LabelledSentence,
    find_support_files,
    labelled_sentences,
    load_support_file,
)
from assistant.evaluation.support.support_report import (
    CheckedSentence,
    Share,
    SupportReport,
    check_sentences,
)
from tests.conftest import REPOSITORY

FILES = find_support_files([REPOSITORY / "tests" / "evaluation"])


def labelled(kind: str, *, supported: bool, held_out: bool = False) -> LabelledSentence:
    return LabelledSentence("A sentence.", kind, supported, held_out, "d", 0, 5)


def judged(kind: str, *, supported: bool, said: bool, held_out: bool = False) -> CheckedSentence:
    return CheckedSentence(labelled(kind, supported=supported, held_out=held_out), said, "")


REPORT = SupportReport(
    (
        judged("number", supported=False, said=False),
        judged("number", supported=False, said=True),
        judged("name", supported=False, said=False, held_out=True),
        judged("paraphrase", supported=True, said=True),
        judged("paraphrase", supported=True, said=False),
    )
)


def test_recall_is_of_the_unsupported_and_precision_of_those_called_so() -> None:
    assert REPORT.recall(held_out=False) == Share(1, 2)
    assert REPORT.precision(held_out=False) == Share(1, 2)
    assert REPORT.recall(held_out=True) == Share(1, 1)
    assert REPORT.precision(held_out=True) == Share(1, 1)


def test_each_kind_is_counted_by_itself_and_by_half() -> None:
    assert REPORT.kinds(supported=False) == ["name", "number"]
    assert REPORT.rightly_judged("number", supported=False, held_out=False) == Share(1, 2)
    assert REPORT.rightly_judged("name", supported=False, held_out=False) == Share(0, 0)
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


def test_the_interval_is_wilsons() -> None:
    assert Share(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    low, high = Share(10, 10).interval or (0, 0)
    assert low == pytest.approx(0.7225, abs=1e-4)
    assert high == pytest.approx(1.0)


@pytest.fixture(scope="module")
def handbook_assistant(
    encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    corpus = REPOSITORY / "tests" / "evaluation" / "handbook"
    settings = Settings(corpus=corpus, index=tmp_path_factory.mktemp("handbook") / "index")
    with Assistant(settings, encoder) as assistant:
        assistant.ingest()
        yield assistant


def sentences_of(assistant: Assistant, path: Path) -> list[LabelledSentence]:
    documents = [assistant.document(summary.id) for summary in assistant.documents()]
    return labelled_sentences(load_support_file(path), {one.source: one for one in documents})


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if not path.name.startswith("portraits")],
    ids=lambda path: path.name,
)
def test_every_changed_value_that_the_passage_lacks_is_caught(
    path: Path, article_assistant: Assistant, handbook_assistant: Assistant
) -> None:
    assistant = article_assistant if path.name.startswith("article") else handbook_assistant
    changed = [
        one
        for one in sentences_of(assistant, path)
        if one.changed and one.kind in ("number", "date", "name")
    ]
    assert len(changed) > 50
    assert [one.labelled.text for one in check_sentences(assistant, changed) if not one.right] == []


def test_few_claims_over_headings_and_scraps_are_let_through(
    encoder: Encoder, tmp_path: Path
) -> None:
    """Half of what no sentence says is subtle: a role, a place. Headings carry next to nothing."""
    folder = REPOSITORY / "tests" / "evaluation"
    settings = Settings(corpus=folder / "portraits", index=tmp_path / "index", reader="none")
    with Assistant(settings, encoder) as assistant:
        assistant.ingest()
        sentences = sentences_of(assistant, folder / "portraits.support.yaml")
        checked = list(check_sentences(assistant, sentences))
    passed = [one.labelled for one in checked if one.supported]
    assert sum(one.supported for one in passed) >= 41
    assert sum(one.kind == "heading" for one in passed) <= 5
    assert sum(not one.supported for one in passed) <= 66


def test_what_is_put_in_anothers_place_is_not_let_through(encoder: Encoder, tmp_path: Path) -> None:
    folder = REPOSITORY / "tests" / "evaluation"
    settings = Settings(corpus=folder / "handbook", index=tmp_path / "index", reader="none")
    with Assistant(settings, encoder) as assistant:
        assistant.ingest()
        sentences = sentences_of(assistant, folder / "handbook.support.yaml")
        checked = list(check_sentences(assistant, sentences))
    swaps = [one for one in checked if one.labelled.kind == "swap"]
    supported = [one for one in checked if one.labelled.supported]
    assert sum(one.supported for one in swaps) <= len(swaps) // 5
    assert sum(one.supported for one in supported) >= 0.93 * len(supported)


def small_file(folder: Path, text: str) -> Path:
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / "otters.txt").write_text("Otters eat 12 crabs.\nThey swim.\n")
    path = folder / "otters.support.yaml"
    path.write_text(text, encoding="utf-8")
    return path


GOOD = """
corpus: corpus
groups:
  - document: otters.txt
    passage: Otters eat
    supported: {paraphrase: [Otters eat twelve crabs.]}
    unsupported: {number: [{text: Otters eat 13 crabs., changed: "13"}]}
"""


def test_the_evaluation_reports_them_in_the_terminal_as_json_and_as_a_page(
    tmp_path: Path, encoder: Encoder
) -> None:
    path = small_file(tmp_path, GOOD)
    settings = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", reader="none")
    console = Console(record=True, width=120)
    options = Options(json_file=tmp_path / "r.json", html_file=tmp_path / "r.html")
    with Assistant(settings, encoder) as assistant:
        assert run_evaluation(assistant, [path], options, console) == 0
    told = json.loads((tmp_path / "r.json").read_text())["support"]
    assert told["recall"]["tuned"]["count"] == 1
    assert "Unsupported sentences flagged" in console.export_text()
    assert "Support check on labelled sentences" in (tmp_path / "r.html").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("groups: []", "corpus"),
        (GOOD.replace("corpus: corpus", "corpus: nowhere"), "does not exist"),
        (GOOD.replace("otters.txt", "zebras.txt"), "no document 'zebras.txt'"),
        (GOOD.replace("Otters eat\n", "Zebras eat\n"), "does not contain 'Zebras eat'"),
        (
            GOOD.replace("supported: {para", "claimed: {para"),
            "otters.support.yaml:6: groups.0.claimed",
        ),
        ("[", "otters.support.yaml:1: invalid YAML"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(
    tmp_path: Path, encoder: Encoder, text: str, said: str
) -> None:
    path = small_file(tmp_path, text)
    settings = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", reader="none")
    with Assistant(settings, encoder) as assistant:
        with pytest.raises(CaseFileError, match=said):
            run_evaluation(assistant, [path], Options(), Console(quiet=True))


def test_a_passage_outside_the_document_cannot_be_checked(article_assistant: Assistant) -> None:
    (summary,) = article_assistant.documents()
    with pytest.raises(UsageError, match="has no passage"):
        article_assistant.check_support("Otters swim.", summary.id, 5, 10**9)
