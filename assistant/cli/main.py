"""The command line: ``assistant ingest | ask | serve | status | evaluate | feedback | widget``."""

import json
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import ingestion_progress, print_answer, print_report
from assistant.cli.feedback import chosen, parse_time, print_feedback
from assistant.cli.feedback import delete as delete_feedback
from assistant.errors import (
    AssistantError,
    CorpusError,
    IndexBusyError,
    IndexMissingError,
    QuestionError,
    UsageError,
)
from assistant.settings import load_settings
from assistant.text.safe_display import safe
from assistant.types import Answer, IndexStatus, IngestReport, Status, Turn
from assistant.web.widget.snippet import (
    POSITIONS,
    THEMES,
    WIDGET_OFF,
    Position,
    Theme,
    advice,
    server_address,
    snippet,
)

EXIT_ERROR = 1
EXIT_NOT_FOUND = 3
EXIT_INTERRUPTED = 130
_SECONDS_TO_STOP = 5
_SUMMARY = "Answers from your documents; every statement cites the exact passage it rests on."
_EPILOG = (
    "Settings come from ASSISTANT_* variables, then assistant.toml, then defaults; see the README. "
    "Exit codes: 0 answered or done, 3 not found in the documents, 4 a threshold is missed, "
    "2 wrong usage, 1 error."
)

