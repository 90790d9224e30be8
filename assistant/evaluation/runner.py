"""Ask the questions of cases and judge the answers, with any engine of the assistant."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import UsageError
from assistant.evaluation.cases.case_model import Case, CaseFileError, Quote
from assistant.evaluation.evaluated_assistant import EvaluatedAssistant
from assistant.evaluation.metrics.diagnosis import Diagnosis, Stage, diagnose
from assistant.evaluation.metrics.evidence import (
    DocumentSpan,
    DocumentTexts,
    Need,
    covered_needs,
    is_evidence,
)
from assistant.evaluation.metrics.judging import (
    cited_spans,
    is_right,
    judge,
    prediction,
    words_correct,
)
from assistant.evaluation.metrics.measures import RETRIEVED
from assistant.evaluation.metrics.observation import Observation
from assistant.evaluation.reports.report import Report, describe, report_on
from assistant.evaluation.reports.results import (
    CaseResult,
    CitedPassage,
    Evidence,
    Excerpt,
    Retrieved,
)
from assistant.types import (
    GENERATIVE,
    Citation,
    Hit,
    Status,
    Turn,
)

CONTEXT = 320
"""Characters of a document that are shown before and after a passage."""

Progress = Callable[[int, int], None]
"""Called after each case with how many are done, and how many there are."""


def evaluate(
    assistant: EvaluatedAssistant,
    cases: Iterable[Case],
    *,
    thresholds: Mapping[str, float] | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Report:
    """Ask every case and report on the answers.

    ``engine`` is one of the assistant's, by default its first. A case that raises an error counts
    as failed. Raises `CaseFileError` for quotes that are not in the documents, before any question
    is asked, and `UsageError` for an engine that the assistant does not have.
    """
    evaluation = Evaluation(assistant, cases, engine)
    results = evaluation.run(progress)
    return report_on(results, {"": thresholds or {}}, describe([assistant], evaluation.engine))


def engine_of(assistant: EvaluatedAssistant, engine: str | None) -> str:
    """Return the engine, or the assistant's first. Raises `UsageError` if it has no such engine."""
    if engine is None or engine in assistant.engines:
        return engine or assistant.engines[0]
    raise UsageError(
        f"There is no engine {engine!r}. Available: {', '.join(assistant.engines)}. The "
        f"{GENERATIVE} engine needs a language model: set ASSISTANT_CHAT_MODEL."
    )


@dataclass(frozen=True, slots=True)
class _Needs:
    """Where the quotes of a case are: any one of ``cites`` suffices, all of ``cites_all`` are needed."""

    one_of: tuple[Need, ...]
    all_of: tuple[Need, ...]

    @property
    def together(self) -> tuple[Need, ...]:
        """One need that any quote of ``cites`` meets, and one for each of ``cites_all``."""
        alternatives = tuple(span for need in self.one_of for span in need)
        return ((alternatives,) if alternatives else ()) + self.all_of


