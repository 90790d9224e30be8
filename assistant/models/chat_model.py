"""Language models through LangChain: asked for a text, which comes in pieces and within a time.

The only importer of LangChain's chat models. Keys are the provider's own matter: its package reads
its own variable (``OPENAI_API_KEY``, ``ANTHROPIC_API_KEY``, …). What a provider says of an error is
never shown, since some repeat the key in it.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from assistant.errors import ChatModelError, ModelError
from assistant.extras import importing
from assistant.models.local_server import LocalServer
from assistant.models.model_files import local_model

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Message = tuple[str, str]
"""A role (``system``, ``user``, ``assistant``) and a text."""

SILENCE = 0.05
"""Seconds without a word of the model after which the reader of its text is told so."""
LOCAL = "local:"
"""Before the name of a model in a file, which llama.cpp runs."""
_OPENAI = "openai:"
_LOG = logging.getLogger(__name__)
_TOKENS_OF_FORM = 512
_CUT = {"length", "max_tokens"}
_NO_KEY = "none"
_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class TextPiece:
    """What came of a text since the last piece; empty when the model was silent for a moment.

    ``cut`` is true of the last one if the model had to stop in the middle.
    """

    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ChatOptions:
    """How a model is asked: its server, and what `Settings` says under the same names."""

    base_url: str | None = None
    temperature: float = 0.0
    timeout: float = 60.0
    retries: int = 1
    answer_tokens: int = 512
    prompt_tokens: int = 3000
    models_folder: Path = Path()


class ChatModel:
    """A language model by the name that LangChain's ``init_chat_model`` takes, or as an object.

    With a base URL it is the name that the server there has for it, asked over OpenAI's protocol.
    ``local:NAME`` is a file, run by llama.cpp in a process that is started when needed.
    Loaded when first used; thread-safe. An object is used as it is: its own temperature, timeout
    and retries hold.
    """

    def __init__(self, model: "str | BaseChatModel", options: ChatOptions = ChatOptions()) -> None:
        self._given, self._options = model, options
        self._loading = threading.Lock()
        self._local: LocalServer | None = None

    @property
    def name(self) -> str:
        """The model's name as it was given, or the kind of the object."""
        return self._given if isinstance(self._given, str) else type(self._given).__name__

    def load(self) -> None:
        """Load it now. Raises `ModelError` for a name, package or key that is missing."""
        with self._loading:
            if self._local and not self._local.is_running:
                self.__dict__.pop("_model", None)  # its address is no longer right
            _ = self._model

    def is_responsive(self, seconds: float = 1.0) -> bool:
        """Return whether the thread of all requests to models takes one within so many seconds."""
        taken = threading.Event()
        _loop().call_soon_threadsafe(taken.set)
        return taken.wait(seconds)

    def close(self) -> None:
        """End the process of a model in a file. The next question starts it again."""
        if self._local:
            self._local.close()

    @cached_property
    def _model(self) -> "BaseChatModel":
        if not isinstance(self._given, str):
            return self._given
        if not self._given.startswith(LOCAL):
            return _init(self._given, self._options)
        name = self._given.removeprefix(LOCAL)
        if self._local is None:
            context = self._options.prompt_tokens + self._options.answer_tokens + _TOKENS_OF_FORM
            self._local = LocalServer(local_model(name, self._options.models_folder), context)
        endpoint = self._local.endpoint()
        options = replace(self._options, base_url=endpoint.base_url)
        return _init(name, options, api_key=endpoint.key)

    def stream(
        self,
        messages: Sequence[Message],
        deadline: float,
        stopped: threading.Event | None = None,
    ) -> Iterator[TextPiece]:
        """What the model says, as it comes; an empty piece for each moment of silence.

        ``deadline`` is a time of ``time.monotonic``. When it has passed, when ``stopped`` is set
        and when the iterator is closed, the request is cancelled. Raises `ChatModelError` with a
        message for people, and `ModelError` if the model cannot be loaded.
        """
        self.load()
        pieces: queue.SimpleQueue[TextPiece | None] = queue.SimpleQueue()
        ended = threading.Event()
        request = asyncio.run_coroutine_threadsafe(
            _pump(self._model, list(messages), pieces, ended), _loop()
        )
        request.add_done_callback(lambda _: pieces.put(None))
        try:
            is_open = True
            while is_open:
                if stopped is not None and stopped.is_set():
                    return
                if time.monotonic() >= deadline:
                    raise ChatModelError("The language model did not answer in time.")
                piece, is_open = _next(pieces)
                yield piece
            if error := request.exception():
                raise ChatModelError(trouble(error)) from error
        finally:
            ended.set()
            request.cancel()


