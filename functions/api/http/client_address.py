"""The client's address, seen through trusted proxies."""

from __future__ import annotations

from starlette.requests import HTTPConnection


def client_address(connection: HTTPConnection, trusted_proxies: int) -> str:
    """The address of the client: the one that the outermost of ``trusted_proxies`` saw.

    What stands further to the left in ``X-Forwarded-For`` was written by the client and is not believed.
    """
    peer = connection.client.host if connection.client else "unknown"
    seen = [part.strip() for part in connection.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if not seen or seen[-1] != peer:
        seen.append(peer)
    return seen[max(0, len(seen) - 1 - trusted_proxies)]
