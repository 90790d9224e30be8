"""How often one client may ask, and how a client is told apart from others."""

import pytest

from assistant import Assistant
from assistant.web.middleware.rates import OwnRate
from assistant.web.middleware.request_facts import client_of
from tests.web.guarding import client_with


def test_too_many_requests_are_refused_with_the_seconds_to_wait(assistant: Assistant) -> None:
    with client_with(assistant, rate_limit="3/minute") as client:
        assert [client.get("/source").status_code for _ in range(3)] == [200, 200, 200]
        for method, path, kind in [
            ("POST", "/gradio_api/queue/join", "text/plain; charset=utf-8"),
            ("POST", "/gradio_api/run/predict", "text/plain; charset=utf-8"),
            ("POST", "/api/v1/ask", "application/problem+json"),
            ("POST", "/v1/chat/completions", "application/json"),
            ("GET", "/source", "text/plain; charset=utf-8"),
            ("GET", "/", "text/plain; charset=utf-8"),
        ]:
            refused = client.request(method, path)
            assert refused.status_code == 429, path
            assert 0 < int(refused.headers["retry-after"]) <= 60
            assert refused.headers["content-type"] == kind, path
            assert refused.headers["x-frame-options"] == "DENY"
        assert client.get("/healthz").status_code == 200
        assert client.get("/chat/chat.css").status_code == 200


def test_clients_are_counted_each_for_itself_and_only_proxies_say_who_they_are(
    assistant: Assistant,
) -> None:
    def ask_as(address: str) -> int:
        return client.get("/source", headers={"x-forwarded-for": address}).status_code

    with client_with(assistant, rate_limit="1/hour", trusted_proxies="192.0.2.0/24") as client:
        assert [ask_as("198.51.100.1"), ask_as("198.51.100.2")] == [200, 200]
        assert ask_as("198.51.100.1") == 429
        # what the client itself wrote before the proxy's word does not count
        assert ask_as("203.0.113.9, 198.51.100.1") == 429
    with client_with(assistant, rate_limit="1/hour", trusted_proxies="10.0.0.1") as client:
        assert [ask_as("198.51.100.1"), ask_as("198.51.100.2")] == [200, 429]


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_an_address_and_of_ipv6_a_network(address: str, client: str) -> None:
    assert client_of({"type": "http", "client": (address, 1)}) == client


def test_a_rate_counts_each_client_and_says_how_long_to_wait() -> None:
    rate = OwnRate("2/hour")
    assert [rate.take("one"), rate.take("one"), rate.take("two")] == [0, 0, 0]
    assert 3590 < rate.take("one") <= 3600
