"""``assistant status``: what the index holds, and whether the documents have changed since."""

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
    """What the index holds, and whether the documents have changed since."""
    with clear_errors(verbose), Assistant.open(corpus=corpus, index=index) as assistant:
        found = assistant.status()
        if as_json:
            print_json(asdict(found))
        else:
            _print_status(found)


def _print_status(found: IndexStatus) -> None:
    changed = [f"{count} {kind}" for kind, count in found.changes.items() if count]
    changed += ["corpus.toml"] if found.description_changed else []
    changes = ", ".join(changed)
    rows = {
        "Documents": f"{found.documents:,} in {found.corpus}",
        "Chunks": f"{found.chunks:,}",
        "Embedding model": found.embedding_model,
        "Size on disk": f"{found.bytes_on_disk / 1e6:,.1f} MB in {found.index}",
        "Last ingestion": found.last_ingestion or "never; run: assistant ingest",
        "Corpus since then": (
            f"changed ({changes or 'not ingested'}); run: assistant ingest"
            if found.stale
            else "unchanged"
        ),
    }
    console = standard_output()
    for name, value in rows.items():
        console.print(Text.assemble((f"{name + ':':<19}", "bold"), safe(value)), soft_wrap=True)
