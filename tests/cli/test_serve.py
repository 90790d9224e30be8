import threading
import time
from pathlib import Path

import pytest

from assistant import Assistant, CorpusError, load_settings
from assistant.cli import serve
from assistant.testing import WordEncoder
from assistant.web.server import Listening


def test_the_first_index_is_waited_for_while_another_process_makes_it(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus / "a.txt").write_text("The otter sleeps in the reeds.", encoding="utf-8")
    settings = load_settings(corpus=corpus, index=tmp_path / "index", reader="none")
    with Assistant(settings, WordEncoder()) as other, Assistant(settings, WordEncoder()) as served:
        starting = threading.Thread(target=serve._ingest_if_stale, args=(served,))
        with other._store.exclusively():
            starting.start()
            time.sleep(2.5)
            assert starting.is_alive()
        starting.join(30)
        assert [document.source for document in served.documents()] == ["a.txt"]
    assert capsys.readouterr().err.count("Waiting for the first index") == 1


def test_an_empty_corpus_is_served_where_readers_may_add_documents(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings(corpus=corpus, index=tmp_path / "index", reader="none")
    with Assistant(settings, WordEncoder()) as assistant, pytest.raises(CorpusError):
        serve._ingest_if_stale(assistant)
    allowed = settings.model_copy(update={"uploads": True})
    with Assistant(allowed, WordEncoder()) as assistant:
        serve._ingest_if_stale(assistant)
    assert "Serving without documents" in capsys.readouterr().err


@pytest.mark.parametrize("warning", ["", "Warning: other machines can reach 0.0.0.0."])
def test_the_address_is_printed_and_a_warning_apart_from_it(
    capsys: pytest.CaptureFixture[str], warning: str
) -> None:
    serve._announce(Listening("http://localhost:7860", warning))
    printed = capsys.readouterr()
    assert printed.out == "The chat is at http://localhost:7860  (press Ctrl-C to stop)\n"
    assert printed.err.strip() == warning
