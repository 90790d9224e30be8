"""Read a language model's draft as sentences with the passages that they cite.

Only ``[1]``, ``[1, 3]`` and ``[1][3]`` with numbers of existing passages count as citation marks.
Zero, numbers out of range, nested marks and other forms (``[Passage 2]``, ``[1-3]``, ``【1】``) are
removed and counted.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.prompts import NOT_FOUND_WORDS
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.text.steering import without_hidden
from assistant.text.surrogates import joined_surrogates

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_NUMBERS = re.compile(r"\s*[0-9]{1,4}(?:\s*,\s*[0-9]{1,4})*\s*")
_MADE_UP = re.compile(r"\d|\b(?:passage|source|citation|document|reference|footnote)s?\b", re.I)
_FOREIGN = re.compile(r"【[^【】\n]*】|〔[^〔〕\n]*〕|［[^［］\n]*］")
_LONGEST_MARK = 80
_LIST_MARKER = re.compile(r"(?:[-*+•‣◦–]|#{1,6}|\(?\d{1,3}[.)])\s+")
_HEADING = re.compile(r"#{1,6}\s")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`+)(?=\S)(.+?)(?<=\S)\1")
_ENDED = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*$")
_NEXT = " The"
_REFUSAL = re.compile(rf"\W*{NOT_FOUND_WORDS}\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence in plain text, and the numbers of the passages that it cites.

    ``item`` is the number of the list item that it belongs to, 0 outside lists. ``heading`` is the
    heading that it is written below.
    """

    text: str
    passages: tuple[int, ...]
    item: int = 0
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The sentences so far. ``rest`` is the unfinished sentence, ``dropped`` counts invalid marks."""

    claims: tuple[Claim, ...]
    rest: str
    dropped: int


def read_draft(written: str, passages: int, *, is_whole: bool) -> Draft:
    """Return the sentences that a model has written so far from ``passages`` numbered passages.

    With ``is_whole``, the text is complete, and so is its last sentence.
    """
    text, marks, dropped = _without_marks(without_thoughts(written), passages, is_whole)
    spans = sentences(text)
    numbers: list[list[int]] = [[] for _ in spans]
    starts = [span.start for span in spans]
    for offset, number in marks:
        # a mark belongs to the sentence of the last word before it
        word_end = len(text[:offset].rstrip())
        index = max(0, bisect_left(starts, word_end) - 1)
        if spans and number not in numbers[index]:
            numbers[index].append(number)
    claims, heading = [], ""
    for span, cited, item in zip(spans, numbers, _items(text, spans), strict=True):
        sentence = _plain(text[span.start : span.end])
        if _HEADING.match(text, span.start):
            heading = sentence
        else:
            claims.append(Claim(sentence, tuple(cited), item, heading))
    rest = ""
    if claims and not is_whole and not _is_ended(text):
        rest = claims.pop().text
    return Draft(tuple(claim for claim in claims if _has_words(claim.text)), rest, dropped)


def without_thoughts(written: str) -> str:
    """Return the text without the thoughts that a reasoning model writes before it answers."""
    return _THOUGHT.sub(" ", joined_surrogates(written))


def is_refusal(written: str) -> bool:
    """Return whether a model wrote only that the passages do not answer the question."""
    return bool(_REFUSAL.fullmatch(without_thoughts(written)))


def may_become_refusal(written: str) -> bool:
    """Return whether the text so far may still become a refusal."""
    so_far = re.sub(r"\W+", " ", without_thoughts(written)).strip().upper()
    return NOT_FOUND_WORDS.startswith(so_far)


def _without_marks(
    written: str, passages: int, is_whole: bool
) -> tuple[str, list[tuple[int, int]], int]:
    """Return the text without marks, the offset and number of each mark, and the invalid count."""
    marks: list[tuple[int, int]] = []
    text, dropped, last = "", 0, 0
    for start, end, inside in _brackets(written):
        if inside is None:  # not closed yet: this may become a mark
            if not is_whole:
                return text + written[last:start].rstrip(), marks, dropped
            if not _MADE_UP.search(written[start:end]):
                continue
            inside = "["
        is_link = written[end : end + 1] == "("
        if is_link or not (_MADE_UP.search(inside) or "[" in inside):
            continue
        text += written[last:start].rstrip(" \t")
        last = end
        if written[end : end + 1].isalnum():
            text += " "
        if not _NUMBERS.fullmatch(inside):
            dropped += 1
            continue
        for number in (int(digits) for digits in inside.split(",")):
            if 1 <= number <= passages:
                marks.append((len(text), number))
            else:
                dropped += 1
    return text + written[last:], marks, dropped


def _brackets(written: str) -> Iterator[tuple[int, int, str | None]]:
    """Yield the outermost brackets with their content, or None for a last unclosed bracket.

    Only short brackets on one line can be marks. All others are skipped.
    """
    position = 0
    foreign = {match.start(): match.end() for match in _FOREIGN.finditer(written)}
    while position < len(written):
        if position in foreign:
            yield position, foreign[position], written[position + 1 : foreign[position] - 1] + "[1"
            position = foreign[position]
            continue
        if written[position] != "[":
            position += 1
            continue
        end, depth = position, 0
        while end < len(written) and end - position <= _LONGEST_MARK and written[end] != "\n":
            depth += {"[": 1, "]": -1}.get(written[end], 0)
            end += 1
            if depth == 0:
                break
        if depth == 0:
            yield position, end, written[position + 1 : end - 1]
            position = end
        elif end == len(written):
            yield position, end, None
            return
        else:
            position += 1


def _items(text: str, spans: Sequence[Span]) -> list[int]:
    """Return for each sentence the number of its list item, which ends with its line."""
    items: list[int] = []
    count, current = 0, 0
    for span in spans:
        before = text[: span.start].rstrip(" \t")
        if not before or before.endswith("\n"):
            is_item = _LIST_MARKER.match(text, span.start) is not None
            count += is_item
            current = count if is_item else 0
        items.append(current)
    return items


def _is_ended(text: str) -> bool:
    """Return whether the last sentence is finished, so that another sentence could follow."""
    if text.endswith("\n"):
        return True
    if not _ENDED.search(text):
        return False
    kept = text.rstrip()
    return len(sentences(kept + _NEXT)) > len(sentences(kept))


def _plain(sentence: str) -> str:
    """Return a sentence on one line, without list markers, emphasis and invisible characters."""
    flat = " ".join(without_hidden(sentence).split())
    if marker := _LIST_MARKER.match(flat):
        flat = flat[marker.end() :]
    return _EMPHASIS.sub(r"\2", flat)


def _has_words(sentence: str) -> bool:
    return any(character.isalnum() for character in sentence)
