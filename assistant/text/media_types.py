"""The media types of readable documents, and their file extensions."""

HTML = "text/html"
MARKDOWN = "text/markdown"
PDF = "application/pdf"
PLAIN = "text/plain"
SOURCE = "text/x-source"
"""Programs and data that people write, such as JSON and YAML: text without headings."""
CSV = "text/csv"
TSV = "text/tab-separated-values"
RST = "text/x-rst"
ADOC = "text/asciidoc"
RICH_TEXT = "application/rtf"
MESSAGE = "message/rfc822"
MAILBOX = "application/mbox"
EPUB = "application/epub+zip"
_OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = f"{_OFFICE}.wordprocessingml.document"
SLIDES = f"{_OFFICE}.presentationml.presentation"
SPREADSHEET = f"{_OFFICE}.spreadsheetml.sheet"
OLD_SPREADSHEET = "application/vnd.ms-excel"
OPEN_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"

MEDIA_TYPES = {
    ".txt": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".pdf": PDF,
    ".docx": WORD,
    ".odt": OPEN_TEXT,
    ".rtf": RICH_TEXT,
    ".pptx": SLIDES,
    ".xlsx": SPREADSHEET,
    ".xlsm": SPREADSHEET,
    ".xls": OLD_SPREADSHEET,
    ".ods": OPEN_SPREADSHEET,
    ".csv": CSV,
    ".tsv": TSV,
    ".epub": EPUB,
    ".eml": MESSAGE,
    ".mbox": MAILBOX,
    ".rst": RST,
    ".adoc": ADOC,
    ".asciidoc": ADOC,
    ".json": SOURCE,
    ".yaml": SOURCE,
    ".yml": SOURCE,
    ".xml": SOURCE,
    ".py": SOURCE,
    ".js": SOURCE,
    ".ts": SOURCE,
    ".java": SOURCE,
    ".c": SOURCE,
    ".h": SOURCE,
    ".cpp": SOURCE,
    ".cs": SOURCE,
    ".go": SOURCE,
    ".rs": SOURCE,
    ".rb": SOURCE,
    ".php": SOURCE,
    ".sh": SOURCE,
    ".sql": SOURCE,
    ".log": PLAIN,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".tif": TIFF,
    ".tiff": TIFF,
}
"""Media types by file extension."""

ARCHIVES = frozenset((WORD, SLIDES, SPREADSHEET, OPEN_SPREADSHEET, OPEN_TEXT, EPUB))
"""Formats whose files are ZIP archives."""
PICTURES = frozenset((PNG, JPEG, TIFF))
"""Formats whose text has to be recognised."""
AS_IN_THE_FILE = frozenset((PLAIN, SOURCE))
"""Formats whose text is the file's, line by line."""
