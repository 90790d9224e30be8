"""The layout that the design promises, read off the imports."""

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from itertools import combinations
from pathlib import Path

import pytest

import assistant

PACKAGE = Path(assistant.__file__).parent
TESTS = Path(__file__).parent

ORDER = [
    {"interrupts", "lazy_names", "telemetry", "validation_messages"},
    {"errors"},
    {"extras"},
    {"types"},
    {"protocols"},
    {"settings", "tracing"},
    {"text"},
    {"models", "storage"},
    {"session"},
    {"ingestion", "retrieval", "understanding"},
    {"reading"},
    {"checking"},
    {"answering"},
    {"feedback"},
    {"integrations", "parts"},
    {"assistant"},
    {"evaluation", "testing", "web"},
    {"cli"},
    {"__init__"},
    {"__main__"},
]
LEVELS = {room: level for level, rooms in enumerate(ORDER) for room in rooms}
ENGINES = {
    "sentence_transformers": {"models/sentence_transformer.py"},
    "transformers": {"models/sentence_transformer.py", "models/transformers_reader.py"},
    "torch": {"models/transformers_reader.py"},
    "onnxruntime": {"models/bundled_reader.py", "models/bundled_encoder.py"},
    "gradio": {"web/app.py", "web/chat/components.py", "web/chat/handlers.py"},
    "chromadb": {"storage/vectors.py"},
    "procrastinate": {"ingestion/sharing/job_queue.py"},
    "psycopg": {"storage/postgres/"},
    "psycopg_pool": {"storage/postgres/database.py"},
    "pgvector": {"storage/postgres/database.py"},
    "sqlite3": {"storage/", "feedback/store.py"},
    "sentencex": {"text/sentences.py"},
    "rapidocr": {"models/rapidocr_recogniser.py"},
    "PIL": {"ingestion/formats/pictures.py"},
    "markdown_it": {"ingestion/formats/markdown.py", "ingestion/formats/markdown_directives.py"},
    "mdit_py_plugins": {"ingestion/formats/markdown.py"},
    "charset_normalizer": {"ingestion/formats/undeclared.py"},
    "python_calamine": {"ingestion/formats/spreadsheet.py"},
    "lxml": {"ingestion/formats/", "ingestion/sources/sitemaps.py"},
    "httpcore": {"ingestion/sources/web_client.py", "ingestion/sources/web_connections.py"},
    "pypdfium2": {"ingestion/formats/pdf/"},
    "watchfiles": {"ingestion/watching.py"},
    "filelock": {"storage/embedded_store.py", "ingestion/sources/mirror.py"},
    "typer": {"cli/"},
    "rich": {"cli/"},
    "langchain": {"models/chat_model.py"},
    "xllamacpp": {"models/llama_process.py"},
    "ruamel": {"evaluation/yaml_text.py"},
    "prometheus_client": {"web/metrics.py"},
    "opentelemetry": {"session.py", "tracing.py"},
    "yaml": set(),  # ruamel.yaml reads ours
}


@cache
def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@cache
def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


