"""Thumbs and comment below an answer, as HTML: what the reader said of it, to be changed or undone."""

from html import escape

from assistant.feedback.recording import MAX_COMMENT
from assistant.web.chat.conversation import Verdict

_THUMB = (
    '<svg aria-hidden="true" viewBox="0 0 24 24" width="18" height="18" fill="none"'
    ' stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"{turn}>'
    '<path d="M7 11v9H3.5v-9zM7 11l4-8c1.7 0 2.7 1.2 2.7 2.8V9h5.1c1.3 0 2.2 1.2 1.9 2.4'
    'l-1.7 7c-.2.9-1 1.6-2 1.6H7"/></svg>'
)
_UP = _THUMB.format(turn="")
_DOWN = _THUMB.format(turn=' class="down"')
_HINT = "Your comment is kept with them, for whoever runs this."


def thumbs(index: int, verdict: Verdict | None, enabled: bool) -> str:
    """The two buttons of the answer at a position of the conversation; pressed is what was said."""
    said = verdict.helpful if verdict else None
    return (
        '<span class="thumbs" role="group" aria-label="Was this answer helpful?">'
        f"{_thumb(index, True, said is True, enabled)}{_thumb(index, False, said is False, enabled)}"
        "</span>"
    )


def verdict_note(index: int, verdict: Verdict, enabled: bool) -> str:
    """What was said of the answer, a form for the comment, and a way to take it back."""
    disabled = "" if enabled else " disabled"
    said = "Kept as helpful" if verdict.helpful else "Kept as not helpful"
    comment = (
        f'<p class="commented" dir="auto">{escape(verdict.comment)}</p>' if verdict.comment else ""
    )
    offer = "Change the comment" if verdict.comment else "Add a comment"
    unfolded = " open" if not verdict.helpful and not verdict.comment else ""
    name = f"comment-{index}"
    return (
        f'<div class="verdict"><p>{said}, with the question and the answer. <button type="button" class="link" data-action="unrate"'
        f' data-index="{index}"{disabled}>Undo</button></p>{comment}'
        f"<details{unfolded}><summary>{offer}</summary>"
        f'<form data-index="{index}" data-verdict="{escape(verdict.id)}"'
        f' data-helpful="{"yes" if verdict.helpful else "no"}">'
        f'<label for="{name}">What was right, wrong or missing?</label>'
        f'<textarea id="{name}" rows="2" maxlength="{MAX_COMMENT}" dir="auto"'
        f' aria-describedby="{name}-hint">{escape(verdict.comment)}</textarea>'
        f'<p class="hint" id="{name}-hint">{_HINT}</p>'
        f'<div class="actions"><button type="submit"{disabled}>Send comment</button></div>'
        "</form></details></div>"
    )


def _thumb(index: int, helpful: bool, pressed: bool, enabled: bool) -> str:
    name = "Helpful" if helpful else "Not helpful"
    return (
        f'<button type="button" class="thumb" data-action="rate" data-index="{index}"'
        f' data-helpful="{"yes" if helpful else "no"}"'
        f' aria-pressed="{"true" if pressed else "false"}" aria-label="{name}" title="{name}"'
        f"{'' if enabled else ' disabled'}>{_UP if helpful else _DOWN}</button>"
    )
