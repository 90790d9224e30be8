"""A small real web server on this machine, for sources to be fetched from."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Page:
    """What the server sends for a path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds_between_bytes: float = 0.0


class Site:
    """Pages by path, and what was asked for: path and headers of each request."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.repositories: Path | None = None
        self.port = 0

    @property
    def address(self) -> str:
        """Where it can be reached, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, without robots.txt."""
        return [path for path, _ in self.requests if path != "/robots.txt"]

    def put(self, path: str, body: bytes, media_type: str = "text/html", **headers: str) -> None:
        """Serve a page with a type, and headers such as ``etag``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Page(body, 200, {"content-type": media_type, **named})


@contextmanager
def serving() -> Iterator[Site]:
    """Yield a site that is served until the end of the block."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if site.repositories and "/info/refs" in self.path:
                _git(self, site.repositories, b"")
                return
            site.requests.append((self.path, dict(self.headers.items())))
            page = site.pages.get(self.path, Page(b"nothing here", 404))
            etag = page.headers.get("etag")
            if etag and self.headers.get("If-None-Match") == etag:
                page = Page(b"", 304)
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if page.status != 304 and "content-length" not in page.headers:
                self.send_header("content-length", str(len(page.body)))
            self.end_headers()
            self._send(page)

        def do_POST(self) -> None:
            assert site.repositories
            _git(self, site.repositories, self.rfile.read(int(self.headers["content-length"])))

        def _send(self, page: Page) -> None:
            if not page.seconds_between_bytes:
                self.wfile.write(page.body)
                return
            for byte in page.body:
                time.sleep(page.seconds_between_bytes)
                try:
                    self.wfile.write(bytes([byte]))
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _git(handler: BaseHTTPRequestHandler, repositories: Path, body: bytes) -> None:
    """Answer a request for a repository by Git's own program for web servers."""
    path, _, query = handler.path.partition("?")
    answer = subprocess.run(
        ["git", "http-backend"],
        input=body,
        capture_output=True,
        check=True,
        env={
            "PATH": os.defpath,
            "GIT_PROJECT_ROOT": str(repositories),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": handler.command,
            "CONTENT_TYPE": handler.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": handler.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": handler.headers.get("git-protocol", ""),
        },
    ).stdout
    head, _, content = answer.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    handler.send_response(int(headers.pop("Status", "200").split()[0]))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("content-length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
