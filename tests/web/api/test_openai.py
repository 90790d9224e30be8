"""Existing clients of OpenAI's API: the real ones, against the real server."""

import re
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from assistant import Assistant
from assistant.testing import answer_uncertain, document_of
from assistant.types import Answer, Citation, Statement, Status
from assistant.web.api.openai import ChatBody, annotations_of, content_of
from tests import patient
from tests.web.browsing import FOUNDED, UNANSWERABLE
from tests.web.guarding import client_with

ASKED: list[Any] = [{"role": "user", "content": FOUNDED}]


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as opened:
        yield opened


def complete(client: openai.OpenAI, messages: list[Any], **more: Any) -> Any:
    return client.chat.completions.create(model="assistant", messages=messages, **more)


def test_the_openai_client_gets_an_answer_with_sources_and_annotations(
    client: openai.OpenAI, assistant: Assistant, address: str
) -> None:
    completion = complete(client, ASKED, temperature=0.2, max_tokens=100)
    expected = assistant.ask(FOUNDED)
    message = completion.choices[0].message
    said, _, sources = message.content.partition("\n\nSources:\n")
    assert (said, completion.choices[0].finish_reason) == (expected.text, "stop")
    quote = expected.citations[0].quote
    assert re.fullmatch(rf"\[1\] “{re.escape(quote)}” — SCO Champions.*, line \d+", sources)
    (annotation,) = message.annotations
    place = annotation.url_citation
    assert message.content[place.start_index : place.end_index] == "[1]"
    assert place.title == expected.citations[0].title
    assert annotation.citation["quote"] == quote
    assert place.url.startswith(f"{address}/?document=")
    assert patient.get(place.url.replace("/?", "/source?")).text.count("<mark") == 1


def test_a_stream_adds_up_to_the_same_answer(client: openai.OpenAI) -> None:
    whole = complete(client, ASKED).choices[0].message
    chunks = list(complete(client, ASKED, stream=True, stream_options={"include_usage": True}))
    assert len({chunk.id for chunk in chunks}) == 1
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.content
    assert len([delta for delta in deltas if delta.content]) > 5
    annotations = [one for delta in deltas for one in getattr(delta, "annotations", None) or ()]
    assert annotations == [one.model_dump() for one in whole.annotations]
    assert [chunk.choices[0].finish_reason for chunk in chunks][-2:] == [None, "stop"]


def test_the_sources_of_earlier_answers_are_no_part_of_the_conversation(
    client: openai.OpenAI, assistant: Assistant
) -> None:
    messages: list[Any] = [
        {"role": "system", "content": "Answer in French."},
        {"role": "user", "content": [{"type": "text", "text": "What was signed in 2003?"}]},
    ]
    first = complete(client, messages).choices[0].message
    messages += [first.model_dump(), {"role": "user", "content": "Where was that?"}]
    second = complete(client, messages).choices[0].message.content
    plain = [
        {"role": "user", "content": "What was signed in 2003?"},
        {"role": "assistant", "content": first.content.partition("\n\nSources:\n")[0]},
    ]
    assert "Beijing" in second
    assert assistant.ask("Where was that?", plain).text in second


def test_no_answer_names_the_closest_passages_as_none(client: openai.OpenAI) -> None:
    message = complete(client, [{"role": "user", "content": UNANSWERABLE}]).choices[0].message
    assert message.annotations == []
    assert "Sources:" not in message.content
    assert "The nearest passages:\n- “" in message.content


def test_the_one_model_is_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["assistant"]
    assert client.models.retrieve("assistant").owned_by == "assistant"
    with pytest.raises(openai.NotFoundError) as error:
        client.models.retrieve("gpt-4o")
    assert error.value.code == "model_not_found"


