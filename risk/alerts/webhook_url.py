"""Where webhooks may be sent: HTTPS to public addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from risk.domain.errors import InvalidInput

_NAT64 = ip_network("64:ff9b::/96")
# IPv4-compatible addresses, NAT64 of a network's own, and site-local ones: Python's versions differ on them.
_NEVER_PUBLIC = [ip_network(text) for text in ("::/96", "64:ff9b:1::/48", "fec0::/10", "100::/64", "2001:db8::/32")]


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise InvalidInput(f"this is not a URL: {error}", field="url") from error
    return parts


def check_url(url: str, *, private: bool) -> None:
    """Raise ``InvalidInput`` unless messages may be sent to ``url``.

    HTTPS only, with no name or password in it and no address that is not public. With ``private`` also
    addresses of the inside, and plain HTTP to this machine.
    """
    parts = _parts(url)
    host = (parts.hostname or "").rstrip(".")
    if not host or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidInput("this is not a URL; give one such as https://hooks.example.com/risk", field="url")
    try:
        address: IPv4Address | IPv6Address | None = ip_address(host)
    except ValueError:
        address = None
    local = host == "localhost" or host.endswith(".localhost") or (address is not None and address.is_loopback)
    if parts.scheme != "https" and not (private and parts.scheme == "http" and local):
        raise InvalidInput("must begin with https://", field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput("must not hold a name, a password or a fragment", field="url")
    if not private and (local or (address is not None and not is_public(address))):
        raise InvalidInput("must be a public address", field="url")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the internet, whatever it is wrapped in (mapped, compatible, 6to4, NAT64)."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or any(address in network for network in _NEVER_PUBLIC):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
