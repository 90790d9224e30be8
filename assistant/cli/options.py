"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

CorpusFolder = Annotated[
    Path | None,
    typer.Option("--corpus", help="Folder of the documents.", show_default="docs_corpus"),
]
IndexFolder = Annotated[
    Path | None, typer.Option("--index", help="Folder of the index.", show_default="index")
]
EmbeddingModel = Annotated[
    str | None,
    typer.Option(
        "--embedding-model",
        help="Name or path of a sentence-transformers model.",
        show_default="the bundled all-MiniLM-L6-v2",
    ),
]
ChatModelName = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="Language model that writes the answers, as provider:model.",
        show_default="none",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show the traceback of an error.")]
Watch = Annotated[bool, typer.Option("--watch", help="Update the index whenever documents change.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