class Evaluation:
    """Cases over one assistant; their quotes are located before any question is asked.

    Raises `CaseFileError` with every quote that is not there and the passage closest to it.
    """

    def __init__(
        self, assistant: EvaluatedAssistant, cases: Iterable[Case], engine: str | None = None
    ) -> None:
        self.engine = engine_of(assistant, engine)
        self._assistant = assistant
        self.cases = tuple(cases)
        self._texts = DocumentTexts(
            assistant.document(summary.id) for summary in assistant.documents()
        )
        problems: list[str] = []
        self._needs = [self._located(case, problems) for case in self.cases]
        if problems:
            raise CaseFileError("\n".join(problems))
        self._warm = False

    def run(self, progress: Progress | None = None) -> list[CaseResult]:
        """Return the results of all cases, in order."""
        results: list[CaseResult] = []
        for position in range(len(self.cases)):
            results.append(self.result(position))
            if progress:
                progress(len(results), len(self.cases))
        return results

    def result(self, position: int) -> CaseResult:
        """Ask the case at a position and judge the answer.

        The models are loaded before the first case: an index that cannot be used is an error of
        the set-up, not of every case, and the first latency does not include loading.
        """
        if not self._warm:
            self._assistant.warm_up()
            self._warm = True
        case, needs = self.cases[position], self._needs[position]
        history: list[Turn] = []
        try:
            for question in case.questions:
                answer = self._assistant.ask(question, tuple(history), engine=self.engine)
                history.append(Turn(question, answer))
            read = self._assistant.settings.top_k
            query = answer.standalone_question or answer.question
            hits = self._assistant.retrieve(query, max(RETRIEVED, read))
        except (
            Exception
        ) as error:  # any error fails the case and is reported, and the other cases run
            return self._raised(case, needs, history, error)
        return self._judged(case, needs, history, hits)

    def _judged(
        self, case: Case, needs: _Needs, history: Sequence[Turn], hits: Sequence[Hit]
    ) -> CaseResult:
        answer, together = history[-1].answer, needs.together
        read = self._assistant.settings.top_k
        checks = judge(case.expect, answer, needs.one_of, needs.all_of)
        passages = (*answer.citations, *answer.closest)
        cited = [self._cited(citation, together) for citation in passages]
        covered = [covered_needs(_span(hit), together) for hit in hits]
        observation = Observation(
            passed=all(check.passed for check in checks),
            expected=case.expect.awaited_status,
            status=answer.status,
            right=is_right(case.expect, answer, checks),
            needs=together,
            relevance=tuple(covered),
            correct=words_correct(case.expect, checks),
            prediction=prediction(answer),
            references=case.expect.answers,
            cited=cited_spans(answer),
            quotes=len(cited),
            verbatim_quotes=sum(passage.verbatim for passage in cited),
            statements=len(answer.statements),
            uncited_statements=sum(not one.citations for one in answer.statements),
            confidence=answer.confidence,
            timings=answer.timings,
        )
        return CaseResult(
            case,
            answer,
            observation,
            checks,
            tuple(cited),
            self._evidence(together, cited_spans(answer)),
            tuple(
                Retrieved(
                    rank,
                    self._excerpt(_span(hit), context=0),
                    hit.score,
                    hit.dense_rank,
                    hit.keyword_rank,
                    tuple(sorted(needs_covered)),
                    rank <= read,
                )
                for rank, (hit, needs_covered) in enumerate(zip(hits, covered, strict=True), 1)
            ),
            diagnose(case.expect, answer, checks, together, hits, read),
            history=_shown_history(history[:-1]),
        )

    def _raised(
        self, case: Case, needs: _Needs, history: Sequence[Turn], error: Exception
    ) -> CaseResult:
        """Return the result of a case that raised an error: wrong in all that it is labelled for."""
        expect = case.expect
        words = bool(expect.contains or expect.contains_any)
        message = f"{type(error).__name__}: {error}"
        observation = Observation(
            passed=False,
            expected=expect.awaited_status,
            needs=needs.together,
            correct=False if words and expect.awaited_status == Status.ANSWERED else None,
            references=expect.answers,
        )
        return CaseResult(
            case,
            None,
            observation,
            evidence=self._evidence(needs.together, ()),
            diagnosis=Diagnosis(Stage.ERROR, "Asking raised an error."),
            error=message,
            history=_shown_history(history),
        )

    def _located(self, case: Case, problems: list[str]) -> _Needs:
        return _Needs(
            tuple(
                self._need(case, f"expect.cites.{position}", quote, problems)
                for position, quote in enumerate(case.expect.cites)
            ),
            tuple(
                self._need(case, f"expect.cites_all.{position}", quote, problems)
                for position, quote in enumerate(case.expect.cites_all)
            ),
        )

    def _need(self, case: Case, field: str, quote: Quote, problems: list[str]) -> Need:
        if spans := self._texts.locate(quote.quote, quote.document):
            return tuple(spans)
        name, position = field.rsplit(".", 1)
        where = (
            f"{case.place.at(field) if case.place else 'cases'}: {case.name}: {name}[{position}]"
        )
        if quote.document and quote.document not in self._texts.sources:
            problems.append(f"{where}: the index has no document {quote.document!r}")
            return ()
        inside = repr(quote.document) if quote.document else "the documents"
        near = self._texts.nearest(quote.quote, quote.document)
        hint = (
            f"; the closest passage is {near.source}, line {near.line}: “{near.text}”"
            if near
            else ""
        )
        problems.append(f"{where}: the quote “{quote.quote}” is not in {inside}{hint}")
        return ()

    def _cited(self, citation: Citation, needs: Sequence[Need]) -> CitedPassage:
        span = DocumentSpan(citation.document_id, citation.start, citation.end)
        excerpt = self._excerpt(span)
        return CitedPassage(
            citation.number, excerpt, excerpt.text == citation.quote, is_evidence(span, needs)
        )

    def _evidence(
        self, needs: Sequence[Need], cited: Sequence[DocumentSpan]
    ) -> tuple[Evidence, ...]:
        return tuple(
            Evidence(
                position,
                self._excerpt(span),
                any(is_evidence(citation, ((span,),)) for citation in cited),
            )
            for position, need in enumerate(needs)
            for span in need
        )

    def _excerpt(self, span: DocumentSpan, context: int = CONTEXT) -> Excerpt:
        document = self._texts[span.document_id]
        first, last = max(0, span.start - context), span.end + context
        before, after = document.text[first : span.start], document.text[span.end : last]
        return Excerpt(
            document.id,
            document.source,
            document.title,
            span.start,
            span.end,
            document.line_at(span.start),
            document.page_at(span.start),
            "… " + before.split(maxsplit=1)[-1] if first and " " in before.strip() else before,
            document.text[span.start : span.end],
            after.rsplit(maxsplit=1)[0] + " …"
            if last < len(document.text) and " " in after.strip()
            else after,
        )


def _span(hit: Hit) -> DocumentSpan:
    return DocumentSpan(hit.chunk.document_id, hit.chunk.start, hit.chunk.end)


def _shown_history(history: Sequence[Turn]) -> tuple[tuple[str, str], ...]:
    return tuple((turn.question, turn.answer.text) for turn in history)
