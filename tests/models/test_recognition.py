"""Which recogniser is installed."""

import os
from pathlib import Path

import pytest

from assistant.models.recognition import available_recogniser


def test_rapidocr_goes_before_tesseract() -> None:
    assert available_recogniser() == "rapidocr"


def test_without_rapidocr_a_tesseract_on_the_path_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.models.recognition.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert available_recogniser() == ""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\n")
    os.chmod(program, 0o755)
    assert available_recogniser() == "tesseract"
