"""What small documents answer: each question gets the right passage, surely or as a possible answer.

A question that the documents do not answer may get a possible answer, but never a certain one.
"""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from ruamel.yaml import YAML

from assistant import Answer, Assistant, Status, Turn
from tests.ingestion.formats.case_matching import CASES, failures

FOLDER = CASES / "questions"
ENTRIES = YAML(typ="safe").load((FOLDER / "cases.yaml").read_text("utf-8"))
ASKED = [(number, case) for number, entry in enumerate(ENTRIES) for case in entry["ask"]]


MISSED = {
    "What about the year before?": "a year is not counted back",
    "Which form do I use if I was refused before?": "below the threshold of a possible answer",
    "My husband died while his claim was open. Is it lost?": "below the same threshold",
    "Who pays for repairs of the pump?": "below the same threshold",
}


def last_of(case: dict[str, Any]) -> str:
    """Return the question that is judged."""
    return str(case.get("question") or case["turns"][-1])


def known_miss(question: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=MISSED[question])] if question in MISSED else []


def files_of(entry: dict[str, Any]) -> list[str]:
    return entry.get("files") or [entry["file"]]


@pytest.fixture(scope="module")
def assistants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Assistant]]:
    """An assistant over the files of each entry."""
    opened = {}
    for number, entry in enumerate(ENTRIES):
        folder = tmp_path_factory.mktemp(f"case{number}")
        copytree(FOLDER, folder / "corpus", ignore=others_than(files_of(entry)))
        opened[number] = Assistant.open(corpus=folder / "corpus", index=folder / "index")
        opened[number].ingest()
    yield opened
    for assistant in opened.values():
        assistant.close()


def others_than(files: list[str]) -> Any:
    """Return which names of a folder to leave out: all files but the given ones."""

    def ignored(folder: str, names: list[str]) -> list[str]:
        below = Path(folder).relative_to(FOLDER)
        return [
            name
            for name in names
            if (Path(folder) / name).is_file() and (below / name).as_posix() not in files
        ]

    return ignored


def asked(assistant: Assistant, case: dict[str, Any]) -> Answer:
    history: list[Turn] = []
    for question in case.get("turns") or [case["question"]]:
        answer = assistant.ask(question, history)
        history.append(Turn(question, answer))
    return answer


@pytest.mark.parametrize(
    ("number", "case"),
    [
        pytest.param(number, case, id=last_of(case)[:60], marks=known_miss(last_of(case)))
        for number, case in ASKED
    ],
)
def test_a_question_gets_the_right_passage(
    number: int, case: dict[str, Any], assistants: dict[int, Assistant]
) -> None:
    answer = asked(assistants[number], case)
    text = "\n".join(statement.text for statement in answer.statements)
    if case.get("status") == "not_found":
        assert answer.status is not Status.ANSWERED, text
        return
    assert answer.status in (Status.ANSWERED, Status.UNCERTAIN)
    wanted = {"text_has": case.get("answer_has", ())}
    if answer.status is Status.ANSWERED:
        wanted["text_lacks"] = case.get("answer_lacks", ())
    assert not list(failures(wanted, text)), text
