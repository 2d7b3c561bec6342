"""``Idempotency-Key``: a repeated request is carried out once and gets the same response.

The key is stored in the transaction of the change, so that neither exists without the other. The response is stored
after the commit, encrypted, since some responses hold a secret that is shown once. A failed request leaves no trace
and may be sent again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import redis
from anyio import to_thread
from fastapi import Depends, FastAPI, Request, Response
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions.api.http.conventions import problems
from functions.api.http.logs import logger
from functions.api.http.services import Services
from risk.domain.errors import Conflict, InvalidInput
from risk.store.identity import idempotency_keys

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
PATTERN = r"^[\x21-\x7e]{1,255}$"
_BUSY = f"another request with this {HEADER} is being carried out; send it again in a moment"
_LONGEST_SECONDS = 30
_KEPT_HEADERS = (b"content-type", b"etag", b"location")


@dataclass(frozen=True)
class RequestKey:
    """The key of a request, and a digest of the request."""

    key_hash: bytes
    request_hash: bytes


async def _request_key(request: Request) -> RequestKey | None:
    given = request.headers.get(HEADER)
    if given is None or request.method != "POST":
        return None
    if not re.fullmatch(PATTERN, given):
        raise InvalidInput("a key is 1 to 255 visible ASCII characters, such as a UUID", field=HEADER)
    what = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\0".encode())
    what.update(await request.body())
    return RequestKey(hashlib.sha256(given.encode()).digest(), what.digest())


RequestKeyDep = Annotated[RequestKey | None, Depends(_request_key)]


class Replay(Exception):
    """The request was carried out before: this was the response."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("answered before")
        self.answer = answer


def claim(request: Request, connection: Connection, caller: UUID, key: RequestKey, now: datetime) -> None:
    """Let one request with this key through; later ones raise ``Replay`` or are refused."""
    if not idempotency_keys.lock(connection, caller, key.key_hash):
        raise Conflict(_BUSY)
    repeat(connection, caller, key, now)
    idempotency_keys.claim(connection, caller, key.key_hash, key.request_hash, now=now)
    request.state.claimed = (caller, key.key_hash)


def repeat(connection: Connection, caller: UUID, key: RequestKey, now: datetime) -> None:
    """Raise ``Replay`` for a request that was carried out before, or refuse it."""
    before = idempotency_keys.find(connection, caller, key.key_hash, now=now)
    if before is None:
        return
    if before.request_hash != key.request_hash:
        raise InvalidInput("this key was used for another request; each needs a key of its own", field=HEADER)
    if before.answer is None:
        raise Conflict("this was carried out, and its answer was lost; look at what is there now")
    raise Replay(before.answer)


@contextmanager
def alone(services: Services, caller: UUID, key: RequestKey) -> Iterator[None]:
    """Exclude others with this key from long work outside a transaction; the second caller gets ``Conflict``.

    The lock is in Valkey and lasts as long as a request may. While Valkey is down two may do the work: one result is
    stored.
    """
    name = f"idempotency:{caller}:{key.key_hash.hex()}"
    try:
        free = services.live.set(name, 1, nx=True, ex=_LONGEST_SECONDS)
    except redis.RedisError as error:
        logger.warning("a key is not kept for one request", extra={"error": type(error).__name__})
        free = True
    if not free:
        raise Conflict(_BUSY)
    try:
        yield
    finally:
        with suppress(redis.RedisError):
            services.live.delete(name)


def _seal(services: Services) -> Fernet:
    from cryptography.fernet import Fernet  # only requests with a key wait for the import

    secret = hashlib.sha256(b"answers kept for Idempotency-Key\0" + services.signing_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))


def _replay(request: Request, replay: Replay) -> Response:
    from cryptography.fernet import InvalidToken

    try:
        head, _, body = _seal(request.app.state.services).decrypt(replay.answer).partition(b"\n")
    except InvalidToken as error:
        logger.warning("an answer that was kept cannot be opened", extra={"error": type(error).__name__})
        return problems.of_risk_error(request, Conflict("this was carried out; its answer cannot be read any more"))
    kept = json.loads(head)
    return Response(body, status_code=kept["status"], headers=kept["headers"] | {REPLAYED: "true"})


def install(app: FastAPI) -> None:
    """Replays the responses of repeated requests of ``app``."""
    app.add_exception_handler(Replay, _replay)  # type: ignore[arg-type]  # narrower than Exception


class KeepAnswers:
    """Stores the response of each request that claimed its key, before it is sent."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        start: Message = {}
        body = bytearray()

        async def answer(message: Message) -> None:
            nonlocal start
            claimed = scope.get("state", {}).get("claimed")
            if claimed is None:
                await send(message)
            elif message["type"] == "http.response.start":
                start = message
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    await to_thread.run_sync(self._keep, claimed, start, bytes(body))
                    await send(start)
                    await send({"type": "http.response.body", "body": bytes(body)})

        await self.app(scope, receive, answer)

    def _keep(self, claimed: tuple[UUID, bytes], start: Message, body: bytes) -> None:
        if start["status"] >= 400:
            return
        headers = {name.decode(): value.decode() for name, value in start["headers"] if name in _KEPT_HEADERS}
        head = json.dumps({"status": start["status"], "headers": headers}).encode()
        sealed = _seal(self._services).encrypt(head + b"\n" + body)
        try:
            with self._services.database.begin() as connection:
                idempotency_keys.keep_answer(connection, *claimed, sealed)
        except SQLAlchemyError as error:
            logger.warning("an answer was not kept for its key", extra={"error": type(error).__name__})
