"""How much of a source is taken."""

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.offers import FetchBudget, Offer


def test_an_offer_without_files_is_unchanged() -> None:
    assert Offer(None).state == ""


def test_files_and_bytes_are_counted() -> None:
    budget = FetchBudget(2, 10, 60)
    budget.take(4)
    assert budget.bytes_left == 6
    with pytest.raises(UnreadableFileError, match="most_megabytes"):
        budget.take(7)


def test_time_runs_out() -> None:
    with pytest.raises(UnreadableFileError, match="most_seconds"):
        FetchBudget(2, 10, 0).check()
