from assistant import load_settings
from assistant.ingestion.planning import BuildOptions
from assistant.ingestion.sharing.jobs import queue_name
from assistant.ingestion.sharing.queue_choice import open_queue
from assistant.testing import WordEncoder

OPTIONS = BuildOptions(chunk_tokens=16, chunk_overlap=0, max_file_bytes=1000)


def test_an_index_in_a_folder_has_no_queue() -> None:
    assert open_queue(load_settings(), WordEncoder(), OPTIONS) is None


def test_a_database_has_one_for_the_settings() -> None:
    settings = load_settings(database="postgresql://nowhere/books")
    queue = open_queue(settings, WordEncoder(), OPTIONS)
    assert queue is not None
    assert queue.name == queue_name(WordEncoder(), OPTIONS)
