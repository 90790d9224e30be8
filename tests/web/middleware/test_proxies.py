from ipaddress import ip_address

import pytest

from assistant.web.middleware.proxies import address_in


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7:8080 ", "192.0.2.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_an_address_is_read_without_port_brackets_and_zone(text: str, address: str) -> None:
    assert address_in(text) == ip_address(address)


@pytest.mark.parametrize("text", ["", "unknown", "192.0.2.007.1", "1.2.3", "0192.0.2.7", "[]"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert address_in(text) is None
