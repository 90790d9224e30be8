"""The labels of Gradio's components, which are built once and served in the reader's language."""

import json
import re

from assistant.web.strings import load_strings

_MARKER = re.compile(r"%%(\w+)%%")


def label(key: str) -> str:
    """Return the placeholder of a text while the page is built."""
    return f"%%{key}%%"


def with_labels(page: str) -> str:
    """Return the page with its texts, in the language of the request.

    They stand in JSON inside a script, and some of them in HTML inside that JSON: so they must be
    free of the signs of HTML.
    """
    texts = load_strings("chat")

    def text_of(match: re.Match[str]) -> str:
        if match[1] not in texts.keys:
            return match[0]
        return json.dumps(texts(match[1]))[1:-1]

    return _MARKER.sub(text_of, page)
