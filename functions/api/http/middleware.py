"""Middleware: request id, rate limits, body size, headers, access log, and the last-resort error response."""

from __future__ import annotations

import re
import time
from http import HTTPStatus
from uuid import uuid4

from anyio import to_thread
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions.api.http import documentation
from functions.api.http.access import callers
from functions.api.http.access.client_address import client_address
from functions.api.http.conventions import problems
from functions.api.http.logs import logger
from functions.api.http.services import Services
from risk.adapters.rate_limits import Standing
from risk.domain.errors import TooMany

HEADER = "x-request-id"
_REQUEST_ID = re.compile(r"[\w.:=+/-]{1,128}")
MAX_BODY_BYTES = 5 * 1024 * 1024
"""What Kinesis takes at once, which is a little less than a Lambda takes."""
# Responses are data: nothing in them may run or be framed. The two documentation pages are pages.
_POLICY = "default-src 'none'; frame-ancestors 'none'"
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "cache-control": "no-store",
}


def _find_request_id(scope: Scope) -> str:
    gateway = scope.get("aws.event", {}).get("requestContext", {}).get("requestId")
    given = gateway or Headers(scope=scope).get(HEADER, "")
    return given if _REQUEST_ID.fullmatch(given) else str(uuid4())


class RequestContext:
    """Gives each request an id and writes the access log; never bodies, queries or tokens."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        state = scope.setdefault("state", {})
        state["request_id"] = _find_request_id(scope)
        logger.set_correlation_id(state["request_id"])
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[HEADER] = state["request_id"]
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers["content-security-policy"] = (
                    documentation.POLICY if scope["path"] in documentation.PATHS else _POLICY
                )
            await send(message)

        await self.app(scope, receive, answer)
        _record(scope, status, (time.perf_counter() - started) * 1000)


def _record(scope: Scope, status: int, milliseconds: float) -> None:
    # The route template, not the path: no customer ids in logs.
    route = getattr(scope.get("route"), "path", "none")
    logger.info(
        "request",
        extra={
            "method": scope["method"],
            "route": route,
            "status": status,
            "ms": round(milliseconds, 1),
            "user_id": scope["state"].get("user_id"),
        },
    )


class SizeLimit:
    """Refuses bodies over 5 MB, by their declared and by their actual size."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        too_large = problems.TooLarge(f"a body may have {MAX_BODY_BYTES} bytes; send fewer events at once")
        if announced.isdigit() and int(announced) > MAX_BODY_BYTES:
            await problems.of_risk_error(Request(scope), too_large)(scope, receive, send)
            return
        size = 0

        async def measured() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY_BYTES:
                # The one exception type that FastAPI lets through while it reads a body.
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large.detail)
            return message

        await self.app(scope, measured, send)


class RateLimit:
    """Counts each request against the quotas of its caller and address, and reports them.

    The headers are those of draft-ietf-httpapi-ratelimit-headers-10.
    """

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or answer 429."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        standings = await to_thread.run_sync(self._count, scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and standings:
                headers = MutableHeaders(scope=message)
                headers["ratelimit-policy"] = ", ".join(
                    f'"{one.quota.name}";q={one.quota.limit};w={one.quota.seconds}' for one in standings
                )
                headers["ratelimit"] = ", ".join(
                    f'"{one.quota.name}";r={one.remaining};t={one.resets_in}' for one in standings
                )
            await send(message)

        exceeded = [one for one in standings if one.exceeded]
        if exceeded:
            wait = max(one.resets_in for one in exceeded)
            names = " and ".join(one.quota.name for one in exceeded)
            error = TooMany(f"the quota of your {names} is used up; go on in {wait} seconds", retry_after=wait)
            await problems.of_risk_error(Request(scope), error)(scope, receive, answer)
            return
        await self.app(scope, receive, answer)

    def _count(self, scope: Scope) -> list[Standing]:
        services = self._services
        address = client_address(Request(scope), services.settings.trusted_proxies)
        return services.limiter.count(callers.quotas(services, Headers(scope=scope), address))


class LastResort:
    """Answers 500 to unexpected errors, inside the middleware that sets headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await problems.unexpected(Request(scope), error)(scope, receive, send)