def trouble(error: BaseException) -> str:
    """What went wrong at the provider, in words of our own."""
    status = _status(error)
    kind = type(error).__name__
    said = str(error).lower()
    if status == 429 or "RateLimit" in kind:
        return "The language model is busy, or its rate limit is reached."
    if status in (401, 403):
        return "The language model did not accept the key that this server has."
    if status is not None and status >= 500:
        return f"The language model's server has a problem (status {status})."
    if status is not None and 300 <= status < 400:
        return "The language model's server sends requests to another address. Set that address."
    if status == 404:
        return "The language model's server does not know the model."
    if "context" in said and any(word in said for word in ("length", "size", "window", "exceed")):
        return "The question and its passages are longer than the language model takes."
    if "Timeout" in kind or isinstance(error, TimeoutError):
        return "The language model did not answer in time."
    if "Connect" in kind or isinstance(error, ConnectionError):
        return "The language model cannot be reached."
    _LOG.warning("The language model failed: %s%s", kind, f", status {status}" if status else "")
    return "The language model failed."


def _status(error: BaseException) -> int | None:
    """The HTTP status that an error of any provider carries."""
    found = [getattr(error, "status_code", None), getattr(error, "code", None)]
    found.append(getattr(getattr(error, "response", None), "status_code", None))
    return next((status for status in found if isinstance(status, int)), None)


def _init(name: str, options: ChatOptions, **more: Any) -> "BaseChatModel":
    with importing("llm"):
        from langchain.chat_models import init_chat_model  # LangChain takes a while

    from assistant.models.bounded_http import bounded_client  # the HTTP client takes a while

    settings: dict[str, Any] = {
        "temperature": options.temperature,
        "timeout": options.timeout,
        "max_retries": options.retries,
        "max_tokens": options.answer_tokens,
        **more,
    }
    if options.base_url or name.startswith(_OPENAI):
        settings["http_async_client"] = bounded_client()
    try:
        if not options.base_url:
            model: BaseChatModel = init_chat_model(name, **settings)
            return model
        settings |= {"base_url": options.base_url, "model_provider": "openai"}
        return _over_openai_protocol(init_chat_model, name.removeprefix(_OPENAI), settings)
    except ImportError as error:
        package = _package(error)
        raise ModelError(
            f"The language model {name!r} needs a package that is not installed. "
            f"Run: pip install {package}"
        ) from error
    except Exception as error:  # each provider's package raises what it likes
        if "model_provider" in str(error):  # the name of LangChain's own argument
            raise ModelError(
                f"The language model {name!r} does not begin with a provider that is known. Write "
                "it as provider:model, such as openai:gpt-5 or ollama:llama3.2. List the models of "
                "this machine with: assistant model"
            ) from error
        first_line = (str(error).strip().splitlines() or [""])[0][:300]
        raise ModelError(
            f"The language model {name!r} cannot be used: {type(error).__name__}: {first_line} "
            "Write ASSISTANT_CHAT_MODEL as provider:model, and set the key in the provider's own "
            "variable (OPENAI_API_KEY, ANTHROPIC_API_KEY, …)."
        ) from error


def _over_openai_protocol(
    init: "Callable[..., BaseChatModel]", name: str, settings: dict[str, Any]
) -> "BaseChatModel":
    """A model at a server of one's own, which may have no key, while the client insists on one."""
    try:
        return init(name, **settings)
    except Exception as error:  # OpenAI's own kind of error, which only its package has
        if "api_key" not in str(error):
            raise
        return init(name, **settings, api_key=_NO_KEY)


def _package(error: ImportError) -> str:
    """The package that LangChain's own message names, or that of the missing module."""
    _, _, named = str(error).partition("`pip install ")
    if named:
        return named.partition("`")[0]
    return (error.name or "langchain-<provider>").partition(".")[0].replace("_", "-")


async def _pump(
    model: "BaseChatModel",
    messages: list[Message],
    pieces: "queue.SimpleQueue[TextPiece | None]",
    ended: threading.Event,
) -> None:
    """Puts what the model says into the queue, until it is cancelled or ``ended`` is set.

    Python 3.11's ``wait_for``, which LangChain awaits each chunk with, at times passes over a
    cancellation that comes together with the chunk; hence the event.
    """
    count = 0
    async with aclosing(cast("AsyncGenerator[Any, None]", model.astream(messages))) as chunks:
        async for chunk in chunks:
            count += len(chunk.text)
            told = chunk.response_metadata
            reason = told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason")
            cut = str(reason).lower() in _CUT or count > _LONGEST_TEXT
            if chunk.text or cut:
                pieces.put(TextPiece(chunk.text, cut))
            if count > _LONGEST_TEXT or ended.is_set():
                return


def _next(pieces: "queue.SimpleQueue[TextPiece | None]") -> tuple[TextPiece, bool]:
    """All that is there, or after a moment an empty piece; and whether more may come."""
    text, cut = "", False
    try:
        found = pieces.get(timeout=SILENCE)
        while found is not None:
            text, cut = text + found.text, cut or found.cut
            found = pieces.get_nowait()
    except queue.Empty:
        return TextPiece(text, cut), True
    return TextPiece(text, cut), False


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all requests: its tasks can be cancelled, which threads cannot.

    One for the process, since providers share connections between models.
    """
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language-models", daemon=True).start()
    return loop
