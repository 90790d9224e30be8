"""Measure the answers to a few questions, and say what failed.

Run: ``python examples/evaluate_answers.py``
"""

from assistant import Assistant
from assistant.evaluation import case_of, evaluate

CASES = [
    case_of(
        "When was the SCO founded?", contains="2001", cites="After the SCO was founded in 2001"
    ),
    case_of(["What was signed in 2003?", "Where was that?"], contains="Beijing"),
    case_of("Who is the president of France?", status="not_found"),
]


def main() -> None:
    with Assistant.open() as assistant:
        assistant.ingest()
        report = evaluate(assistant, CASES)
    for name in ("answer_accuracy", "citation_precision", "pass_rate"):
        print(name, report[name].value)
    for result in report.failed:
        print("failed:", result.case.name)


if __name__ == "__main__":
    main()
