"""Quotes and written answers on the same questions: SmolLM2 by llama.cpp, or a model of your own.

``python -m benchmarks.written_answers [--every 20] [CASE_FILE]`` asks every 20th case of the file;
``--model`` and ``--base-url`` name another model than SmolLM2, which is very weak.
"""

import argparse
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from assistant import Answer, Assistant
from assistant.evaluation import evaluate, load_cases
from tests.smollm2 import model_file, smollm2_server

FIGURES = (
    "answer_accuracy",
    "citation_precision",
    "citation_recall",
    "false_answer_rate",
)


class Counting(Assistant):
    """An assistant that counts what became of the answers."""

    became: Counter[str]

    def ask(self, *arguments: object, **options: object) -> Answer:
        """The answer, counted by whose it is and by its notice."""
        answer = super().ask(*arguments, **options)  # type: ignore[arg-type]
        self.became[f"{answer.engine}, {answer.status}: {answer.notice}"] += 1
        return answer


def main() -> None:
    """Print one line for each figure, then what became of the answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", default="tests/evaluation/article.eval.yaml")
    parser.add_argument("--every", type=int, default=20)
    parser.add_argument("--model")
    parser.add_argument("--base-url")
    asked = parser.parse_args()
    file = load_cases(asked.cases)
    cases = file.cases[:: asked.every]
    with ExitStack() as stack:
        model, address = asked.model, asked.base_url
        if model is None:
            weights = model_file()
            if weights is None:
                parser.error("SmolLM2 is not installed; see the README, or name a --model.")
            model, address = "smollm2", stack.enter_context(smollm2_server(weights, threads=2))
        index = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        assistant = stack.enter_context(
            Counting.open(
                chat_model=model,
                chat_model_base_url=address,
                chat_token_budget=1500,
                chat_answer_tokens=160,
                index=index,
                corpus=file.corpus,
            )
        )
        assistant.became = Counter()
        assistant.ingest()
        reports = {
            engine: evaluate(assistant, cases, engine=engine) for engine in assistant.engines
        }
    print(f"{len(cases)} cases of {asked.cases}, model {model}")
    for name in FIGURES:
        shown = (f"{engine} {report[name].value}" for engine, report in reports.items())
        print(f"{name:20}", *shown, sep="  ")
    for what, count in assistant.became.most_common():
        print(f"{count:4}  {what}")


if __name__ == "__main__":
    main()
