"""Decide which machines may be asked: those whose address is public, unless others are allowed."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from assistant.ingestion.formats import UnreadableFileError

Resolve = Callable[[str, int], list[str]]
"""Return the addresses of a host by its name and port."""

_EMBEDDED = ip_network("64:ff9b::/96")
"""IPv6 addresses that a gateway translates to the IPv4 address in their last 32 bits."""


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that the system gives for a host, without doubles."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def checked_addresses(
    host: str, port: int, private_allowed: bool, resolve: Resolve = resolve
) -> list[str]:
    """Return the addresses of a host, none of which is private.

    Connect to these, and do not resolve the name again: it may have changed by then. Raise
    `UnreadableFileError` if any address is not allowed, or there is none.
    """
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise UnreadableFileError(f"{host} cannot be found: {error}") from None
    for address in found:
        if not _is_allowed(address, private_allowed):
            raise UnreadableFileError(
                f"{host} has the address {address}, which is not public "
                "(ASSISTANT_PRIVATE_SOURCES allows it)"
            )
    if not found:
        raise UnreadableFileError(f"{host} has no address")
    return found


def _is_allowed(text: str, private_allowed: bool) -> bool:
    address = ip_address(text.partition("%")[0])
    if address.is_multicast or address.is_unspecified:
        return False
    return private_allowed or all(one.is_global for one in _reached(address))


def _reached(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Return an address and the IPv4 addresses that it stands for."""
    if isinstance(address, IPv4Address):
        return [address]
    within = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _EMBEDDED:
        within.append(IPv4Address(int(address) & 0xFFFFFFFF))
    inner: list[IPv4Address | IPv6Address] = [one for one in within if one is not None]
    return inner if address.ipv4_mapped else [address, *inner]
