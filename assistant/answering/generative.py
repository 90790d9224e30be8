"""Let a language model write the answer, and show only what the passages support.

Every sentence is checked against the passages that it cites, and its citations are narrowed to the
sentences that support it. Whenever the model fails, the reader gets quotes instead.
"""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.citations import WrittenSentence, check_citations, state_sentences
from assistant.answering.drafts import (
    Claim,
    Draft,
    is_refusal,
    may_become_refusal,
    read_draft,
    without_thoughts,
)
from assistant.answering.extractive import (
    NOT_FOUND,
    NOT_FOUND_CLOSEST,
    extract,
    without_passages,
)
from assistant.answering.material import Material, gather
from assistant.answering.prompts import answer_prompt, rewriting_prompt
from assistant.checking.injection import carries_link, evidence
from assistant.checking.support import (
    Support,
    adds_words,
    attribute,
    check_support,
    is_neutral_heading,
    prepare,
)
from assistant.errors import ChatModelError
from assistant.models.chat_model import ChatModel
from assistant.reading.selection import CLOSEST_SHOWN
from assistant.session import Session
from assistant.text.steering import reads_as_instruction
from assistant.text.words import STOP_WORDS, words
from assistant.types import GENERATIVE, Answer, Citation, Passage, Statement, Status, Turn
from assistant.understanding.intents import understand

QUOTES_INSTEAD = "These are quotes from the documents instead."
_LINK = "The sentence contains a link, an image or markup that is not in the passages."
_INSTRUCTION = "The cited text reads like an instruction to a language model."
_ONLY_INSTRUCTIONS = "The passages that were found read like instructions to a language model."
_RESERVED = 2.0
"""Seconds of the answer's time limit that are reserved for quoting, even on a busy machine."""
_NEW_WORDS = 0.25
_LONGEST_REWRITING = 400
_LABEL = re.compile(r"^(?:[\w -]{0,30}question)\s*:\s*", re.IGNORECASE)


