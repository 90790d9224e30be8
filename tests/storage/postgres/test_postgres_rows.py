from hypothesis import given
from hypothesis import strategies as st

from assistant.storage.postgres.postgres_rows import restored, storable
from assistant.storage.postgres.visible_part import VisiblePart

MARK = "\U0010ffff"


@given(st.text(st.sampled_from(["\0", MARK, "0", "1", "a"])))
def test_every_text_comes_back_and_has_no_nul(text: str) -> None:
    assert "\0" not in storable(text)
    assert restored(storable(text)) == text


def test_an_ordinary_text_is_stored_as_it_is() -> None:
    assert storable("The otter sleeps. 🙂") == "The otter sleeps. 🙂"


def test_the_path_of_a_folder_is_compared_in_one_spelling() -> None:
    assert VisiblePart(3, "cafe\u0301/").values == {"generation": 3, "path": "café/"}
    assert VisiblePart(3, "cafe\u0301").values["path"] == "cafe\u0301"