app = typer.Typer(
    name="assistant",
    help=_SUMMARY,
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CorpusFolder = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of the documents. [default: docs_corpus]")
]
IndexFolder = Annotated[
    Path | None, typer.Option("--index", help="Folder of the index. [default: index]")
]
Model = Annotated[
    str | None,
    typer.Option(
        "--embedding-model",
        help="A sentence-transformers name or path. [default: the bundled all-MiniLM-L6-v2]",
    ),
]
ChatModelName = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="A language model that writes the answers, as provider:model. [default: none]",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the traceback of an error.")]
Watch = Annotated[
    bool, typer.Option("--watch", help="Take up changes of the documents as they come.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Answers from your documents; every statement cites the exact passage it rests on."""
    if version:
        from assistant import __version__

        typer.echo(f"assistant {__version__}")
        raise typer.Exit


@app.command()
def ingest(
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    embedding_model: Model = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Embed everything anew, also with other settings.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if any file had to be skipped.")
    ] = False,
    watch: Watch = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Bring the index to the state of the documents; only what changed is embedded."""
    with _clear_errors(verbose), _opened(corpus, index, embedding_model) as assistant:
        if watch:
            if rebuild or strict:
                raise UsageError("--watch goes with neither --rebuild nor --strict.")
            _note(f"Watching {assistant.settings.corpus} (Ctrl-C ends it)")
            with _until_terminated() as stop, suppress(KeyboardInterrupt):
                assistant.watch(stop, _watching(_console(), as_json))
            return
        with ingestion_progress() as progress:
            report = assistant.ingest(rebuild=rebuild, progress=progress)
        if as_json:
            _print_json(asdict(report))
        else:
            print_report(_console(), report)
        if strict and report.skipped:
            raise typer.Exit(EXIT_ERROR)


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question; without one, a conversation begins.")
    ] = None,
    within: Annotated[
        str | None,
        typer.Option("--in", metavar="PATH", help="Ask one document or folder of the documents."),
    ] = None,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    embedding_model: Model = None,
    as_json: AsJson = False,
    model: ChatModelName = None,
    verbose: Verbose = False,
) -> None:
    """Answer a question with numbered quotes and where they stand."""
    with (
        _clear_errors(verbose),
        _opened(corpus, index, embedding_model, chat_model=model) as assistant,
    ):
        within = _below_corpus(assistant, within)
        if question is None:
            _converse(assistant, within, as_json)
            return
        answer = assistant.ask(question, within=within)
        _show(assistant, answer, as_json)
        if answer.status == Status.NOT_FOUND:
            raise typer.Exit(EXIT_NOT_FOUND)


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on. [default: 7860]")
    ] = None,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    embedding_model: Model = None,
    model: ChatModelName = None,
    watch: Watch = False,
    verbose: Verbose = False,
) -> None:
    """Serve the chat; the index is built first if it is missing or stale."""
    with (
        _clear_errors(verbose),
        _opened(
            corpus, index, embedding_model, host=host, port=port, chat_model=model
        ) as assistant,
    ):
        assistant.load_chat_model()
        _ingest_if_stale(assistant)
        from assistant.web import run_server  # Gradio takes seconds to import

        with _watched(assistant) if watch else nullcontext():
            run_server(assistant, assistant.settings.host, assistant.settings.port)


@app.command()
def status(
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """What the index holds, and whether the documents have changed since."""
    with _clear_errors(verbose), _opened(corpus, index, None) as assistant:
        found = assistant.status()
        if as_json:
            _print_json(asdict(found))
        else:
            _print_status(found)


@app.command()
def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Case files or folders of them. [default: all *.eval.yaml below here]"),
    ] = None,
    minimum: Annotated[
        list[str] | None,
        typer.Option("--min", help="Threshold, as answer_accuracy=0.9; repeatable."),
    ] = None,
    maximum: Annotated[
        list[str] | None,
        typer.Option("--max", help="The same where less is better: latency_p95=1."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="An older report (--json) to compare with, case by case.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            help="extractive, or generative with a --model. [default: generative if there is one]"
        ),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the report as JSON.")
    ] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", help="Write the report as a page.")
    ] = None,
    new: Annotated[
        str | None, typer.Option("--new", help="Ask this, and add a case made of it to the file.")
    ] = None,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    embedding_model: Model = None,
    model: ChatModelName = None,
    verbose: Verbose = False,
) -> None:
    """Ask the questions of case files and report how well they are answered."""
    with (
        _clear_errors(verbose),
        # no reader asks these questions
        _opened(
            corpus, index, embedding_model, keep_unanswered=False, chat_model=model
        ) as assistant,
    ):
        if new is not None:
            from assistant.evaluation.cases.drafting import add_case  # needed by this command alone

            if files and len(files) > 1:
                raise UsageError("--new adds to one file; name one.")
            # `input`, not console.input: rich would read [y] as markup
            add_case(assistant, new, files[0] if files else None, _console(), input)
            return
        from assistant.cli.evaluate import Options, run_evaluation  # by this command alone

        options = Options(
            tuple(minimum or ()), tuple(maximum or ()), engine, baseline, json_file, html_file
        )
        raise typer.Exit(run_evaluation(assistant, files or [], options, _console()))


@app.command()
def feedback(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Which ones; the beginning of an id will do."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="From a date on, or of the last 12h, 7d, 4w.")
    ] = None,
    as_json: AsJson = False,
    export_cases: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a new *.eval.yaml with a draft for each question."
        ),
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete the ones named, or see --all and --before.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="With --delete: all of them.")] = False,
    before: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="With --delete: those from before a date, or 30d ago."),
    ] = None,
    sure: Annotated[bool, typer.Option("--yes", help="With --delete: do not ask first.")] = False,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    verbose: Verbose = False,
) -> None:
    """What readers said of answers: list it, make cases of it, delete it."""
    with _clear_errors(verbose), _opened(corpus, index, None) as assistant:
        first, until = parse_time(since, "--since"), parse_time(before, "--before")
        if delete:
            if bool(ids) == (everything or until is not None) or first or export_cases or as_json:
                raise UsageError("--delete takes ids, or --all, or --before, and --yes besides.")
            delete_feedback(assistant, ids or [], until, sure, _console())
            return
        if everything or until or sure:
            raise UsageError("--all, --before and --yes go with --delete.")
        records = chosen(assistant.feedback(first), ids or [])
        if export_cases:
            from assistant.evaluation.cases.from_feedback import (
                export_cases as export,
            )  # this alone

            count = export(assistant, records, export_cases)
            _console().print(Text(f"{count} drafts in {export_cases}."), soft_wrap=True)
        elif as_json:
            _print_json([record.to_dict() for record in records])
        else:
            print_feedback(_console(), records)


@app.command()
def widget(
    url: Annotated[
        str | None,
        typer.Option(help="Address at which readers reach the server. [default: where it listens]"),
    ] = None,
    heading: Annotated[str, typer.Option(help="What the button says.")] = "",
    placeholder: Annotated[str, typer.Option(help="Shown in the empty question box.")] = "",
    greeting: Annotated[str, typer.Option(help="Shown above the suggestions.")] = "",
    questions: Annotated[
        list[str] | None, typer.Option("--question", help="A suggested question; repeatable.")
    ] = None,
    position: Annotated[
        Position, typer.Option(help="Corner of the page.", show_default=False)
    ] = "bottom-right",
    theme: Annotated[
        Theme, typer.Option(help="Looks; auto is the reader's choice.", show_default=False)
    ] = "auto",
    accent: Annotated[str, typer.Option(metavar="COLOUR", help="Any colour of CSS.")] = "",
    opened: Annotated[bool, typer.Option("--open", help="Open from the start.")] = False,
    verbose: Verbose = False,
) -> None:
    """Print the line that puts the chat on a page, and what else it needs."""
    with _clear_errors(verbose):
        settings = load_settings()
        if settings.chat_password is not None:
            raise UsageError(WIDGET_OFF)
        server = server_address(settings, url)
        attributes = {
            "heading": heading,
            "placeholder": placeholder,
            "greeting": greeting,
            "questions": " | ".join(questions or ()),
            "position": "" if position == POSITIONS[0] else position,
            "theme": "" if theme == THEMES[0] else theme,
            "accent": accent,
        }
        typer.echo(safe(snippet(server, attributes, is_open=opened)))
        for words in advice(settings, server):
            _console(stderr=True).print(Text(safe(words), style="dim"), soft_wrap=True)


def run() -> None:
    """The ``assistant`` command."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)


@contextmanager
def _opened(
    corpus: Path | None, index: Path | None, embedding_model: str | None, **others: Any
) -> Iterator[Assistant]:
    with Assistant.open(
        corpus=corpus, index=index, embedding_model=embedding_model, **others
    ) as assistant:
        yield assistant


@contextmanager
def _clear_errors(verbose: bool) -> Iterator[None]:
    """Turn what is raised into a line or two and an exit code."""
    try:
        yield
    except AssistantError as error:
        _explain(str(error), verbose)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except Exception as error:  # the outermost border: what comes here is a bug, and said so
        _explain(
            f"Something went wrong inside: {type(error).__name__}: {error}. "
            "Run the command again with --verbose for what to report.",
            verbose,
        )
        raise typer.Exit(EXIT_ERROR) from None


def _explain(message: str, verbose: bool) -> None:
    if verbose:
        print(safe(traceback.format_exc()), file=sys.stderr)
    Console(stderr=True).print(Text(f"Error: {safe(message)}", style="red"), soft_wrap=True)


def _converse(assistant: Assistant, within: str | None, as_json: bool) -> None:
    """Answer one line after the other, with the conversation so far as history."""
    interactive = sys.stdin.isatty()
    if interactive:
        _console().print(Text("Ask a question; an empty line or Ctrl-D ends.", style="dim"))
        import readline  # noqa: F401  # arrow keys at the prompt
    history: list[Turn] = []
    while True:
        try:
            question = input("\n> " if interactive else "").strip()
        except EOFError:
            return
        if not question:
            return
        try:
            answer = assistant.ask(question, history, within=within)
        except QuestionError as error:
            _explain(str(error), verbose=False)
            continue
        history.append(Turn(question, answer))
        _show(assistant, answer, as_json)
        if not interactive and not as_json:
            typer.echo()


def _below_corpus(assistant: Assistant, path: str | None) -> str | None:
    """A path as ``--in`` takes it; one that a shell completed, corpus and all, is meant as well."""
    corpus = assistant.settings.corpus.resolve()
    if path is None or not Path(path).exists():
        return path
    full = Path(path).resolve()
    return full.relative_to(corpus).as_posix() if full.is_relative_to(corpus) else path


def _show(assistant: Assistant, answer: Answer, as_json: bool) -> None:
    if as_json:
        _print_json(answer.to_dict())
    else:
        print_answer(_console(), answer, assistant)


def _ingest_if_stale(assistant: Assistant) -> None:
    """Ingest unless the index is up to date; serve the old one where there is no new one to be had."""
    try:
        if not assistant.status().stale:
            return
        with ingestion_progress() as progress:
            report = assistant.ingest(progress=progress)
        print_report(_console(stderr=True), report)
    except (CorpusError, IndexBusyError) as error:
        if not _has_documents(assistant):
            raise
        _explain(f"{error} Serving the index as it is.", verbose=False)


def _has_documents(assistant: Assistant) -> bool:
    try:
        return bool(assistant.documents())
    except IndexMissingError:
        return False


def _note(text: str) -> None:
    _console(stderr=True).print(Text(safe(text), style="dim"))


def _watching(console: Console, as_json: bool) -> Callable[[IngestReport | AssistantError], None]:
    """Prints what each ingestion did, unless nothing was to be done, and why one could not."""
    last: tuple[object, ...] = ()

    def tell(what: IngestReport | AssistantError) -> None:
        nonlocal last
        if isinstance(what, AssistantError):
            _explain(f"{what}\nWaiting for the next change.", verbose=False)
            last = ()
            return
        done = (what.added, what.changed, what.deleted)
        if any(done) or what.skipped != last:
            if as_json:
                _print_json(asdict(what))
                sys.stdout.flush()
            else:
                print_report(console, what)
        last = what.skipped

    return tell


@contextmanager
def _watched(assistant: Assistant) -> Iterator[None]:
    """Changes of the documents are taken up meanwhile, in a thread."""
    stop = threading.Event()
    tell = _watching(_console(stderr=True), as_json=False)

    def run() -> None:
        try:
            assistant.watch(stop, tell)
        except AssistantError as error:
            tell(error)

    thread = threading.Thread(target=run, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_SECONDS_TO_STOP)


@contextmanager
def _until_terminated() -> Iterator[threading.Event]:
    """An event that SIGTERM sets: what is going on is brought to its end."""
    stop = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)


def _print_status(found: IndexStatus) -> None:
    changed = [f"{count} {kind}" for kind, count in found.changes.items() if count]
    changed += ["corpus.toml"] if found.description_changed else []
    changes = ", ".join(changed)
    rows = {
        "Documents": f"{found.documents:,} in {found.corpus}",
        "Chunks": f"{found.chunks:,}",
        "Embedding model": found.embedding_model,
        "Size on disk": f"{found.bytes_on_disk / 1e6:,.1f} MB in {found.index}",
        "Last ingestion": found.last_ingestion or "never; run: assistant ingest",
        "Corpus since then": (
            f"changed ({changes or 'not ingested'}); run: assistant ingest"
            if found.stale
            else "unchanged"
        ),
    }
    console = _console()
    for name, value in rows.items():
        console.print(Text.assemble((f"{name + ':':<19}", "bold"), safe(value)), soft_wrap=True)


def _print_json(value: object) -> None:
    in_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    typer.echo(json.dumps(value, indent=2, ensure_ascii=not in_unicode))


def _console(*, stderr: bool = False) -> Console:
    """Standard output or error: colour and wrapping on a terminal, unbroken lines in a pipe."""
    console = Console(highlight=False, stderr=stderr)
    return (
        console if console.is_terminal else Console(highlight=False, stderr=stderr, soft_wrap=True)
    )
