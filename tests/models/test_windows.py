"""What the reading model sees of a passage, and where what it finds lies in the text."""

from itertools import pairwise

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from assistant import Reading
from assistant.models.windows import (
    Window,
    best_spans,
    cut_windows,
    evidence_of,
    likeliest,
    logistic,
)

CLS, SEP = 101, 102
TEXT = "Otters swim. Zebras run."
WORDS = Window(
    (CLS, 1, SEP, 2, 3, 4, 5, 6, 7, SEP),
    3,
    ((0, 6), (7, 11), (11, 12), (13, 19), (20, 23), (23, 24)),
)


def windows(words: int, max_length: int, header: tuple[int, ...] = ()) -> list[Window]:
    tokenizer = Tokenizer(models.WordLevel({"word": 7}, "word"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    passage = tokenizer.encode("word " * words, add_special_tokens=False)
    limits = {"cls": CLS, "sep": SEP, "max_length": max_length, "stride": 2}
    return list(cut_windows((1, 2), header, passage, **limits))


def test_question_header_and_passage_are_parted_by_separators() -> None:
    (window,) = windows(2, 20, header=(5,))
    assert window.ids == (CLS, 1, 2, SEP, 5, SEP, 7, 7, SEP)
    assert window.passage_start == 6
    assert windows(1, 20)[0].ids == (CLS, 1, 2, SEP, 7, SEP)
    assert windows(0, 20) == []


def test_a_long_passage_has_full_windows_that_overlap_and_leave_nothing_out() -> None:
    cut = windows(23, 13)
    assert all(len(window.ids) == 13 for window in cut)
    assert cut[0].offsets[0][0] == 0
    assert cut[-1].offsets[-1] == (110, 114)
    for left, right in pairwise(cut):
        assert len(set(left.offsets) & set(right.offsets)) >= 2


def test_the_best_spans_do_not_overlap_and_share_the_probability_by_their_scores() -> None:
    scores = np.full((10, 10), -1e4, np.float32)
    scores[3, 4], scores[3, 5], scores[6, 6] = 5.0, 4.5, 4.0
    best, other = best_spans(WORDS, scores, 0.8)
    assert (best.start, best.end) == (0, 11)
    assert best.probability == pytest.approx(0.8)
    assert (other.start, other.end) == (13, 19)
    assert other.probability == pytest.approx(0.8 * np.exp(-1))


def test_of_several_windows_the_likelier_of_two_overlapping_spans_stays() -> None:
    first, same, other = Reading(0, 6, 0.5), Reading(3, 6, 0.4), Reading(7, 11, 0.3)
    assert likeliest([other, same, first]) == (first, other)


def test_a_sentence_is_evidence_by_the_mean_of_its_tokens() -> None:
    logits = np.array([9, 9, 9, 1, 1, 1, -2, -3, -4, 9], np.float32)
    swim, run = evidence_of(TEXT, [(WORDS, logits)])
    assert [TEXT[one.start : one.end] for one in (swim, run)] == ["Otters swim.", "Zebras run."]
    assert swim.probability == pytest.approx(logistic(1.0))
    assert run.probability == pytest.approx(logistic(-3.0))


def test_a_sentence_in_two_windows_has_the_higher_mean() -> None:
    low, high = np.zeros(10, np.float32), np.full(10, 2, np.float32)
    assert evidence_of(TEXT, [(WORDS, low), (WORDS, high)])[0].probability == logistic(2.0)


def test_far_logits_do_not_overflow() -> None:
    assert logistic(0) == 0.5
    assert logistic(-1e4) == 0.0
    assert logistic(1e4) == 1.0