@pytest.mark.parametrize(
    ("changed", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "assistant", "content": "Hello."}]}, "messages"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages.0.role"),
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
    ],
)
def test_what_cannot_be_done_is_refused_in_openais_form(
    client: openai.OpenAI, changed: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as error:
        client.chat.completions.create(**{"model": "assistant", "messages": ASKED, **changed})
    assert (error.value.type, error.value.param) == ("invalid_request_error", param)


def test_a_picture_and_a_long_question_are_refused(client: openai.OpenAI) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    for content in ([picture], "why " * 501):
        with pytest.raises(openai.BadRequestError):
            complete(client, [{"role": "user", "content": content}])
    with pytest.raises(openai.NotFoundError) as error:
        client.chat.completions.create(model="gpt-4o", messages=ASKED)
    assert error.value.code == "model_not_found"


def test_paths_and_methods_that_are_not_there_are_refused_in_openais_form(address: str) -> None:
    for method, path, status in [("GET", "chat/completions", 405), ("POST", "embeddings", 404)]:
        refused = patient.request(method, f"{address}/v1/{path}")
        assert refused.status_code == status
        assert set(refused.json()["error"]) == {"message", "type", "param", "code"}


def test_a_token_is_the_api_key(assistant: Assistant) -> None:
    with client_with(assistant, api_tokens="a-token-of-some-length") as client:
        refused = client.get("/v1/models", headers={"authorization": "Bearer wrong"})
        assert refused.status_code == 401
        assert refused.json()["error"]["code"] == "invalid_api_key"
        headers = {"authorization": "Bearer a-token-of-some-length"}
        assert client.get("/v1/models", headers=headers).status_code == 200


def test_langchains_chat_model_asks_and_streams(address: str, assistant: Assistant) -> None:
    model = ChatOpenAI(base_url=f"{address}/v1", api_key=SecretStr("none"), model="assistant")
    expected = assistant.ask(FOUNDED).text
    answer = model.invoke([SystemMessage("Be brief."), HumanMessage(FOUNDED)])
    assert str(answer.content).startswith(f"{expected}\n\nSources:\n[1] “")
    pieces = [str(piece.content) for piece in model.stream(FOUNDED)]
    assert len(pieces) > 5
    assert "".join(pieces) == answer.content
    turns = [
        HumanMessage("What was signed in 2003?"),
        AIMessage("A program."),
        HumanMessage("Where?"),
    ]
    assert "Beijing" in str(model.invoke(turns).content)


def test_marks_are_found_though_the_documents_have_such_marks_themselves() -> None:
    citations = tuple(Citation(number, "d", "T", "s", 0, 1, "q", "0") for number in (1, 2))
    statements = (
        Statement("As [2] and [1] say.", (1, 2)),
        Statement("Struck.", (1,), unsupported="not there"),
        Statement("See [2].", (2,)),
    )
    answer = Answer("q", "q", Status.ANSWERED, statements, citations)
    found = annotations_of(answer, "http://host/prefix/")
    marks = [one["url_citation"] for one in found]
    assert [one["citation"]["number"] for one in found] == [1, 2, 2]
    assert [answer.text[one["start_index"] : one["end_index"]] for one in marks] == [
        "[1]",
        "[2]",
        "[2]",
    ]
    assert answer.text[: marks[0]["start_index"]] == "As [2] and [1] say. "
    assert marks[0]["url"] == "http://host/prefix/?document=d&start=0&end=1"


def test_an_uncertain_answer_begins_with_its_lead_and_its_marks_are_in_place() -> None:
    mill = document_of("The mill was built in 1851. It burned down.", "mill.txt", "The mill")
    answer = answer_uncertain("?", mill, "The mill was built in 1851.", "It burned down.")
    content = content_of(answer)
    assert content == f"This may answer it: {answer.text}"
    places = [one["url_citation"] for one in annotations_of(answer, "http://a.invalid")]
    assert [content[place["start_index"] : place["end_index"]] for place in places] == [
        "[1]",
        "[2]",
    ]


def test_the_lead_is_not_read_back_as_part_of_the_conversation() -> None:
    mill = document_of("The mill was built in 1851.", "mill.txt")
    content = content_of(answer_uncertain("?", mill, mill.text))
    messages = [
        {"role": "user", "content": "When?"},
        {"role": "assistant", "content": f"{content}\n\nSources:\n[1] …"},
        {"role": "user", "content": "And then?"},
    ]
    body = ChatBody.model_validate({"model": "assistant", "messages": messages})
    assert body.history[1]["content"] == "The mill was built in 1851. [1]"
