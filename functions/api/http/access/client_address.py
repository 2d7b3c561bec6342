"""The client's address, seen through trusted proxies."""

from __future__ import annotations

from starlette.requests import HTTPConnection


def client_address(connection: HTTPConnection, trusted_proxies: int) -> str:
    """The client's address as seen by the outermost of ``trusted_proxies``.

    Entries further left in ``X-Forwarded-For`` were written by the client and are not trusted.
    """
    peer = connection.client.host if connection.client else "unknown"
    seen = [part.strip() for part in connection.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if not seen or seen[-1] != peer:
        seen.append(peer)
    return seen[max(0, len(seen) - 1 - trusted_proxies)]