class GenerativeEngine:
    """Answers questions with a language model. Every sentence of an answer has been checked.

    ``token_budget`` limits a prompt, and ``seconds`` limits the time for a whole answer. With
    ``flags_unsupported``, a sentence that no passage supports is shown with the reason. Otherwise
    it is left out.
    """

    name = GENERATIVE

    def __init__(
        self, model: ChatModel, *, token_budget: int, seconds: float, flags_unsupported: bool
    ) -> None:
        self._model = model
        self._token_budget, self._seconds = token_budget, seconds
        self._flags = flags_unsupported

    def stream(
        self,
        session: Session,
        question: str,
        history: Sequence[Turn],
        stopped: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, and nothing more once ``stopped`` is set.

        The last piece is the whole answer, and all citations are checked. An unfinished sentence is
        a statement without citations, yielded only if unsupported sentences are flagged.
        """
        deadline = time.monotonic() + self._seconds - min(_RESERVED, self._seconds / 4)
        intent = understand(question, history)
        direct = without_passages(session, question, intent, history)
        if direct is not None:
            yield check_citations(direct, session.view.catalog.document)
            return
        try:
            with session.timed("rewriting"):
                standalone = self._rewritten(question, history, deadline, stopped)
            if _is_set(stopped):
                return
            with session.timed("retrieval"):
                material = gather(session, question, intent, history, standalone)
            if not words(material.question) or not material.passages:
                yield _quoted(session, question, history)
                return
            timings = dict(session.timings)
            for answer in self._written(session, question, history, material, deadline, stopped):
                yield replace(answer, timings={**timings, **answer.timings})
        except ChatModelError as error:
            yield _with_reason(_quoted(session, question, history), str(error))

    def _rewritten(
        self,
        question: str,
        history: Sequence[Turn],
        deadline: float,
        stopped: threading.Event | None,
    ) -> str:
        """Return the question as completed by the model, or an empty string.

        Without a usable history or a usable rewriting, rules complete the question instead.
        """
        turns = [turn for turn in history if turn.answer.status is not Status.SMALL_TALK]
        prompt = rewriting_prompt(question, turns, self._token_budget)
        if not prompt:
            return ""
        written = ""
        for piece in self._model.stream(prompt, deadline, stopped):
            written += piece.text
        return accepted_rewriting(question, turns, written)

    def _written(
        self,
        session: Session,
        question: str,
        history: Sequence[Turn],
        material: Material,
        deadline: float,
        stopped: threading.Event | None,
    ) -> Iterator[Answer]:
        trusted = [
            (passage, "" if reads_as_instruction(heading) else heading)
            for passage, heading in zip(material.passages, material.headings, strict=True)
            if evidence(passage)
        ]
        if not trusted:
            raise ChatModelError(_ONLY_INSTRUCTIONS)
        prompt = answer_prompt(
            material.question,
            [passage for passage, _ in trusted],
            [heading for _, heading in trusted],
            self._token_budget,
            is_summary=material.is_summary,
        )
        if not prompt.passages:
            raise ChatModelError(
                f"No passage fits into a prompt of {self._token_budget:,} tokens. "
                "Raise ASSISTANT_CHAT_TOKEN_BUDGET."
            )
        begun = Answer(
            question,
            material.shown,
            Status.ANSWERED,
            engine=GENERATIVE,
            within=material.within,
        )
        writing = _Writing(prompt.passages, session)
        written, is_cut, shown = "", False, begun
        started = time.perf_counter()
        writing.prepare()
        with session.traced("writing"):
            for piece in self._model.stream(prompt.messages, deadline, stopped):
                written, is_cut = written + piece.text, is_cut or piece.cut
                draft = read_draft(written, len(prompt.passages), is_whole=False)
                answer = self._unfinished(begun, writing, draft, is_silent=not piece.text)
                if answer != shown and not may_become_refusal(written):
                    shown = answer
                    yield answer
        if _is_set(stopped):
            return
        draft = read_draft(written, len(prompt.passages), is_whole=not is_cut)
        if is_refusal(written):
            answer = _not_found(begun, _quoted(session, question, history))
        else:
            answer = self._finished(begun, writing, draft)
        seconds = time.perf_counter() - started
        timings = {"writing": seconds - writing.seconds, "checking": writing.seconds}
        yield replace(answer, timings=timings)

    def _unfinished(
        self, begun: Answer, writing: "_Writing", draft: Draft, *, is_silent: bool
    ) -> Answer:
        """Return what can be shown so far. An unfinished sentence is shown only if flags are."""
        claims, rest = list(draft.claims), draft.rest
        if claims and not (rest or claims[-1].passages or is_silent):
            rest = claims.pop().text  # its mark may still follow
        statements, citations = state_sentences(self._shown(writing, claims))
        answer = writing.checked(replace(begun, statements=statements, citations=citations))
        if rest and self._flags:
            answer = replace(answer, statements=(*answer.statements, Statement(rest, ())))
        return answer

    def _finished(self, begun: Answer, writing: "_Writing", draft: Draft) -> Answer:
        """Return the whole answer. Raise `ChatModelError` if no sentence is supported."""
        sentences = [writing.sentence(claim) for claim in draft.claims]
        if not sentences:
            raise ChatModelError("The language model wrote nothing usable.")
        dropped = sum(1 for sentence in sentences if sentence.unsupported)
        if dropped == len(sentences):
            raise ChatModelError(
                "None of the language model's sentences is supported by the passages."
            )
        statements, citations = state_sentences(self._shown(writing, draft.claims))
        answer = replace(
            begun,
            statements=statements,
            citations=citations,
            notice="" if self._flags else _left_out_notice(dropped),
            sentences_dropped=dropped,
            marks_dropped=draft.dropped,
        )
        return writing.checked(answer)

    def _shown(self, writing: "_Writing", claims: Sequence[Claim]) -> list[WrittenSentence]:
        sentences = [writing.sentence(claim) for claim in claims]
        return [sentence for sentence in sentences if self._flags or not sentence.unsupported]


@dataclass(slots=True)
class _Writing:
    """An answer being written. Each sentence is checked once, however often the draft is read."""

    passages: tuple[Passage, ...]
    session: Session
    parts: list[list[Passage]] = field(default_factory=list)
    preparing: threading.Thread | None = None
    checks: dict[Claim, Support] = field(default_factory=dict)
    headings: dict[str, bool] = field(default_factory=dict)
    seconds: float = 0.0

    def prepare(self) -> None:
        """Start to prepare the passages for checking while the model reads them."""
        self.parts = [evidence(passage) for passage in self.passages]
        all_parts = [part for parts in self.parts for part in parts]
        self.preparing = threading.Thread(
            target=prepare, args=(all_parts, self.session.encoder), daemon=True
        )
        self.preparing.start()

    @property
    def _has_orders(self) -> bool:
        """Whether a passage has a paragraph that reads like an instruction."""
        return any(
            [part.text.strip() for part in parts] != [passage.text.strip()]
            for passage, parts in zip(self.passages, self.parts, strict=True)
        )

    def sentence(self, claim: Claim) -> WrittenSentence:
        """Return the claim with the passages that support it, or with the reason why none does."""
        if claim not in self.checks:
            started = time.perf_counter()
            with self.session.traced("checking"):
                if self.preparing is not None:
                    self.preparing.join()
                self.checks[claim] = self._support(claim)
            self.seconds += time.perf_counter() - started
        support = self.checks[claim]
        heading = claim.heading if self._is_shown(claim.heading) else ""
        return WrittenSentence(claim.text, support.carrying, support.reason, claim.item, heading)

    def _is_shown(self, heading: str) -> bool:
        """Return whether a heading can be shown: it says nothing that the passages do not."""
        if heading not in self.headings:
            parts = [part for parts in self.parts for part in parts]
            self.headings[heading] = (
                not carries_link(heading, [])
                and not reads_as_instruction(heading)
                and is_neutral_heading(heading, parts, self.session.stemmer)
            )
        return self.headings[heading]

    def checked(self, answer: Answer) -> Answer:
        """Return the answer. Raise `CitationError` if its citations are wrong."""
        documents = {passage.document.id: passage.document for passage in self.passages}
        return check_citations(answer, documents.get)

    def _support(self, claim: Claim) -> Support:
        cited = [self.parts[number - 1] for number in claim.passages]
        parts = [part for parts in cited or self.parts for part in parts]
        if carries_link(claim.text, parts):
            return Support(False, _LINK)
        if not parts:
            return Support(False, _INSTRUCTION)
        check = check_support if cited else attribute
        support = check(
            claim.text, parts, self.session.encoder, self.session.stemmer, judge=self.session.judge
        )
        # Words of its own may come from an order that was kept out, in whatever language.
        if support.supported and self._has_orders:
            own = [part for part in parts if any(_is_within(one, part) for one in support.carrying)]
            if adds_words(claim.text, own, self.session.stemmer):
                return Support(False, _INSTRUCTION)
        return support


def _is_within(sentence: Passage, part: Passage) -> bool:
    is_same = sentence.document.id == part.document.id
    return is_same and part.start <= sentence.start and sentence.end <= part.end


def accepted_rewriting(question: str, history: Sequence[Turn], written: str) -> str:
    """Return the standalone question that a model wrote, or an empty string if it is not usable.

    It must be one question on one line, in words of the conversation.
    """
    lines = [line.strip() for line in without_thoughts(written).splitlines() if line.strip()]
    if len(lines) != 1 or len(lines[0]) > _LONGEST_REWRITING:
        return ""
    rewriting = _LABEL.sub("", lines[0]).strip("\"“”'` ")
    is_question = question.rstrip().endswith("?")
    if not words(rewriting) or (is_question and not rewriting.endswith("?")):
        return ""
    known = _content_words(question)
    for turn in history:
        known |= _content_words(f"{turn.question} {turn.answer.text}")
    used = _content_words(rewriting)
    if len(used - known) > _NEW_WORDS * len(used) or carries_link(rewriting, []):
        return ""
    return rewriting


def _content_words(text: str) -> set[str]:
    return {word.casefold() for word in words(text)} - STOP_WORDS


def _quoted(session: Session, question: str, history: Sequence[Turn]) -> Answer:
    """Return the extractive answer without text that reads like an instruction to a language model.

    The model may have failed because of such an instruction. Quoting it would still let it through.
    """
    extracted = extract(session, question, history)
    answer = check_citations(extracted, session.view.catalog.document)

    def is_evidence(citation: Citation) -> bool:
        document = session.document(citation.document_id)
        return bool(evidence(Passage(document, citation.start, citation.end)))

    closest = tuple(citation for citation in answer.closest if is_evidence(citation))
    trusted = {citation.number for citation in answer.citations if is_evidence(citation)}
    if len(trusted) == len(answer.citations):
        return replace(answer, closest=closest)
    renumbered = {old: new for new, old in enumerate(sorted(trusted), 1)}
    statements = tuple(
        replace(statement, citations=tuple(renumbered[number] for number in statement.citations))
        for statement in answer.statements
        if trusted.issuperset(statement.citations)
    )
    if not statements:
        return Answer(
            question,
            answer.standalone_question,
            Status.NOT_FOUND,
            notice=NOT_FOUND,
            timings=answer.timings,
        )
    citations = tuple(
        replace(citation, number=renumbered[citation.number])
        for citation in answer.citations
        if citation.number in trusted
    )
    return replace(answer, statements=statements, citations=citations, closest=closest)


def _with_reason(quotes: Answer, reason: str) -> Answer:
    """Return quotes with a notice that explains why they replace a written answer."""
    notice = QUOTES_INSTEAD if quotes.statements else quotes.notice
    return replace(quotes, notice=f"{reason} {notice}")


def _not_found(begun: Answer, quotes: Answer) -> Answer:
    """Return an answer that says that nothing was found, with the nearest passages."""
    nearest = (*quotes.citations, *quotes.closest)[:CLOSEST_SHOWN]
    closest = tuple(replace(citation, number=0) for citation in nearest)
    notice = NOT_FOUND_CLOSEST if closest else NOT_FOUND
    return replace(begun, status=Status.NOT_FOUND, closest=closest, notice=notice)


def _left_out_notice(count: int) -> str:
    if count == 0:
        return ""
    if count == 1:
        return "One sentence was left out because the passages do not support it."
    return f"{count} sentences were left out because the passages do not support them."


def _is_set(stopped: threading.Event | None) -> bool:
    return stopped is not None and stopped.is_set()
