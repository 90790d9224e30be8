"""Editions of one document: which documents are, which is the newest, and how an answer names the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, Attribution, Chunk, Document, Hit
from assistant.answering.editions import edition_of, newest_edition
from assistant.reading.selection import Candidate
from assistant.types import Passage

POLICY = "This policy is valid for {year}. Every employee has {days} days of leave a year.\n"


def document(title: str, source: str = "a.md", date: str | None = None) -> Document:
    attribution = Attribution(date=date)
    return Document(source, source, title, "text", "0" * 64, "text/markdown", (), attribution)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (document("Leave policy 2021"), document("Leave policy 2023")),
        (document("Leave Policy, 2021"), document("Leave policy, 2023")),
        (document("Tarn v1.9 manual"), document("Tarn v1.10 manual")),
        (document("Release notes 3.4.2"), document("Release notes 3.5")),
        (document("Minutes", "minutes-2024-03-12.txt"), document("Minutes", "minutes-2024-04-09.txt")),
        (document("Rates", "a.md", "2023-05-01"), document("Rates", "b.md", "2024-01-31")),
    ],
)  # fmt: skip
def test_editions_have_one_name_and_an_order(older: Document, newer: Document) -> None:
    one, other = edition_of(older), edition_of(newer)
    assert one
    assert other
    assert one.name == other.name
    assert one.order < other.order


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (document("Leave policy 2021"), document("Travel policy 2023")),
        (document("1.2 Installing"), document("1.3 Removing")),
        (document("Handbook"), document("Handbook", "b.md")),
        (document("Plan for 12 rooms"), document("Plan for 14 rooms")),
    ],
)
def test_other_documents_are_no_editions(left: Document, right: Document) -> None:
    one, other = edition_of(left), edition_of(right)
    assert one is None or other is None or one.name != other.name


def candidate(of: Document, probability: float) -> Candidate:
    chunk = Chunk(of.id, of.id, 0, 4, "text")
    return Candidate(Passage(of, 0, 4), probability, Hit(chunk, 0.0))


OLD, NEW = document("Policy 2021", "old.md"), document("Policy 2023", "new.md")
OTHER = document("Handbook", "other.md")


def test_the_newest_edition_comes_first_and_the_others_are_named() -> None:
    found = [candidate(OLD, 0.95), candidate(OTHER, 0.93), candidate(NEW, 0.9)]
    chosen, editions = newest_edition(found, 0.8)
    assert [one.passage.document for one in chosen] == [NEW, OTHER]
    assert editions == ("Policy 2021",)


def test_a_newer_edition_that_hardly_answers_is_named_and_not_chosen() -> None:
    found = [candidate(OLD, 0.5), candidate(NEW, 0.06)]
    chosen, editions = newest_edition(found, 0.2)
    assert [one.passage.document for one in chosen] == [OLD]
    assert editions == ("Policy 2023",)


def test_without_editions_nothing_changes() -> None:
    found = [candidate(OTHER, 0.5), candidate(OLD, 0.4)]
    assert newest_edition(found, 0.2) == (found, ())
    assert newest_edition([], 0.2) == ([], ())


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("policies")
    (folder / "corpus").mkdir()
    for year, days in ((2021, 25), (2022, 26), (2023, 28)):
        text = f"# Leave policy {year}\n\n{POLICY.format(year=year, days=days)}"
        (folder / "corpus" / f"leave-{year}.md").write_text(text)
    with Assistant.open(corpus=folder / "corpus", index=folder / "index") as made:
        made.ingest()
        yield made


def test_a_question_without_a_year_is_answered_from_the_newest(policies: Assistant) -> None:
    answer = policies.ask("How many days of leave does an employee have?")
    assert "28 days" in answer.statements[0].text
    assert [citation.title for citation in answer.citations] == ["Leave policy 2023"]
    assert answer.notice == (
        "There are other versions of this document: Leave policy 2022; Leave policy 2021."
    )


def test_a_question_with_a_year_is_answered_from_that_edition_alone(policies: Assistant) -> None:
    answer = policies.ask("How many days of leave did an employee have in 2021?")
    assert "25 days" in answer.statements[0].text
    assert answer.notice == ""
