import os
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
        ("[corpus]\ntitel = 'x'", "corpus.titel (line 2): is not a known field"),
        (
            "# one\n\n[documents.'a.md']\nurl = 'javascript:alert(1)'",
            "documents.a.md.url (line 4): must begin with https://",
        ),
        ("[corpus]\ndescription = '''\n[a]\n'''\nquestions = 3", "corpus.questions (line 5)"),
        ("[corpus]\nquestions = [\n'a',\n3]\n", "corpus.questions.1 (line 2)"),
        ("[corpus]\r\ntitle = 3\r\n", "corpus.title (line 2): must be text"),
        ("documents = {'a.md' = {title = 3}}", "documents.a.md.title (line 1)"),
        ("\n[[corpus]]\n", "corpus (line 2): must be a table"),
        ("\ncorpus = 3", "corpus (line 2): must be a table"),
        (".".join("a" * 1000) + " = 1", "a (line 1)"),
        (
            "\n[corpus\n",
            "not valid TOML: Expected ']' at the end of a table declaration (at line 2",
        ),
        ("[corpus]\ntitle = 'x'\ndescription = '''\n\n", "(at line 3, the end of the file)"),
        ("[corpus]\nquestions = " + "[" * 1000 + "]" * 1000, "nested too deeply (at line 2)"),
        ("\n\n[corpus]\ntitle = " + "9" * 5000, "(at line 4)"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_the_field_and_the_line(
    corpus: Path, content: str, named: str
) -> None:
    (corpus / "corpus.toml").write_bytes(content.encode())
    with pytest.raises(CorpusError, match=r"corpus\.toml") as error:
        read_corpus_file(corpus)
    assert named in str(error.value)


def test_of_very_many_mistakes_the_first_are_named_and_the_rest_counted(corpus: Path) -> None:
    (corpus / "corpus.toml").write_text("".join(f"wrong{n} = 1\n" for n in range(500)))
    with pytest.raises(CorpusError, match=r"wrong9 \(line 10\).*; and 490 more") as error:
        read_corpus_file(corpus)
    assert "wrong10 " not in str(error.value)


def test_a_pipe_is_an_error_and_not_waited_for(corpus: Path) -> None:
    os.mkfifo(corpus / "corpus.toml")
    with pytest.raises(CorpusError, match=r"corpus\.toml cannot be read: it is not a regular file"):
        read_corpus_file(corpus)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no such devices")
def test_a_device_is_an_error_and_not_read(corpus: Path) -> None:
    (corpus / "corpus.toml").symlink_to("/dev/zero")
    with pytest.raises(CorpusError, match="not a regular file"):
        read_corpus_file(corpus)


def test_a_huge_file_is_an_error_and_not_read(corpus: Path) -> None:
    (corpus / "corpus.toml").touch()
    os.truncate(corpus / "corpus.toml", 2**40)
    with pytest.raises(CorpusError, match="larger than 10,000,000 bytes"):
        read_corpus_file(corpus)


def test_a_file_that_is_not_utf8_is_an_error(corpus: Path) -> None:
    (corpus / "corpus.toml").write_bytes(b"[corpus]\ntitle = '\xff'")
    with pytest.raises(CorpusError, match="not valid TOML: line 2 is not UTF-8"):
        read_corpus_file(corpus)
