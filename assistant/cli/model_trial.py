"""Ask a language model one question of the corpus, and count what survives the check."""

import time
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import print_answer
from assistant.errors import UsageError
from assistant.text.safe_display import safe
from assistant.types import GENERATIVE, Answer, Status

_QUESTION = "What is this about?"


@dataclass(frozen=True, slots=True)
class Trial:
    """An answer with every sentence that was written, those that failed the check marked."""

    answer: Answer
    seconds: float

    @property
    def written(self) -> int:
        """The number of sentences that were shown, or 0 if quotes were shown instead."""
        return len(self.answer.statements) if self.answer.engine == GENERATIVE else 0

    @property
    def passed(self) -> int:
        """The number of written sentences that the passages support."""
        return sum(not one.unsupported for one in self.answer.statements[: self.written])


def try_model(assistant: Assistant, question: str | None) -> Trial:
    """Ask the assistant's language model. The first question of the corpus is the default.

    Raise `ModelError` if the model cannot be loaded, and `UsageError` if the documents do not
    answer, so that nothing is written.
    """
    if assistant.status().documents == 0:
        assistant.ingest()
    asked = question or next(iter(assistant.corpus.questions), _QUESTION)
    assistant.load_chat_model()
    started = time.perf_counter()
    answer = assistant.ask(asked)
    if answer.status is Status.NOT_FOUND:
        raise UsageError(
            f"The documents do not answer {asked!r}, so there is nothing to write. Ask something "
            "else with: --question …"
        )
    return Trial(answer, time.perf_counter() - started)


def print_trial(console: Console, trial: Trial, assistant: Assistant) -> None:
    """Print the question, the answer, the seconds, and how many sentences passed the check."""
    console.print(Text(safe(trial.answer.question), style="bold"))
    print_answer(console, trial.answer, assistant)
    took = f"\n{trial.seconds:.1f} s"
    console.print(Text(f"{took}; {trial.passed} of {trial.written} sentences passed the check."))
