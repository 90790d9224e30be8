"""A model's file is fetched from a real server over HTTP: resumed, verified, moved into place."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant import ModelError, UsageError
from assistant.models import model_files
from assistant.models.model_files import (
    KNOWN,
    ModelFile,
    fetch_model,
    fetched_models,
    local_model,
    model_to_fetch,
)

CONTENT = bytes(range(256)) * 8192  # 2 MB
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class FileServer:
    """What the next requests get, and which ranges they asked for."""

    breaks_after: list[int] = field(default_factory=list)
    takes_ranges: bool = True
    status: int = 0
    ranges: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def file_server() -> Iterator[FileServer]:
    server = FileServer()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing."""

        def do_GET(self) -> None:
            wanted = self.headers.get("range", "")
            server.ranges.append(wanted)
            if server.status:
                self.send_error(server.status)
                return
            first = int(wanted.removeprefix("bytes=")[:-1]) if wanted and server.takes_ranges else 0
            body = CONTENT[first:]
            if not body:
                self.send_error(416)
                return
            self.send_response(206 if first else 200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            most = server.breaks_after.pop(0) if server.breaks_after else len(body)
            self.wfile.write(body[:most])

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.address = f"http://127.0.0.1:{http.server_port}/folder/small.gguf"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,))
    thread.start()
    yield server
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    monkeypatch.setattr(model_files, "_PAUSE", 0.0)
    with file_server() as server:
        yield server


@pytest.fixture
def file(server: FileServer) -> ModelFile:
    return ModelFile("small", server.address, SHA256, len(CONTENT))


def test_a_file_is_fetched_verified_and_named_by_its_address(
    file: ModelFile, tmp_path: Path
) -> None:
    seen: list[int] = []
    path = fetch_model(file, tmp_path / "cache", seen.append)
    assert path == tmp_path / "cache" / "small.gguf"
    assert path.read_bytes() == CONTENT
    assert seen == sorted(seen)
    assert seen[-1] == len(CONTENT)
    assert fetched_models(tmp_path / "cache") == {"small": path}


def test_a_broken_connection_is_resumed_where_it_broke(
    server: FileServer, file: ModelFile, tmp_path: Path
) -> None:
    server.breaks_after = [700_000, 500_000]
    assert fetch_model(file, tmp_path).read_bytes() == CONTENT
    assert server.ranges == ["", "bytes=700000-", "bytes=1200000-"]


def test_what_an_earlier_command_fetched_is_kept(
    server: FileServer, file: ModelFile, tmp_path: Path
) -> None:
    server.breaks_after = [300_000, *[0] * 4]
    with pytest.raises(ModelError, match=r"ended early\. 0 MB are kept; run the command again"):
        fetch_model(file, tmp_path)
    server.ranges.clear()
    assert fetch_model(file, tmp_path).read_bytes() == CONTENT
    assert server.ranges == ["bytes=300000-"]


def test_a_server_without_ranges_sends_all_of_it_again(
    server: FileServer, file: ModelFile, tmp_path: Path
) -> None:
    server.takes_ranges, server.breaks_after = False, [700_000]
    assert fetch_model(file, tmp_path).read_bytes() == CONTENT


def test_a_size_that_is_not_known_is_that_of_the_server(file: ModelFile, tmp_path: Path) -> None:
    assert fetch_model(replace(file, bytes=0), tmp_path).read_bytes() == CONTENT


def test_a_file_that_is_there_is_verified_and_not_fetched(
    server: FileServer, file: ModelFile, tmp_path: Path
) -> None:
    fetch_model(file, tmp_path)
    server.ranges.clear()
    fetch_model(file, tmp_path)
    assert server.ranges == []


def test_a_wrong_checksum_removes_the_file(file: ModelFile, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"its SHA-256 is {SHA256}, not 00"):
        fetch_model(replace(file, sha256="00"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_there_before_is_never_removed(file: ModelFile, tmp_path: Path) -> None:
    path = fetch_model(file, tmp_path)
    with pytest.raises(ModelError, match=f"its SHA-256 is {SHA256}, not 00.* left as it is"):
        fetch_model(replace(file, sha256="00"), tmp_path)
    assert path.read_bytes() == CONTENT


def test_a_fetch_that_was_killed_before_the_checksum_is_finished(
    server: FileServer, file: ModelFile, tmp_path: Path
) -> None:
    (tmp_path / "small.gguf.part").write_bytes(CONTENT)
    assert fetch_model(replace(file, bytes=0), tmp_path).read_bytes() == CONTENT
    assert server.ranges == [f"bytes={len(CONTENT)}-"]


def test_a_whole_part_with_other_bytes_is_removed_and_fetched_next_time(
    file: ModelFile, tmp_path: Path
) -> None:
    part = tmp_path / "small.gguf.part"
    part.write_bytes(CONTENT[::-1] + b"more")
    with pytest.raises(ModelError, match="It was removed"):
        fetch_model(replace(file, bytes=0), tmp_path)
    assert not part.exists()
    assert fetch_model(replace(file, bytes=0), tmp_path).read_bytes() == CONTENT


def test_a_file_that_is_not_there_is_asked_for_once(
    server: FileServer, file: ModelFile, tmp_path: Path
) -> None:
    server.status = 404
    with pytest.raises(ModelError, match="the server answers 404"):
        fetch_model(file, tmp_path)
    assert len(server.ranges) == 1


def test_a_disk_that_is_too_small_is_an_error_before_a_byte_is_fetched(
    server: FileServer, file: ModelFile, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="ASSISTANT_MODELS_FOLDER"):
        fetch_model(replace(file, bytes=10**15), tmp_path)
    assert server.ranges == []


def test_the_table_has_one_model_for_each_size_of_machine() -> None:
    assert [file.memory for file in KNOWN] == [4, 8, 16, 32]
    for file in KNOWN:
        assert file.address.startswith("https://")
        assert file.filename.endswith(".gguf")
        assert len(bytes.fromhex(file.sha256)) == 32
        assert file.bytes < 0.65 * file.memory * 1e9
        assert file.licence == "Apache-2.0"
        assert model_to_fetch(file.name, None) is file


def test_any_other_model_is_named_by_address_and_checksum() -> None:
    address = "https://example.org/models/other.Q4_K_M.gguf"
    file = model_to_fetch(address, SHA256.upper())
    assert (file.filename, file.name, file.sha256) == (
        "other.Q4_K_M.gguf",
        "other.Q4_K_M",
        SHA256,
    )


@pytest.mark.parametrize(
    ("name", "sha256", "message"),
    [
        ("unknown", None, "There is no model 'unknown'. Give one of qwen"),
        ("https://example.org/a.gguf", None, "needs the file's SHA-256"),
        ("https://example.org/a.gguf", "123", "needs the file's SHA-256"),
        ("https://example.org/a.bin", SHA256, "must end in the name of a .gguf file"),
        ("https://example.org/..%2Fa.gguf%2F..", SHA256, "must end in the name of a .gguf file"),
        ("ftp://example.org/a.gguf", SHA256, "There is no model"),
    ],
)
def test_a_name_that_cannot_be_fetched_is_an_error(
    name: str, sha256: str | None, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        model_to_fetch(name, sha256)


def test_a_local_model_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    path = tmp_path / KNOWN[0].filename
    path.write_bytes(b"")
    assert local_model(KNOWN[0].name, tmp_path) == path
    assert local_model(str(path), tmp_path / "elsewhere") == path
    with pytest.raises(ModelError, match="assistant model get"):
        local_model("gone", tmp_path)
