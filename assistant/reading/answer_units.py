"""What is quoted when a sentence answers: never a question, a list with the sentence that leads in.

A sentence is the smallest answer. Around it stands what it needs: a question is followed by its
answer, a lead-in by its list, table or code block, an item by its lead-in.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reading.announcements import LEAD_IN_END, announced
from assistant.text.blocks import LIST_ITEM, SIMPLE_ITEM, blocks
from assistant.text.headings import without_heading_markup
from assistant.text.phrases import finders, phrases
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.text.table_structure import is_row, is_table_head
from assistant.types import Document

MOST_WORDS = 110
"""Words of a whole list or answer; of a longer one only the part around the sentence is quoted."""
_SHORT_TABLE = 60
"""Words of a table that is shown whole around a row that may answer."""
_REACH = 6_000
"""Characters around a sentence in which its list or its question is looked for."""
_FENCE = re.compile(r"\s*(?:```|~~~)")
_FENCES = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
_UNFINISHED = re.compile(r"[\w,][\s*_]*$")
_QUESTION = re.compile(r"[?？][\s*_\"”’)]*$")
_QUESTION_MARK = re.compile(r"(?:[^\w“\"]|\d)*(?:Q(?:uestion)?\s*\d*\s*[:.)]\W*)?", re.IGNORECASE)
_ANSWER_MARK = re.compile(r"\s*(?:\*\*|__)?A(?:nswer)?(?:\*\*|__)?\s*[:.)]\s*", re.IGNORECASE)
_ANSWER_MARK_LAST = re.compile(rf"\s{_ANSWER_MARK.pattern}$", re.IGNORECASE)
_FEW_WORDS = 4
"""A sentence this short ("No.", "Two at most.") is quoted with the one after it."""


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """The blocks around a sentence, and the place in them of the one that it is in."""

    text: str
    blocks: Sequence[Span]
    at: int

    def of(self, place: int) -> str:
        if not 0 <= place < len(self.blocks):
            return ""
        return self.text[self.blocks[place].start : self.blocks[place].end]

    def is_item(self, place: int) -> bool:
        block = self.of(place)
        return bool(LIST_ITEM.match(block) or self.is_row(place) or _FENCE.match(block))

    def is_row(self, place: int) -> bool:
        return 0 <= place < len(self.blocks) and is_row(self.text, self.blocks[place])


def answer_unit(document: Document, sentence: Span) -> Span:
    """Return the stretch to quote where a sentence answers."""
    around = _surroundings(document.text, sentence)
    if around is None:
        return sentence
    if is_question(document.text[sentence.start : sentence.end]):
        return _answer_below(around, sentence) or sentence
    if listed := _with_list(around, sentence):
        return listed
    if asked := _answer_of_question(around, sentence):
        return asked
    if announced := _announced(around, sentence):
        return announced
    return _with_outcome(around, sentence) or _not_too_short(around, sentence)


def paragraph_around(document: Document, quoted: Span) -> Span | None:
    """Return the whole paragraph or list of a quote, without the first marker of a list item alone.

    Return None for one that asks, since a question is never quoted as an answer, and for a quote
    that is more than a paragraph already.
    """
    text, around = document.text, _surroundings(document.text, quoted)
    if around is None or around.blocks[around.at].end < quoted.end:
        return None
    if table := table_around(document, quoted, _SHORT_TABLE):
        return table
    own = around.blocks[around.at]
    marker = LIST_ITEM.match(text, own.start, own.end)
    whole = Span(min(marker.end() if marker else own.start, quoted.start), own.end)
    for shown in filter(None, (_list_around(around), whole)):
        said = sentences(text, shown.start, shown.end)
        asks = any(is_question(text[one.start : one.end]) for one in said)
        if not asks and _count(text, shown) <= MOST_WORDS:
            return shown
    return None


def _list_around(around: _Surroundings) -> Span | None:
    """Return the list of several items around a place, with the block that leads in, if any."""
    first = last = around.at
    while SIMPLE_ITEM.match(around.of(first - 1)):
        first -= 1
    while SIMPLE_ITEM.match(around.of(last + 1)):
        last += 1
    if first == last or not SIMPLE_ITEM.match(around.of(around.at)):
        return None
    leads = _leads_in(around.of(first - 1))
    return Span(around.blocks[first - leads].start, around.blocks[last].end)


def table_around(document: Document, quoted: Span, most_words: int = MOST_WORDS) -> Span | None:
    """Return the whole table of a row, with the sentence that leads in, or None for a long one."""
    text, around = document.text, _surroundings(document.text, quoted)
    if around is None or not around.is_row(around.at):
        return None
    first = last = around.at
    while around.is_row(first - 1) and _is_next_line(around, first - 1):
        first -= 1
    while around.is_row(last + 1) and _is_next_line(around, last):
        last += 1
    is_led_in = first > 0 and _leads_in(around.of(first - 1))
    while not is_led_in and first < last and is_table_head(text, around.blocks[first]):
        first += 1  # the names of the columns are shown above any row
    above = around.blocks[first - is_led_in]
    start = sentences(text, above.start, above.end)[-1].start if is_led_in else above.start
    whole = Span(start, around.blocks[last].end)
    return whole if _count(text, whole) <= most_words else None


def _is_next_line(around: _Surroundings, place: int) -> bool:
    """Return whether the block after a place stands on the line right below it."""
    gap = around.text[around.blocks[place].end : around.blocks[place + 1].start]
    return gap.count("\n") == 1


def question_above(document: Document, quoted: Span) -> str:
    """Return the question right above a quote, or before it in its paragraph, without its number.

    Return "" if there is none.
    """
    around = _surroundings(document.text, quoted)
    if around is None:
        return ""
    before = sentences(around.text, around.blocks[around.at].start, quoted.start)
    texts = [around.of(around.at - 1), *(around.text[one.start : one.end] for one in before)]
    texts[-1] = _ANSWER_MARK_LAST.sub("", texts[-1])
    asked = next((one for one in reversed(texts) if is_question(one)), "")
    return _QUESTION_MARK.sub("", asked, count=1)


def is_question(sentence: str) -> bool:
    """Whether a sentence asks."""
    return bool(_QUESTION.search(sentence))


def _surroundings(text: str, sentence: Span) -> _Surroundings | None:
    start = text.rfind("\n\n", 0, max(0, sentence.start - _REACH)) + 1
    end = text.find("\n\n", min(len(text), sentence.end + _REACH))
    found = whole_blocks(text, start, len(text) if end < 0 else end)
    for place, block in enumerate(found):
        if block.start <= sentence.start < block.end:
            return _Surroundings(text, found, place)
    return None


def whole_blocks(text: str, start: int, end: int) -> list[Span]:
    """Return the blocks between two offsets, each fenced block of code in one piece with its blank lines."""
    joined: list[Span] = []
    is_open = False
    for block in blocks(text, start, end):
        fences = len(_FENCES.findall(text, block.start, block.end))
        if is_open:
            joined[-1] = Span(joined[-1].start, block.end)
        else:
            joined.append(block)
        is_open ^= fences % 2 == 1
    return joined


def _answer_below(around: _Surroundings, sentence: Span) -> Span | None:
    """Return the answer below a question: the rest of its block, else the next block."""
    block = around.blocks[around.at]
    rest = sentences(around.text, sentence.end, block.end)
    answers = [one for one in rest if not is_question(around.text[one.start : one.end])]
    if not answers and around.at + 1 < len(around.blocks):
        if listed := _list_below(around, around.at):
            return listed
        below = around.blocks[around.at + 1]
        if is_question(around.of(around.at + 1)):
            return None
        answers = sentences(around.text, below.start, below.end)
    return _fitting(around.text, answers)


def _answer_of_question(around: _Surroundings, sentence: Span) -> Span | None:
    """Return the whole answer that a sentence is part of, where a question stands right above."""
    block = around.blocks[around.at]
    inside = sentences(around.text, block.start, block.end)
    asked = [n for n, one in enumerate(inside) if is_question(around.text[one.start : one.end])]
    before = [n for n in asked if inside[n].end <= sentence.start]
    if before:
        after = [n for n in asked if inside[n].start >= sentence.end]
        return _fitting(around.text, inside[before[-1] + 1 : after[0] if after else None], sentence)
    above = around.of(around.at - 1)
    if not asked and is_question(above) and not around.is_item(around.at - 1):
        return _fitting(around.text, inside, sentence)
    return None


def _with_list(around: _Surroundings, sentence: Span) -> Span | None:
    """Return a list with its lead-in, for the lead-in as well as for an item.

    A table row is complete in itself and is quoted alone.
    """
    first = around.at
    if around.is_row(first):
        return None
    if around.is_item(first):
        while first > 0 and around.is_item(first - 1):
            first -= 1
        first -= 1
    if first >= 0 and first != around.at and is_question(around.of(first)):
        return _list_below(around, first)
    if first < 0 or not around.is_item(first + 1) or not _leads_in(around.of(first)):
        return None
    last = first + 1
    while last + 1 < len(around.blocks) and around.is_item(last + 1):
        last += 1
    lead = sentences(around.text, around.blocks[first].start, around.blocks[first].end)[-1]
    if first == around.at and sentence.end < lead.start:
        return None  # a sentence before the one that leads in
    whole = Span(lead.start, around.blocks[last].end)
    if _count(around.text, whole) <= MOST_WORDS:
        return whole
    return None if around.at != first else Span(lead.start, around.blocks[first + 1].end)


def _list_below(around: _Surroundings, place: int) -> Span | None:
    """Return the whole list right below a block, which asks for it, or None for a long one."""
    last = place
    while around.is_item(last + 1) and not around.is_row(last + 1):
        last += 1
    if last == place or around.is_row(last + 1):
        return None
    whole = Span(around.blocks[place + 1].start, around.blocks[last].end)
    return whole if _count(around.text, whole) <= MOST_WORDS else None


def _announced(around: _Surroundings, sentence: Span) -> Span | None:
    """Return what a sentence announces, with it, unless it is long or has a question in it."""
    text = around.text
    whole = announced(text, around.blocks[around.at], sentence, MOST_WORDS // 2)
    said = sentences(text, whole.start, whole.end) if whole else []
    return None if any(is_question(text[one.start : one.end]) for one in said) else whole


def _leads_in(block: str) -> bool:
    """Whether a block ends in a colon, or in the middle of a sentence. A few words are a heading."""
    is_sentence = len(block.split()) >= _FEW_WORDS and without_heading_markup(block) == block
    return bool(LEAD_IN_END.search(block) or (is_sentence and _UNFINISHED.search(block)))


def _with_outcome(around: _Surroundings, sentence: Span) -> Span | None:
    """Return a sentence about what was discussed or asked, with some of those after it.

    What was discussed is not what was decided: the outcome, if there is one, follows.
    """
    if not _asks_indirectly(around.text[sentence.start : sentence.end]):
        return None
    after = sentences(around.text, sentence.end, around.blocks[around.at].end)
    stretches = [Span(sentence.start, one.end) for one in after]
    fitting = [one for one in stretches if _count(around.text, one) <= MOST_WORDS // 2]
    return next(reversed(fitting or stretches[:1]), None)


def _asks_indirectly(sentence: str) -> bool:
    return any(pattern.search(sentence) for _, pattern in finders("indirect_questions"))


def _not_too_short(around: _Surroundings, sentence: Span) -> Span:
    """Return a sentence of very few words with the one after it in its block."""
    if len(around.text[sentence.start : sentence.end].split()) >= _FEW_WORDS:
        return sentence
    block = around.blocks[around.at]
    after = sentences(around.text, sentence.end, block.end)
    return Span(sentence.start, after[0].end) if after else sentence


def _fitting(text: str, answers: Sequence[Span], sentence: Span | None = None) -> Span | None:
    """Return all the sentences of an answer if they are few, else the first or the given one."""
    if not answers:
        return None
    mark = _ANSWER_MARK.match(text, answers[0].start, answers[-1].end)
    start = mark.end() if mark else answers[0].start
    whole = Span(start, answers[-1].end)
    if any(phrase.match(text[whole.start : whole.end]) for phrase in phrases("pointers")):
        return None
    if _count(text, whole) <= MOST_WORDS // 2:
        return whole
    return sentence or Span(start, answers[0].end)


def _count(text: str, span: Span) -> int:
    return len(text[span.start : span.end].split())
