"""Ask the documents, and show each quote with its place in the file.

Run: ``python examples/ask.py "When was the SCO founded?"``
"""

import sys

from assistant import Assistant, Status


def main(question: str) -> None:
    with Assistant.open() as assistant:
        assistant.ingest()
        answer = assistant.ask(question)
        print(answer.text)
        for citation in answer.citations:
            print(f"[{citation.number}] {citation.source}, {citation.start} to {citation.end}")
            print(f"    {citation.quote}")
        if answer.status == Status.NOT_FOUND:
            for citation in answer.closest:
                print(f"closest: {citation.quote}")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or "When was the SCO founded?")
