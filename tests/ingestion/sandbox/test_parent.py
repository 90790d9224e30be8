import subprocess
import sys

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pdf import extract
from assistant.ingestion.formats.pdf.page_drawing import draw_page
from assistant.ingestion.sandbox.parent import ParsingProcess, ReadingLimits, exchange
from assistant.text.media_types import HTML, PDF
from tests.ingestion.formats.pdf.drawing import drawn
from tests.models.pages import put_text

PAGE = b"<title>Otters</title><p>They swim.</p>"


def test_files_are_parsed_and_what_is_unreadable_is_raised_with_its_reason() -> None:
    with ParsingProcess(ReadingLimits(seconds=30, megabytes=512, characters=20)) as parsing:
        found = parsing.extract(HTML, PAGE)
        assert (found.text, found.title, found.page_starts) == ("They swim.\n", "Otters", ())
        with pytest.raises(UnreadableFileError, match="it is broken"):
            parsing.extract(PDF, b"%PDF-1.7")
        with pytest.raises(UnreadableFileError, match="more than 20 characters"):
            parsing.extract(HTML, PAGE * 3)
        assert parsing.extract(HTML, PAGE) == found


def test_a_page_is_drawn_with_the_places_of_its_text() -> None:
    content = drawn(put_text)
    found = extract(content)
    with ParsingProcess(ReadingLimits(seconds=30, megabytes=512, characters=20)) as parsing:
        assert parsing.draw(PDF, content, 1, found.text) == draw_page(content, 1, found.text)
        with pytest.raises(UnreadableFileError, match="no page 2"):
            parsing.draw(PDF, content, 2, "")


def test_a_file_that_takes_too_long_ends_its_process_and_the_next_gets_another() -> None:
    with ParsingProcess(ReadingLimits(seconds=0.0, megabytes=512, characters=20)) as parsing:
        with pytest.raises(UnreadableFileError, match=r"longer than 0 s \(max_reading_seconds\)"):
            parsing.extract(HTML, b"<p>x" * 200_000)
        assert parsing._process is None


def test_closing_twice_does_no_harm() -> None:
    parsing = ParsingProcess(ReadingLimits(seconds=30, megabytes=512, characters=20))
    parsing.close()
    parsing.close()
    assert parsing._process is None


SLOW = """
import sys, time
sys.stdin.readline()
for _ in range(int(sys.argv[1])):
    time.sleep(0.6)
    print('{"goes_on": true}', flush=True)
time.sleep(float(sys.argv[2]))
print('{"text": "Otters"}', flush=True)
"""


@pytest.mark.parametrize(("pictures", "seconds", "in_time"), [(3, 0.0, True), (1, 5.0, False)])
def test_a_process_that_goes_on_to_the_next_picture_has_as_much_time_again(
    pictures: int, seconds: float, in_time: bool
) -> None:
    """Three pictures of 0.6 s take longer than 1.5 s together."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(pictures), str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        answer, was_in_time = exchange(process, b"{}\n", 1.5)
    assert was_in_time is in_time
    assert answer == ({"text": "Otters"} if in_time else None)
