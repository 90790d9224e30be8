"""Retrieval within one document or folder: as many passages as there are, and none from outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Settings, Status, Turn, UsageError
from assistant.retrieval.scope import find_scope, folders
from assistant.testing import WordEncoder
from assistant.types import DocumentSummary

SOURCES = ["readme.txt", "hr/leave.md", "hr/pay/rates.md", "hr-old/leave.md", "it/Zürich plan.md"]


def summaries(*sources: str) -> list[DocumentSummary]:
    return [
        DocumentSummary(f"id of {source}", source, source, "0" * 64, "text/plain", 9)
        for source in sources
    ]


@pytest.fixture
def library(corpus: Path, tmp_path: Path, word_encoder: WordEncoder) -> Iterator[Assistant]:
    """Two hundred documents that answer like the query, and one in a folder that does less."""
    for number in range(200):
        (corpus / f"loud-{number:03}.txt").write_text(f"The heron nests here, pair {number}.")
    (corpus / "quiet").mkdir()
    paragraphs = [f"Otter number {n} swims past some nests of reed." for n in range(30)]
    (corpus / "quiet" / "otters.txt").write_text("\n\n".join(paragraphs))
    (corpus / "quiet" / "voles.txt").write_text("Voles dig.")
    settings = Settings(
        corpus=corpus, index=tmp_path / "index", chunk_tokens=16, chunk_overlap=0, reader="none"
    )
    with Assistant(settings, word_encoder) as assistant:
        assistant.ingest()
        yield assistant


def sources_of(assistant: Assistant, answer: Answer) -> set[str]:
    return {citation.source for citation in (*answer.citations, *answer.closest)}


def test_a_document_and_a_folder_are_found_by_their_paths() -> None:
    known = summaries(*SOURCES)
    assert find_scope("readme.txt", known).documents == {"id of readme.txt"}
    folder = find_scope("hr", known)
    assert folder.path == "hr/"
    assert folder.documents == {"id of hr/leave.md", "id of hr/pay/rates.md"}


@pytest.mark.parametrize(
    "path", ["hr/pay", "hr/pay/", "./hr/pay", "hr\\pay", " hr//pay ", "hr/pay/rates.md"]
)
def test_a_path_may_be_written_as_people_write_it(path: str) -> None:
    assert find_scope(path, summaries(*SOURCES)).documents == {"id of hr/pay/rates.md"}


def test_a_name_is_found_in_either_form_of_its_letters() -> None:
    decomposed = "it/Zu\u0308rich plan.md"
    assert find_scope(decomposed, summaries(*SOURCES)).path == "it/Zürich plan.md"
    assert find_scope(SOURCES[-1], summaries(decomposed)).path == decomposed


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("hr/leaf.md", "hr/leave.md"),
        ("HR/LEAVE.MD", "hr/leave.md"),
        ("rates.md", "hr/pay/rates.md"),
        ("pay", "hr/pay/"),
        ("hr-odl", "hr-old/"),
    ],
)
def test_an_unknown_path_is_an_error_that_names_near_ones(path: str, near: str) -> None:
    with pytest.raises(UsageError, match="There is no document or folder") as raised:
        find_scope(path, summaries(*SOURCES))
    assert near in str(raised.value).split("Similar paths: ")[1]


@pytest.mark.parametrize("path", ["..", "../hr", "%", "*", "h", "hr/leave", "x" * 9000, "\0"])
def test_nothing_but_a_path_of_the_index_is_one(path: str) -> None:
    with pytest.raises(UsageError) as raised:
        find_scope(path, summaries(*SOURCES))
    assert len(str(raised.value)) < 600


@pytest.mark.parametrize("path", ["", ".", "./", "/"])
def test_the_path_of_the_corpus_itself_is_all_of_it(path: str) -> None:
    scope = find_scope(path, summaries(*SOURCES))
    assert (scope.path, len(scope.documents)) == ("", len(SOURCES))


def test_folders_are_all_that_documents_lie_in() -> None:
    assert folders(SOURCES) == ["hr-old/", "hr/", "hr/pay/", "it/"]


@pytest.mark.parametrize("within", ["quiet", "quiet/otters.txt"])
def test_as_many_passages_are_found_within_a_small_part_as_were_asked_for(
    library: Assistant, within: str
) -> None:
    everywhere = library.retrieve("The heron nests here", top_k=10)
    assert all(hit.chunk.text.startswith("The heron") for hit in everywhere)
    hits = library.retrieve("The heron nests here", top_k=25, within=within)
    assert len({hit.chunk.id for hit in hits}) == 25
    assert sum(hit.dense_rank is not None for hit in hits) == 25
    assert sum(hit.keyword_rank is not None for hit in hits) >= 24
    of = {library.document(hit.chunk.document_id).source for hit in hits}
    assert of <= {"quiet/otters.txt", "quiet/voles.txt"}


def test_the_retriever_of_a_part_keeps_to_it(library: Assistant) -> None:
    found = library.as_retriever(top_k=3, within="quiet/voles.txt").invoke("The heron nests here")
    assert [one.metadata["source"] for one in found] == ["quiet/voles.txt"]


def test_an_answer_within_a_part_says_so_and_cites_nothing_else(library: Assistant) -> None:
    answer = library.ask("Where does the heron nest?", within="quiet/")
    assert answer.within == "quiet/"
    assert sources_of(library, answer) <= {"quiet/otters.txt", "quiet/voles.txt"}
    *_, streamed = library.stream("Where does the heron nest?", within="quiet")
    assert streamed.within == "quiet/"
    assert library.ask("Where does the heron nest?").within == ""


def test_what_only_another_document_answers_is_not_found_within_this_one(
    library: Assistant,
) -> None:
    assert library.ask("Where does the heron nest?").status is Status.ANSWERED
    answer = library.ask("Where does the heron nest?", within="quiet/voles.txt")
    assert answer.status is Status.NOT_FOUND


def test_a_digest_is_of_the_part_alone(library: Assistant) -> None:
    answer = library.ask("What is this about?", within="quiet/otters.txt")
    assert answer.status is Status.ANSWERED
    assert sources_of(library, answer) == {"quiet/otters.txt"}


def test_a_question_about_the_document_is_about_the_one_chosen(
    corpus: Path, tmp_path: Path, word_encoder: WordEncoder
) -> None:
    for name in ("Anna", "Berta", "Clara", "Dora", "Emma"):
        (corpus / f"{name}.txt").write_text(f"On birds\n\nBy {name} Berg\n\nBirds fly.\n")
    with Assistant(Settings(corpus=corpus, index=tmp_path / "index"), word_encoder) as assistant:
        assistant.ingest()
        assert assistant.ask("Who wrote this?").status is Status.NOT_FOUND
        assert "Clara Berg" in assistant.ask("Who wrote this?", within="Clara.txt").text


def test_a_conversation_about_another_document_is_not_read_from_there(library: Assistant) -> None:
    first = library.ask("Where does the heron nest?")
    assert first.citations
    for question in ("And when was that?", "Who wrote this?", "What is it about?"):
        answer = library.ask(question, [Turn(first.question, first)], within="quiet")
        assert sources_of(library, answer) <= {"quiet/otters.txt", "quiet/voles.txt"}


def test_an_unknown_part_is_refused_before_anything_is_read(library: Assistant) -> None:
    for use in (
        lambda: library.ask("Where?", within="quiet/otter.txt"),
        lambda: library.retrieve("Where?", within="quiet/otter.txt"),
        lambda: list(library.stream("Where?", within="quiet/otter.txt")),
    ):
        with pytest.raises(UsageError, match=r"quiet/otters\.txt"):
            use()
