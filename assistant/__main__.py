"""``python -m assistant``: the ``assistant`` command where its script is not on the path."""

from assistant.cli.main import run

if __name__ == "__main__":
    run()
