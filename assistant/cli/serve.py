"""``assistant serve``: bring the index up to date and serve the chat."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.assistant import Assistant
from assistant.cli.after_ingestion import find_starting_questions
from assistant.cli.console import ingestion_progress, print_note, print_report, standard_error
from assistant.cli.exit_codes import clear_errors, explain
from assistant.cli.model_choice import find_models
from assistant.cli.options import (
    ChatModelName,
    CorpusFolder,
    EmbeddingModel,
    IndexFolder,
    Verbose,
    Watch,
)
from assistant.cli.watch_log import WatchLog
from assistant.errors import (
    AssistantError,
    ChatModelError,
    CorpusError,
    IndexBusyError,
    StorageError,
)
from assistant.extras import check_extra
from assistant.interrupts import interruptible
from assistant.types import IngestReport

if TYPE_CHECKING:
    from assistant.web.server import Listening

_SECONDS_TO_STOP = 5
_SECONDS_TO_LOOK = 1.0
_SECONDS_TO_RETRY = 30


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on.", show_default="7860")
    ] = None,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    embedding_model: EmbeddingModel = None,
    model: ChatModelName = None,
    watch: Watch = False,
    verbose: Verbose = False,
) -> None:
    """Serve the chat, after building the index if it is missing or out of date."""
    with (
        clear_errors(verbose),
        Assistant.open(
            corpus=corpus,
            index=index,
            embedding_model=embedding_model,
            host=host,
            port=port,
            chat_model=model,
        ) as assistant,
    ):
        check_extra("chat")
        _prepare_language_model(assistant)
        _ingest_if_stale(assistant)
        with interruptible():
            from assistant.web import run_server  # takes a second

        with _watched(assistant) if watch else nullcontext():
            settings = assistant.settings
            run_server(assistant, settings.host, settings.port, notify=_announce, ends_process=True)


def _announce(listening: "Listening") -> None:
    if listening.warning:
        typer.echo(listening.warning, err=True)
    typer.echo(f"The chat is at {listening.address}  (press Ctrl-C to stop)")


def _prepare_language_model(assistant: Assistant) -> None:
    """Load the language model, or say which one was found although none is used."""
    settings = assistant.settings
    try:
        assistant.load_chat_model()
    except ChatModelError as error:
        explain(f"{error} Answers are quoted meanwhile.")
    if settings.chat_model is None and (usable := find_models(settings).usable):
        print_note(
            f"A language model was found and is not used: {usable[0]}. It could write the answers, "
            f"each sentence checked. Try it with: assistant model use {usable[0]}"
        )


def _ingest_if_stale(assistant: Assistant) -> None:
    """Ingest unless the index is up to date. If that fails, serve an index that can answer.

    An index in a folder that cannot be written is served as it is. The first index is waited for
    while another process makes it.
    """
    is_waiting = False
    while True:
        try:
            if assistant.status().stale:
                with ingestion_progress() as progress:
                    report = assistant.ingest(progress=progress)
                print_report(standard_error(), report)
                find_starting_questions(assistant)
            return
        except (CorpusError, StorageError) as error:
            if _can_answer(assistant):
                explain(f"{error} Serving the existing index.")
                return
            if isinstance(error, CorpusError) and assistant.settings.uploads:
                explain(f"{error} Serving without documents, since readers may add them.")
                return
            if not isinstance(error, IndexBusyError):
                raise
        if not is_waiting:
            print_note("Waiting for the first index, which another process makes")
        is_waiting = True
        time.sleep(_SECONDS_TO_LOOK)


def _can_answer(assistant: Assistant) -> bool:
    try:
        assistant.check()
        return bool(assistant.documents(limit=1))
    except StorageError:
        return False


@contextmanager
def _watched(assistant: Assistant) -> Iterator[None]:
    """Ingest changed documents in a thread."""
    stop = threading.Event()
    log = WatchLog(standard_error())

    def notify(report: IngestReport | AssistantError) -> None:
        log(report)
        if isinstance(report, IngestReport):
            find_starting_questions(assistant)

    def run() -> None:
        while not stop.is_set():
            try:
                assistant.watch(stop, notify)
            except AssistantError as error:
                log(error)
            stop.wait(_SECONDS_TO_RETRY)

    thread = threading.Thread(target=run, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_SECONDS_TO_STOP)
