"""``assistant worker``: read documents for ingestions that run elsewhere."""

from contextlib import suppress

from assistant.assistant import Assistant
from assistant.cli.console import counted, print_note, standard_output
from assistant.cli.exit_codes import clear_errors
from assistant.cli.options import CorpusFolder, EmbeddingModel, Verbose
from assistant.cli.termination import until_terminated
from assistant.errors import StorageError
from assistant.text.safe_display import safe_in_one_line, safe_line
from assistant.types import ReadingOutcome


def worker(
    corpus: CorpusFolder = None,
    embedding_model: EmbeddingModel = None,
    verbose: Verbose = False,
) -> None:
    """Read documents for ingestions that run elsewhere, over the same database and documents."""

    def notify(found: ReadingOutcome | StorageError) -> None:
        if isinstance(found, StorageError):
            print_note(f"{found} Waiting for it.")
        else:
            standard_output().print(_line(found), markup=False, highlight=False)

    with (
        clear_errors(verbose),
        Assistant.open(corpus=corpus, embedding_model=embedding_model) as assistant,
        until_terminated() as stop,
        suppress(KeyboardInterrupt),
    ):
        print_note("Waiting for documents to read (press Ctrl-C to stop)")
        assistant.work(stop, notify)


def _line(outcome: ReadingOutcome) -> str:
    source = safe_line(outcome.source)
    if outcome.reason:
        return f"{source}: skipped, {safe_in_one_line(outcome.reason)}"
    notes = f", {safe_in_one_line(outcome.notes)}" if outcome.notes else ""
    return f"{source}: {counted(outcome.embedded, 'text')} embedded{notes}"
