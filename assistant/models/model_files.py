"""Language models in files (GGUF): which are known, and how one is fetched and verified.

A file is fetched beside its place, resumed where it was broken off, and moved into place once its
checksum is right.
"""

import hashlib
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import unquote, urlsplit

from assistant.errors import ModelError, UsageError

Progress = Callable[[int], None]
"""Called with the bytes that are on disk."""

SUFFIX = ".gguf"
_PART = ".part"
_TRIES = 5
_PAUSE = 1.0
_TIMEOUT = 30.0
_BYTES_AT_ONCE = 1 << 20
_NOTHING_LEFT = 416  # the answer to a range that begins at the end of the file
_HUB = "https://huggingface.co"
_APACHE = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model to fetch. ``bytes`` and ``memory`` (of the machine, in GB) are 0 where unknown."""

    name: str
    address: str
    sha256: str
    bytes: int = 0
    memory: int = 0
    licence: str = ""
    title: str = ""

    @property
    def filename(self) -> str:
        """Return the name of the file on disk."""
        return Path(unquote(urlsplit(self.address).path)).name


KNOWN = (
    ModelFile(
        "qwen2.5-1.5b",
        f"{_HUB}/Qwen/Qwen2.5-1.5B-Instruct-GGUF/resolve/91cad51170dc346986eccefdc2dd33a9da36ead9"
        "/qwen2.5-1.5b-instruct-q4_k_m.gguf",
        "6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
        1_117_320_736,
        4,
        _APACHE,
        "Qwen2.5 1.5B Instruct",
    ),
    ModelFile(
        "qwen3-4b",
        f"{_HUB}/bartowski/Qwen_Qwen3-4B-Instruct-2507-GGUF/resolve"
        "/ae44f08e1392f39c0e474af10c3ff8355c8b6688/Qwen_Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        "2fde00ce69dd4899c70d020845e2638353015bba0fdf161b3eb965f2bca4464e",
        2_497_280_736,
        8,
        _APACHE,
        "Qwen3 4B Instruct 2507",
    ),
    ModelFile(
        "qwen2.5-7b",
        f"{_HUB}/bartowski/Qwen2.5-7B-Instruct-GGUF/resolve"
        "/8911e8a47f92bac19d6f5c64a2e2095bd2f7d031/Qwen2.5-7B-Instruct-Q4_K_M.gguf",
        "65b8fcd92af6b4fefa935c625d1ac27ea29dcb6ee14589c55a8f115ceaaa1423",
        4_683_074_240,
        16,
        _APACHE,
        "Qwen2.5 7B Instruct",
    ),
    ModelFile(
        "qwen3-30b-a3b",
        f"{_HUB}/unsloth/Qwen3-30B-A3B-Instruct-2507-GGUF/resolve"
        "/eea7b2be5805a5f151f8847ede8e5f9a9284bf77/Qwen3-30B-A3B-Instruct-2507-Q4_K_M.gguf",
        "6c997b8af17debdfb01d890214400ccbab00db6acc0ba8da5de1cc906c4774d0",
        18_556_686_752,
        32,
        _APACHE,
        "Qwen3 30B-A3B Instruct 2507",
    ),
)
"""One for machines of 4, 8, 16 and 32 GB, all in 4 bits, at fixed revisions."""


def model_to_fetch(name: str, sha256: str | None) -> ModelFile:
    """Return a known model by name, or any by its address and checksum.

    Raise `UsageError` for an unknown name, and for an address without a checksum.
    """
    if known := next((file for file in KNOWN if file.name == name), None):
        return known
    if not re.match(r"https?://", name):
        names = ", ".join(file.name for file in KNOWN)
        raise UsageError(f"There is no model {name!r}. Give one of {names}, or an address.")
    if sha256 is None or not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise UsageError("An address needs the file's SHA-256, of 64 digits: --sha256 …")
    filename = Path(unquote(urlsplit(name).path)).name
    if not re.fullmatch(r"[\w][\w.+-]*\.gguf", filename, re.IGNORECASE):
        raise UsageError(f"The address must end in the name of a {SUFFIX} file, not {filename!r}.")
    return ModelFile(filename.removesuffix(SUFFIX), name, sha256.lower())


def fetched_models(folder: Path) -> dict[str, Path]:
    """Return the files in a folder by the names that ``local:NAME`` takes."""
    known = {file.filename: file.name for file in KNOWN}
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    return {known.get(path.name, path.stem): path for path in paths}


def local_model(name: str, folder: Path) -> Path:
    """Return the file of ``local:NAME``, by name or path. Raise `ModelError` if there is none."""
    path = fetched_models(folder).get(name, Path(name).expanduser())
    if not path.is_file():
        raise ModelError(
            f"There is no model {name!r} in {folder}. See the models with: assistant model; "
            "fetch one with: assistant model get"
        )
    return path


def fetch_model(file: ModelFile, folder: Path, progress: Progress = lambda done: None) -> Path:
    """Fetch a file into a folder and return its path. A file that is there is only verified.

    Raise `ModelError` if it cannot be fetched or its checksum is wrong. A file that was there before
    is never removed.
    """
    target = folder / file.filename
    part = target.with_name(target.name + _PART)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if target.exists():
            _verify_present(file, target)
            return target
        _check_space(file, folder, part)
        _fetch(file, part, progress)
        _verify_fetched(file, part)
        part.rename(target)
    except OSError as error:
        raise ModelError(f"{target} cannot be written: {error.strerror or error}.") from error
    return target


def _verify_present(file: ModelFile, target: Path) -> None:
    found = _checksum(target)
    if found != file.sha256:
        raise ModelError(
            f"{target} is another file: its SHA-256 is {found}, not {file.sha256}. It was left as "
            "it is. Correct the checksum, or move the file away and run the command again."
        )


def _verify_fetched(file: ModelFile, part: Path) -> None:
    found = _checksum(part)
    if found != file.sha256:
        part.unlink()
        raise ModelError(
            f"{file.filename} is not the file that was asked for: its SHA-256 is {found}, not "
            f"{file.sha256}. It was removed. Check the address and run the command again."
        )


def _check_space(file: ModelFile, folder: Path, part: Path) -> None:
    needed = file.bytes - (part.stat().st_size if part.exists() else 0)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise ModelError(
            f"{file.filename} needs {needed / 1e9:.1f} GB, and {folder} has {free / 1e9:.1f} GB "
            "free. Free space, or name another folder with ASSISTANT_MODELS_FOLDER."
        )


def _fetch(file: ModelFile, part: Path, progress: Progress) -> None:
    """Fetch what is missing of a file, in several tries."""
    reason = ""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE * attempt)
        try:
            if _fetch_more(file, part, progress):
                return
            reason = "the connection ended early"
        except urllib.error.HTTPError as error:
            if error.code == _NOTHING_LEFT and part.exists():
                return
            reason = f"the server answers {error.code}"
            if error.code < 500:
                break
        except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError) as error:
            reason = str(getattr(error, "reason", error))
    kept = part.stat().st_size if part.exists() else 0
    raise ModelError(
        f"{file.filename} could not be fetched: {reason}. {kept / 1e6:,.0f} MB are kept; run the "
        "command again to go on from there."
    )


def _fetch_more(file: ModelFile, part: Path, progress: Progress) -> bool:
    """Append what the server sends, and return whether the file is complete."""
    done = part.stat().st_size if part.exists() else 0
    if file.bytes and done == file.bytes:
        return True
    headers = {"range": f"bytes={done}-"} if done else {}
    request = urllib.request.Request(file.address, headers=headers)  # noqa: S310  # http or https
    with urllib.request.urlopen(request, timeout=_TIMEOUT) as response:  # noqa: S310
        if response.status != 206:
            done = 0  # the server sends the whole file
        total = done + int(response.headers.get("content-length") or 0)
        with part.open("ab" if done else "wb") as out:
            while piece := response.read(_BYTES_AT_ONCE):
                out.write(piece)
                done += len(piece)
                progress(done)
    return done == (file.bytes or total)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
