"""Refuses requests that did not come through CloudFront, where the stack requires it.

CloudFront adds a secret header. Without this check, whoever finds the API's own address could bypass the firewall and
forge ``X-Forwarded-For``.
"""

from __future__ import annotations

import hmac

from anyio import to_thread
from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from functions.api.http.conventions import problems
from functions.api.http.services import Services
from risk.domain.errors import NotAllowed

HEADER = "x-origin-key"


class Origin:
    """Passes requests that carry the key, and answers 403 to the rest."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            expected = await to_thread.run_sync(lambda: self._services.origin_key)
            given = Headers(scope=scope).get(HEADER, "")
            if not hmac.compare_digest(given.encode(), expected.encode()):
                error = NotAllowed("this address is not for clients; use the one of the dashboard")
                await problems.of_risk_error(Request(scope), error)(scope, receive, send)
                return
        await self.app(scope, receive, send)
