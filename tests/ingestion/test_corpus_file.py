from pathlib import Path

import pytest

from assistant import CorpusError
from assistant.ingestion.corpus_file import read_corpus_file


def test_no_file_says_nothing(corpus: Path) -> None:
    found = read_corpus_file(corpus)
    assert found.info.title == ""
    assert found.documents == {}


def test_corpus_and_documents_are_described(corpus: Path) -> None:
    (corpus / "corpus.toml").write_text(
        """
        [corpus]
        title = "Manuals"
        questions = ["How?"]
        [documents."a/b.md"]
        author = "Ann"
        date = 2024-05-01
        licence = "CC BY 4.0"
        url = "https://example.org/b"
        """
    )
    found = read_corpus_file(corpus)
    assert found.info.questions == ("How?",)
    assert found.documents["a/b.md"].attribution.line == "by Ann · 2024-05-01 · CC BY 4.0"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[corpus]\ntitel = 'x'", "corpus.titel"),
        ("[documents.'a.md']\nurl = 'javascript:alert(1)'", "documents.a.md.url"),
        ("[corpus\n", "not valid TOML"),
        ("[corpus]\nquestions = 3", "corpus.questions"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_the_field(
    corpus: Path, content: str, named: str
) -> None:
    (corpus / "corpus.toml").write_text(content)
    with pytest.raises(CorpusError, match=r"corpus\.toml") as error:
        read_corpus_file(corpus)
    assert named in str(error.value)


def test_a_file_that_is_not_utf8_is_an_error(corpus: Path) -> None:
    (corpus / "corpus.toml").write_bytes(b"[corpus]\ntitle = '\xff'")
    with pytest.raises(CorpusError, match="not valid TOML"):
        read_corpus_file(corpus)
