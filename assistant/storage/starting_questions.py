"""Questions to begin with that were found in the documents, in a file beside the index.

They belong to one state of the index. A file that is missing, damaged or of another state counts as
none, and what cannot be written is found again when it is needed.
"""

import json
from contextlib import suppress
from pathlib import Path

NAME = "starting-questions.json"


def read_starting_questions(folder: Path, generation: str) -> list[str] | None:
    """Return the questions that were found for a state of the index, or None if none are known."""
    try:
        kept = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(kept, dict) or kept.get("generation") != generation:
        return None
    questions = kept.get("questions")
    is_sound = isinstance(questions, list) and all(isinstance(one, str) for one in questions)
    return questions if is_sound else None


def write_starting_questions(folder: Path, generation: str, questions: list[str]) -> None:
    """Keep the questions of a state of the index, if the folder can be written."""
    kept = {"generation": generation, "questions": questions}
    part = folder / f"{NAME}.part"
    with suppress(OSError):
        part.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        part.replace(folder / NAME)
