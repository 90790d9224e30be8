"""The server behind a real nginx, with the file of the deployment page: below a path, streaming, limits."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from assistant import Assistant, load_settings
from assistant.testing import ScriptedChatModel, WordEncoder
from tests.conftest import REPOSITORY
from tests.evaluation.fakes import TEXT
from tests.web.browsing import served

SITE = (REPOSITORY / "deploy" / "nginx.conf").read_text(encoding="utf-8")
AROUND = (
    "daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{ }}\nhttp {{\n{http}\n}}"
)
NAMED = re.findall(r"^#   ASSISTANT_(\w+)=(\S+)$", SITE, re.MULTILINE)
"""The settings that the file's head asks for."""
ASKED = {"question": "When was the mill built?"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of nginx in front of a server that answers 20 questions a minute and client."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        missing = "no nginx on this machine: its package is called nginx-light"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "mill.txt").write_text(TEXT, encoding="utf-8")
    settings = load_settings(
        corpus=folder / "corpus",
        index=folder / "index",
        reader="none",
        rate_limit="20/minute",
        **{name.lower(): value for name, value in NAMED},
    )
    model = ScriptedChatModel(texts=["The mill was built in 1851. [1]"], delay=0.1)
    with Assistant(settings, WordEncoder(), model) as assistant:
        assistant.ingest()
        with served(assistant) as address:
            upstream = f"server {address.removeprefix('http://')};"
            site = SITE.replace("server 127.0.0.1:7860;", upstream)
            assert site.count(upstream) == 1
            with running_nginx(nginx, folder, site) as port:
                yield f"http://127.0.0.1:{port}"


@contextmanager
def running_nginx(nginx: str, folder: Path, site: str) -> Iterator[int]:
    """The port of an nginx with a site, for a while."""
    port = free_port()
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    http = f"include /etc/nginx/mime.types;\naccess_log off;\n{temporary}{site}"
    path = folder / "nginx.conf"
    path.write_text(AROUND.format(folder=folder, http=http), encoding="utf-8")
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(path)])
    try:
        wait_for(port, folder / "error.log")
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, log: Path) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)


def client(last: int) -> httpx.Client:
    """A client at an address of its own on the loopback network."""
    return httpx.Client(transport=httpx.HTTPTransport(local_address=f"127.0.0.{last}"), timeout=30)


def test_the_page_and_all_that_it_names_are_below_the_path(proxied: str) -> None:
    with client(11) as reader:
        redirected = reader.get(f"{proxied}/assistant")
        assert (redirected.status_code, redirected.headers["location"]) == (
            308,
            f"{proxied}/assistant/",
        )
        page = reader.get(f"{proxied}/assistant/")
        assert page.status_code == 200
        links = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
        named = {urljoin("/assistant/", link) for link in links if "//" not in link}
        named.discard("/manifest.json")  # Gradio names it always, and no reader needs it
        assert len(named) > 3
        assert all(path.startswith("/assistant/") for path in named), named
        for path in named:
            assert reader.get(proxied + path).status_code == 200, path


def test_the_name_of_the_site_is_answered(proxied: str) -> None:
    (name,) = re.findall(r"server_name (\S+);", SITE)
    with client(17) as reader:
        assert reader.get(f"{proxied}/assistant/", headers={"host": name}).status_code == 200
        stranger = reader.get(
            f"{proxied}/assistant/api/v1/documents", headers={"host": "example.com"}
        )
    assert stranger.json()["code"] == "unknown_host"


def test_answers_come_in_pieces_while_they_are_written(proxied: str) -> None:
    moments: dict[str, float] = {}
    headers = {"accept": "text/event-stream", "accept-encoding": "gzip"}
    url = f"{proxied}/assistant/api/v1/ask"
    with client(12) as reader, reader.stream("POST", url, json=ASKED, headers=headers) as response:
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                moments[value] = time.monotonic()
    assert moments["done"] - moments["status"] > 0.4  # eight words, a tenth of a second each


def test_pages_and_scripts_are_compressed(proxied: str) -> None:
    with client(13) as reader:
        for path in ("/assistant/", "/assistant/chat/chat.css", "/assistant/chat/chat.js"):
            assert reader.get(proxied + path).headers["content-encoding"] == "gzip", path


def test_limits_count_each_client_by_its_own_address(proxied: str) -> None:
    url = f"{proxied}/assistant/api/v1/documents"
    with client(14) as greedy, client(15) as other:
        claims = [{"x-forwarded-for": f"10.0.0.{number}"} for number in range(21)]
        statuses = [greedy.get(url, headers=headers).status_code for headers in claims]
        assert statuses == [200] * 20 + [429]
        assert other.get(url).status_code == 200


def test_a_body_that_is_too_large_is_refused_at_the_door(proxied: str) -> None:
    with client(16) as reader:
        response = reader.post(f"{proxied}/assistant/api/v1/ask", content=b"x" * 2_000_000)
        assert response.status_code == 413
