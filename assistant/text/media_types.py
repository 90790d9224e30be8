"""The media types of readable documents, and their file extensions."""

HTML = "text/html"


MARKDOWN = "text/markdown"


PDF = "application/pdf"


PLAIN = "text/plain"


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


MEDIA_TYPES = {
    ".txt": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".pdf": PDF,
    ".docx": WORD,
}
"""Media types by file extension."""
