"""What the middleware before the routes reads off a request."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope

REQUEST_ID = "assistant.request_id"
IPV6_SITE_BITS = 64
"""One site has so much of an IPv6 address in common; it may choose the rest for each request."""


def path_below(scope: Scope) -> str:
    """The path below the one that the application is mounted at, as Starlette's routes see it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and (path == root or path.startswith(f"{root}/")):
        return path[len(root) :] or "/"
    return path


def client_of(scope: Scope) -> str:
    """The client's address, by which its requests are counted; of IPv6 its network."""
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
    """The id that the log and the answer of this request carry; empty where none was given."""
    request_id: str = scope.get(REQUEST_ID, "")
    return request_id
