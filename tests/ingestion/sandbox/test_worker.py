"""The worker as the process that it is: requests on its standard input, answers on its output."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.ingestion.sandbox import worker
from assistant.text.media_types import HTML, PDF, WORD

PACKAGES = str(Path(worker.__file__).parents[3])


@pytest.fixture(scope="module")
def process() -> Iterator["subprocess.Popen[bytes]"]:
    started = subprocess.Popen(
        [sys.executable, "-P", "-m", worker.__name__, "512", ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": PACKAGES},
    )
    assert started.stdout
    assert json.loads(started.stdout.readline()) == {"ready": True}
    yield started
    assert started.stdin
    started.stdin.close()
    assert started.wait(20) == 0, "it ends with its input"
    started.stdout.close()


def asked(
    process: "subprocess.Popen[bytes]", media_type: str, content: bytes, characters: int = 100
) -> dict[str, Any]:
    assert process.stdin
    assert process.stdout
    request = {
        "media_type": media_type,
        "bytes": len(content),
        "seconds": 30,
        "characters": characters,
    }
    process.stdin.write(json.dumps(request).encode() + b"\n" + content)
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def test_a_file_is_answered_with_its_text(process: "subprocess.Popen[bytes]") -> None:
    answer = asked(process, HTML, b"<title>Otters</title><p>They swim.</p>\n<p>They dive.</p>")
    assert answer == {
        "text": "They swim.\n\nThey dive.\n",
        "title": "Otters",
        "page_starts": [],
        "origins": [],
        "places": [],
        "boxes": [],
        "styles": [],
        "notes": [],
        "decisions": [],
        "pictures": 0,
    }


@pytest.mark.parametrize(
    ("media_type", "content", "reason"),
    [
        (PDF, b"%PDF-1.7 and nothing more", "it is broken"),
        (WORD, b"PK\x03\x04", "it is broken"),
        (HTML, b"<p>Otters swim.</p>" * 20, "it has more than 100 characters of text"),
    ],
)
def test_a_file_without_a_text_is_answered_with_the_reason(
    process: "subprocess.Popen[bytes]", media_type: str, content: bytes, reason: str
) -> None:
    answer = asked(process, media_type, content)
    assert set(answer) == {"unreadable"}
    assert reason in answer["unreadable"]


def test_a_page_without_content_is_answered_with_an_empty_text(
    process: "subprocess.Popen[bytes]",
) -> None:
    assert asked(process, HTML, b"<nav>Home</nav>")["text"].strip() == ""


def test_a_request_for_another_format_is_refused_and_the_next_one_answered(
    process: "subprocess.Popen[bytes]",
) -> None:
    assert "cannot be parsed" in asked(process, "image/webp", b"Otters.")["unreadable"]
    assert asked(process, HTML, b"<p>Otters.</p>")["text"] == "Otters.\n"
