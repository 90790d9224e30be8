from pathlib import Path
from typing import Any

import pytest

from assistant.ingestion.loading import Loader
from assistant.ingestion.scanning import SourceFile, read_source, scan
from tests.ingestion.formats.case_matching import CASES, cases_of, failures
from tests.ingestion.formats.files import LIMITS

FOLDERS = ("txt", "html", "docx", "md")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The stored text of every case, by its path."""
    found = {}
    with Loader(LIMITS) as loader:
        for file in scan(CASES, 10_000_000):
            if isinstance(file, SourceFile) and file.source.split("/")[0] in FOLDERS:
                found[file.source] = loader.load(read_source(file, 10_000_000)).text
    return found


@pytest.mark.parametrize(
    ("path", "case"),
    [
        pytest.param(f"{folder}/{case['file']}", case, id=Path(case["file"]).stem)
        for folder in FOLDERS
        for case in cases_of(folder)
    ],
)
def test_the_stored_text_is_what_a_person_sees(
    path: str, case: dict[str, Any], texts: dict[str, str]
) -> None:
    assert not list(failures(case, texts[path]))
