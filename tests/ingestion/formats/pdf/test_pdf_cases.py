from pathlib import Path
from typing import Any

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pdf import extract
from tests.ingestion.formats.case_matching import CASES, cases_of, failures


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=Path(case["file"]).stem) for case in cases_of("pdf")]
)
def test_the_stored_text_is_what_a_person_sees(case: dict[str, Any]) -> None:
    try:
        text = extract((CASES / "pdf" / case["file"]).read_bytes()).text
    except UnreadableFileError:  # nothing is stored
        text = ""
    assert not list(failures(case, text))