@cache
def module_names() -> frozenset[str]:
    return frozenset(module_name(path) for path in modules())


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported_modules(path: Path) -> frozenset[str]:
    """Return the full names that a file imports: of modules, and of what is taken from them."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            are_modules = names <= module_names()
            found |= names if are_modules else {*names, node.module}
    return frozenset(found)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
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
def test_each_engine_is_imported_in_its_one_place(path: Path) -> None:
    relative = path.relative_to(PACKAGE).as_posix()
    for name in imports(path):
        allowed = ENGINES.get(name.split(".")[0])
        assert allowed is None or any(
            relative == place or (place.endswith("/") and relative.startswith(place))
            for place in allowed
        ), f"{relative} imports {name}"


def test_every_library_that_is_imported_is_a_dependency_by_its_own_name() -> None:
    """What only another library brings may be gone with its next release."""
    read = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    required = read["project"]["dependencies"]
    optional = read["project"]["optional-dependencies"]
    lines = [*required, *(line for part in optional for line in optional[part])]
    declared = {name for line in lines for name in projects_of(line)}
    brought = packages_distributions()
    undeclared = {
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in modules()
        for name in imports(path)
        if (top := name.split(".")[0]) not in sys.stdlib_module_names
        and not declared & {canonical(project) for project in brought.get(top, [top])}
    }
    assert undeclared == set()


def projects_of(requirement: str) -> set[str]:
    """Return a required project, and those that its extras are named for: psycopg[pool]."""
    found = re.match(r"([\w.-]+)(?:\[([^\]]*)\])?", requirement)
    assert found
    extras = found[2].split(",") if found[2] else []
    return {canonical(found[1]), *(canonical(f"{found[1]}-{extra}") for extra in extras)}


def canonical(project: str) -> str:
    return re.sub(r"[-_.]+", "-", project.strip()).lower()


def test_only_the_command_line_prints() -> None:
    """The ASGI server and ingestion report by callbacks and the log, whoever embeds them."""
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    }
    assert {path for path in found if not path.startswith("cli/")} == set()


def test_no_files_import_each_other_in_a_circle() -> None:
    found = {frozenset(circle) for circle in circles(import_graph()) if len(circle) > 1}
    assert found == set()


def import_graph() -> dict[str, set[str]]:
    """Return the modules of the package with those that they import, inside functions too."""
    known = {module_name(path): path for path in modules()}
    return {
        name: {other for other in imported_modules(path) if other in known} - {name}
        for name, path in known.items()
    }


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """Return the strongly connected components: who can be reached from whom, both ways."""
    reached = {name: reachable(graph, name) for name in graph}
    return [{name, *(other for other in reached[name] if name in reached[other])} for name in graph]


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = graph[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def test_a_circle_is_found() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}
    assert [sorted(circle) for circle in circles(graph)] == [["a"], ["b", "c"], ["b", "c"], ["d"]]


def test_no_two_modules_have_one_name() -> None:
    names = Counter(path.stem for path in modules() if path.stem != "__init__")
    assert {name for name, count in names.items() if count > 1} == set()


def test_no_two_classes_have_one_name() -> None:
    names = Counter(
        node.name.lstrip("_")
        for path in modules()
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, count in names.items() if count > 1} == set()


LETTER_APART = """
dates rates, grid grids, mail main, record records, serve server, sides slides, worker workers,
Date Rate, Directive Directives, Git Hit, Heading Reading, Loaded Loader, Look Looks, Measure Measures, Page Pages,
Place Placed, Scan Span, Shape Share, Stage State, Store Stored, Style Styles
"""
"""Files and classes whose names are a letter apart. Take what you rename off this list, and add nothing."""


def test_no_two_names_are_a_letter_apart() -> None:
    files = {path.stem for path in modules()} - {"__init__"}
    classes = {
        node.name.lstrip("_")
        for path in modules()
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef)
    }
    pairs = [pair for names in (files, classes) for pair in combinations(sorted(names), 2)]
    found = {f"{one} {other}" for one, other in pairs if are_letter_apart(one, other)}
    assert found == {pair.strip() for pair in LETTER_APART.split(",")}


def are_letter_apart(one: str, other: str) -> bool:
    """Return whether one letter is another, or one is more, in one of two names."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(here != there for here, there in zip(short, long, strict=True)) == 1
    return short in {long[:at] + long[at + 1 :] for at in range(len(long))}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("seal", "seals", True), ("stopping", "stepping", True), ("page", "paper", False)],
)
def test_names_that_are_a_letter_apart_are_found(one: str, other: str, expected: bool) -> None:
    assert are_letter_apart(one, other) is expected


_COMMENT = re.compile(r"#\s*(?!noqa)\w")


def test_an_import_inside_a_function_says_what_it_keeps_out_of_start_up() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        for lines in imports_inside_functions(path)
        if not _COMMENT.search(re.sub(r"#\s*noqa[:\s\w]*", "", lines))
    }
    assert found == set()


def imports_inside_functions(path: Path) -> Iterator[str]:
    """Yield the lines of each import statement inside a function."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for function in ast.walk(parsed(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    assert node.end_lineno
                    yield "\n".join(lines[node.lineno - 1 : node.end_lineno])


def test_every_module_is_imported_by_a_test() -> None:
    """A helper or a conftest imports much for many tests, and none of them is that module's own."""
    tested = {name for path in TESTS.rglob("test_*.py") for name in imported_modules(path)}
    untested = {
        module_name(path)
        for path in modules()
        if path.stem != "__init__" and module_name(path) not in tested
    }
    assert untested == set()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_opens_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(parsed(path))


PUBLIC = """
Answer Assistant AssistantError Attribution Block ChatModelError CheckedDocument Chunk Citation CitationError CorpusError
CorpusInfo Document DocumentNotFoundError DocumentSummary Encoder Explanation Feedback FetchReport Hit IndexBusyError
IndexDamagedError IndexMismatchError IndexMissingError IndexStatus IngestReport Insights
MissingExtraError ModelError PassageReading PortInUseError QuestionError QuotedBlock ReadPassage Reader Reading
ReadingOutcome RunEndedError ServerBusyError Settings SettingsError SkippedFile Statement StatementSupport Status
StorageError StrictIngestError Thresholds Turn
UsageError VectorsDamagedError WindowText load_settings
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
