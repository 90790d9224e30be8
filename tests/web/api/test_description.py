"""The API's description: it is true of the server, and its page loads nothing from outside."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from playwright.sync_api import BrowserContext, expect
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from assistant import Assistant
from assistant.web.api.bodies import ANSWER
from assistant.web.api.description import ALWAYS, MEANINGS, openai_errors, problems
from tests import patient
from tests.web.browsing import Reader
from tests.web.guarding import client_with

OPERATIONS = {
    ("post", "/api/v1/ask"),
    ("post", "/api/v1/explain"),
    ("get", "/api/v1/search"),
    ("get", "/api/v1/documents"),
    ("get", "/api/v1/documents/{document_id}"),
    ("get", "/api/v1/documents/{document_id}/blocks"),
    ("post", "/api/v1/feedback"),
    ("get", "/v1/models"),
    ("get", "/v1/models/{name}"),
    ("post", "/v1/chat/completions"),
}


@pytest.fixture(scope="session")
def described(address: str) -> Any:
    return schemathesis.openapi.from_url(f"{address}/openapi.json")


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        (*operation, mode)
        for operation in sorted(OPERATIONS)
        for mode in GenerationMode
        # where a request has no body and no parameter with a type, nothing can be wrong
        if mode.is_positive or operation[0] == "post" or operation[1].endswith("/search")
    ],
    ids=str,
)
def test_the_server_keeps_what_the_description_promises(
    described: Any, method: str, path: str, mode: GenerationMode
) -> None:
    operation = described[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=12,
        derandomize=True,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def keeps_promise(case: Any) -> None:
        # that a path or an engine must exist, and a conversation end with a question, no schema says
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    keeps_promise()


def test_everything_is_described_with_examples(address: str, assistant: Assistant) -> None:
    said = patient.get(f"{address}/openapi.json").json()
    described = {(method, path) for path, methods in said["paths"].items() for method in methods}
    assert described == OPERATIONS
    schemas = said["components"]["schemas"]
    for body in ("AskBody", "AnswerBody", "FeedbackBody", "ChatBody"):
        assert schemas[body]["examples"], body
    longest = schemas["AskBody"]["properties"]["question"]["maxLength"]
    assert longest == assistant.settings.max_question_length
    answer = assistant.ask("When was the SCO founded?").to_dict()
    assert set(ANSWER) | {"sentences_dropped", "marks_dropped"} == set(answer)


def test_tokens_are_described_where_they_are_asked_for(assistant: Assistant) -> None:
    with client_with(assistant, api_tokens="a-token-of-some-length") as client:
        said = client.get("/openapi.json").json()
    assert said["security"] == [{"token": []}]
    assert said["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_the_page_of_the_api_asks_a_question_and_nobody_else(
    shared_context: BrowserContext, address: str
) -> None:
    page = shared_context.new_page()
    reader = Reader.listening(page, address)
    page.goto(f"{address}/docs")
    expect(page.locator(".opblock")).to_have_count(len(OPERATIONS))
    ask = page.locator(".opblock", has_text="/api/v1/ask")
    ask.locator(".opblock-summary-control").click()
    ask.get_by_role("button", name="Try it out").click()
    ask.get_by_role("button", name="Execute").click()
    expect(ask.locator(".live-responses-table")).to_contain_text("founded in 2001")
    page.close()
    assert reader.complaints == []
    assert reader.outside() == []


def test_every_refusal_is_described_in_the_form_of_its_api() -> None:
    for describe, schema in ((problems, "ProblemBody"), (openai_errors, "OpenAIError")):
        described = describe(404)
        assert {404, *ALWAYS} <= set(described)
        for status in (404, *ALWAYS):
            assert described[status]["description"] == MEANINGS[status]
            ((_, content),) = described[status]["content"].items()
            assert content["schema"]["$ref"].endswith(schema)
