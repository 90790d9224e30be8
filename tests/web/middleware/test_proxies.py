"""Addresses as proxies write them."""

import pytest

from assistant.web.middleware.proxies import address_in


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1:80 ", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("192.0.02.1", "None"),
        ("unknown", "None"),
        ("", "None"),
    ],
)
def test_an_address_is_parsed_and_not_taken_as_text(text: str, address: str) -> None:
    assert str(address_in(text)) == address
