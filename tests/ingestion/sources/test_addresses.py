"""Which machines may be asked."""

import socket

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.addresses import checked_addresses, resolve


def giving(*addresses: str) -> list[str]:
    return checked_addresses("host.example", 443, False, lambda host, port: list(addresses))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0"),
        *("fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"),
        *("2002:7f00:1::", "2001:db8::1", "198.51.100.1"),
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    with pytest.raises(UnreadableFileError, match="not public"):
        giving(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert giving(address) == [address]


def test_a_host_with_one_private_address_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match=r"10\.0\.0\.1"):
        giving("93.184.215.14", "10.0.0.1")


def test_private_addresses_can_be_allowed_but_not_those_of_nobody() -> None:
    assert checked_addresses("h", 80, True, lambda host, port: ["10.0.0.1"]) == ["10.0.0.1"]
    with pytest.raises(UnreadableFileError):
        checked_addresses("h", 80, True, lambda host, port: ["0.0.0.0"])


def test_a_host_without_an_address_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="no address"):
        giving()


@pytest.mark.parametrize("name", ["127.1", "2130706433", "0x7f000001", "localhost"])
def test_other_notations_of_this_machine_are_resolved_and_refused(name: str) -> None:
    try:
        resolve(name, 80)
    except socket.gaierror:
        pytest.skip("this system does not take it for an address")
    with pytest.raises(UnreadableFileError, match="not public"):
        checked_addresses(name, 80, False)


def test_a_name_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="cannot be found"):
        checked_addresses("a" * 300, 80, False)
