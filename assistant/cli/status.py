"""``assistant status``: show what the index holds and whether documents have changed."""

from dataclasses import asdict

from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import print_json, standard_output
from assistant.cli.exit_codes import clear_errors
from assistant.cli.options import AsJson, CorpusFolder, IndexFolder, Verbose
from assistant.text.safe_display import safe
from assistant.types import IndexStatus


def status(
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show what the index holds and whether documents have changed since."""
    with clear_errors(verbose), Assistant.open(corpus=corpus, index=index) as assistant:
        index_status = assistant.status()
        if as_json:
            print_json(asdict(index_status))
        else:
            _print_status(index_status)


def _print_status(index_status: IndexStatus) -> None:
    changed = [f"{count} {kind}" for kind, count in index_status.changes.items() if count]
    changed += ["corpus.toml"] if index_status.description_changed else []
    changes = ", ".join(changed)
    rows = {
        "Documents": f"{index_status.documents:,} in {index_status.corpus}",
        "Chunks": f"{index_status.chunks:,}",
        "Embedding model": index_status.embedding_model,
        "Size on disk": f"{index_status.bytes_on_disk / 1e6:,.1f} MB in {index_status.index}",
        "Last ingestion": index_status.last_ingestion or "never; run: assistant ingest",
        "Documents since": (
            f"changed ({changes or 'not ingested'}); run: assistant ingest"
            if index_status.stale
            else "unchanged"
        ),
    }
    console = standard_output()
    for name, value in rows.items():
        console.print(Text.assemble((f"{name + ':':<19}", "bold"), safe(value)), soft_wrap=True)
