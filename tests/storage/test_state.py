import pytest

from assistant import IndexMismatchError
from assistant.storage.state import check_match
from assistant.types import CatalogState

BUILT = CatalogState("1", "words", 64, 128, 1, "vectors-1", "{}", "2025-01-01T00:00:00+00:00")


def test_an_index_matches_what_it_was_built_with() -> None:
    check_match(BUILT, "words", 128, 1)


@pytest.mark.parametrize("wanted", [("other", 128, 1), ("words", 64, 1), ("words", 128, 0)])
def test_another_model_or_chunking_is_named_beside_the_remedy(wanted: tuple[str, int, int]) -> None:
    with pytest.raises(IndexMismatchError, match="assistant ingest --rebuild") as error:
        check_match(BUILT, *wanted)
    for value in ("'words'", "128", *(str(part) for part in wanted)):
        assert value in str(error.value)
