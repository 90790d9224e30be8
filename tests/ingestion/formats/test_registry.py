from assistant.ingestion.formats.registry import READERS, RECOGNISING_READERS, extract
from assistant.text.media_types import HTML, MEDIA_TYPES


def test_every_format_has_a_reader() -> None:
    assert {*READERS, *RECOGNISING_READERS} == set(MEDIA_TYPES.values())


def test_a_file_is_read_by_the_reader_of_its_format() -> None:
    assert extract(HTML, b"<h1>Otters</h1>", 1_000).text == "# Otters\n"
