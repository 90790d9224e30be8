"""The media types of the documents that can be read, and the file endings that name them."""

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
"""What a file is by the ending of its name."""
