"""``assistant ask``: answer a question, or hold a conversation line by line."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import (
    print_answer,
    print_explanation,
    print_json,
    standard_output,
)
from assistant.cli.exit_codes import EXIT_NOT_FOUND, clear_errors, explain
from assistant.cli.options import (
    AsJson,
    ChatModelName,
    CorpusFolder,
    EmbeddingModel,
    IndexFolder,
    Verbose,
)
from assistant.errors import QuestionError, UsageError
from assistant.text.surrogates import without_surrogates
from assistant.types import Answer, Status, Turn


def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question. Without it, start a conversation.")
    ] = None,
    within: Annotated[
        str | None,
        typer.Option("--in", metavar="PATH", help="Search only this document or folder."),
    ] = None,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    embedding_model: EmbeddingModel = None,
    explained: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Show which passages were read, and why the answer is as sure as it is.",
        ),
    ] = False,
    as_json: AsJson = False,
    model: ChatModelName = None,
    verbose: Verbose = False,
) -> None:
    """Answer a question with numbered quotes and their sources."""
    with (
        clear_errors(verbose),
        Assistant.open(
            corpus=corpus, index=index, embedding_model=embedding_model, chat_model=model
        ) as assistant,
    ):
        within = _below_corpus(assistant, without_surrogates(within) if within else within)
        if explained:
            _explain(assistant, question, within, as_json)
            return
        if question is None:
            _converse(assistant, within, as_json)
            return
        answer = assistant.ask(without_surrogates(question), within=within)
        _show(assistant, answer, as_json)
        if answer.status == Status.NOT_FOUND:
            raise typer.Exit(EXIT_NOT_FOUND)


def _converse(assistant: Assistant, within: str | None, as_json: bool) -> None:
    """Answer line after line, with the conversation so far as history."""
    interactive = sys.stdin.isatty()
    if interactive:
        hint = Text("Ask a question. An empty line or Ctrl-D quits.", style="dim")
        standard_output().print(hint)
        import readline  # noqa: F401  # arrow keys at the prompt
    history: list[Turn] = []
    while True:
        try:
            question = without_surrogates(input("\n> " if interactive else "")).strip()
        except EOFError:
            return
        if not question:
            return
        try:
            answer = assistant.ask(question, history, within=within)
        except QuestionError as error:
            explain(str(error))
            continue
        history.append(Turn(question, answer))
        _show(assistant, answer, as_json)
        if not interactive and not as_json:
            typer.echo()


def _explain(assistant: Assistant, question: str | None, within: str | None, as_json: bool) -> None:
    """Print how the answer to a question comes about."""
    if question is None:
        raise UsageError("Name the question to explain: assistant ask --explain QUESTION.")
    explanation = assistant.explain(question, within=within)
    if as_json:
        print_json(explanation.to_dict())
    else:
        print_explanation(standard_output(), explanation)


def _below_corpus(assistant: Assistant, path: str | None) -> str | None:
    """Return a path relative to the corpus, also where a shell completed it with the corpus."""
    corpus = assistant.settings.corpus.resolve()
    if path is None or not Path(path).exists():
        return path
    full = Path(path).resolve()
    return full.relative_to(corpus).as_posix() if full.is_relative_to(corpus) else path


def _show(assistant: Assistant, answer: Answer, as_json: bool) -> None:
    if as_json:
        print_json(answer.to_dict())
    else:
        print_answer(standard_output(), answer, assistant)
