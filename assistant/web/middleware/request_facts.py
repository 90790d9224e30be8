"""Facts about a request: its path, its client and its id."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope

REQUEST_ID = "assistant.request_id"
IPV6_SITE_BITS = 64
"""Bits of an IPv6 address that identify a site. Clients choose the rest freely."""


def path_below(scope: Scope) -> str:
    """Return the path below the application's mount point, as Starlette's routes see it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and (path == root or path.startswith(f"{root}/")):
        return path[len(root) :] or "/"
    return path


def client_of(scope: Scope) -> str:
    """Return the address by which a client is counted: for IPv6, the network of its site."""
    host: str = scope["client"][0] if scope.get("client") else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host[:64]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    site = (int(address) >> IPV6_SITE_BITS << IPV6_SITE_BITS, IPV6_SITE_BITS)
    return str(ip_network(site))


def request_id_of(scope: Scope) -> str:
    """Return the id of a request in log and response, or an empty text without one."""
    request_id: str = scope.get(REQUEST_ID, "")
    return request_id
