"""The layout that the design promises, read off the imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant

PACKAGE = Path(assistant.__file__).parent

LEVELS = {
    "types": 0,
    "errors": -1,  # settings raise them
    "settings": 0,
    "models": 1,
    "storage": 1,
    "ingestion": 2,
    "retrieval": 2,
    "answering": 3,
    "assistant": 4,
    "terminal": 5,
    "feedback_command": 6,
    "evaluation": 6,
    "serving": 6,
    "cli": 7,
    "__init__": 8,
}
ENGINES = {
    "sentence_transformers": {"models/embedding.py"},
    "transformers": {"models/embedding.py", "models/question_answering.py"},
    "torch": {"models/question_answering.py"},
    "onnxruntime": {"models/reading.py", "models/bundled_embedding.py"},
    "gradio": {"serving/app.py", "serving/chat.py", "serving/handlers.py"},
    "chromadb": {"storage/vectors.py"},
    "sqlite3": {
        "storage/catalog.py",
        "storage/feedback.py",
        "storage/sealing.py",
        "storage/vectors.py",  # what is raised while the vectors are sealed
        "retrieval/terms.py",
    },
    "sentencex": {"ingestion/structure.py"},
    "markdown_it": {"ingestion/structure.py"},
    "lxml": {"ingestion/formats/html.py", "ingestion/formats/docx.py"},
    "pypdfium2": {"ingestion/formats/pdf.py"},
    "docx": {"ingestion/formats/docx.py"},
    "watchfiles": {"ingestion/watching.py"},
    "filelock": {"ingestion/pipeline.py"},
    "typer": {"cli.py"},
    "langchain": {"models/chat.py"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module


def room(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downward_only(path: Path) -> None:
    here = room(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "assistant" or len(parts) < 2:
            continue
        there = parts[1]
        assert there == here or LEVELS[there] < LEVELS[here], f"{here} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_engine_is_imported_in_its_one_file(path: Path) -> None:
    relative = path.relative_to(PACKAGE).as_posix()
    for name in imports(path):
        allowed = ENGINES.get(name.split(".")[0])
        assert allowed is None or relative in allowed, f"{relative} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_opens_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


PUBLIC = """
Answer Assistant AssistantError Attribution ChatModelError Chunk Citation CitationError CorpusError
CorpusInfo Document DocumentNotFoundError DocumentSummary Encoder Feedback Hit IndexBusyError
IndexDamagedError IndexMismatchError IndexMissingError IndexStatus IngestReport
ModelError PortInUseError QuestionError Reader Reading ServerBusyError Settings SettingsError
SkippedFile Statement Status StorageError StrictIngestError Turn UsageError
VectorsDamagedError load_settings
"""


def test_public_names_are_pinned() -> None:
    assert assistant.__all__ == PUBLIC.split()
    assert all(hasattr(assistant, name) for name in assistant.__all__)


def test_the_error_tree_in_the_docstring_is_the_real_one() -> None:
    from assistant import errors

    assert errors.__doc__ is not None
    classes = {name for name, value in vars(errors).items() if isinstance(value, type)}
    drawn = [line.split()[:3] for line in errors.__doc__.splitlines() if "Error" in line]
    named = {word for line in drawn for word in line if word in classes}
    assert named == classes
