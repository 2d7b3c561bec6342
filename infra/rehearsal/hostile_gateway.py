"""Hostile requests and WebSocket frames through the real gateway, Lambdas and services of a running stack."""

from __future__ import annotations

import base64
import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote, urlsplit

import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from infra.rehearsal.hostile_requests import Hostile, Request

STALLED_SECONDS = 29.0
"""API Gateway's time limit for a Lambda."""
_CREDENTIALS = {"authorization", "x-api-key"}
_REPLIES = {"error", "subscribed", "pong"}
_TICKETS = 0.05
"""The share of frames that are sent as tickets for a new connection."""


@dataclass
class Answers:
    """Answers by status or type, and everything that went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, began: float, sent: object, faults: Sequence[str] = ()) -> None:
        """Add the answer to ``sent``, a request sent at ``began`` of the monotonic clock."""
        took = time.monotonic() - began
        with self._lock:
            self.counts[kind] += 1
            self.slowest = max(self.slowest, took)
            self.faults += faults
            if took > STALLED_SECONDS:
                self.faults.append(f"{sent} was answered after {took:.0f} s")


@dataclass
class Person:
    """A user of the API at ``api``, who signs in again whenever signed out."""

    api: str
    email: str
    password: str
    _token: str = ""

    def token(self) -> str:
        """An access token."""
        if not self._token:
            login = {"email": self.email, "password": self.password}
            answer = httpx.post(f"{self.api}/api/v1/auth/login", json=login, timeout=60)
            self._token = str(answer.raise_for_status().json()["access_token"])
        return self._token

    def signed_out(self) -> None:
        """Forget the token."""
        self._token = ""

    def socket(self, url: str) -> ClientConnection:
        """A connection to the WebSocket at ``url``."""
        headers = {"Authorization": f"Bearer {self.token()}"}
        answer = httpx.post(f"{self.api}/api/v1/auth/ws-ticket", headers=headers, timeout=60).raise_for_status()
        return connect(f"{url}?ticket={answer.json()['ticket']}", open_timeout=60)


def send_requests(
    people: Sequence[Person], routes: Sequence[tuple[str, str]], number: int, seed: int, advance: Callable[[int], None]
) -> Answers:
    """Send ``count`` requests, in equal shares by ``people``; each must be answered, or refused with a reason.

    ``routes`` are methods and paths of the API, with their parameters in braces.
    """
    found = Answers()
    with ThreadPoolExecutor(len(people)) as pool:
        running = [
            pool.submit(_client, person, Hostile(seed * 100 + place, routes), number // len(people), found, advance)
            for place, person in enumerate(people)
        ]
    for one in running:
        one.result()
    return found


def _client(person: Person, hostile: Hostile, number: int, found: Answers, advance: Callable[[int], None]) -> None:
    where = urlsplit(person.api)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    for _ in range(number):
        request, began = hostile.request(), time.monotonic()
        try:
            status, body, wait = _send(connection, where.path, request, person.token())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            found.add("none", began, request, [f"no answer to {request}: {error!r}"])
            continue
        found.add(str(status), began, request, _wrong(request, status, body))
        if status == HTTPStatus.UNAUTHORIZED and not _CREDENTIALS & request.headers.keys():
            person.signed_out()
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            time.sleep(wait)
        advance(1)
    connection.close()


def _send(connection: http.client.HTTPConnection, base: str, request: Request, token: str) -> tuple[int, bytes, float]:
    path = base + quote(request.path, safe="/%", errors="replace") + (f"?{request.query}" if request.query else "")
    # A control character in a header is invalid HTTP: the server refuses it before the API sees it.
    plain = {name: value for name, value in request.headers.items() if value.isprintable()}
    headers = {"authorization": f"Bearer {token}"} | plain
    body = request.body or ""
    data = base64.b64decode(body) if request.is_base64 else body.encode("utf-8", "replace")
    connection.request(request.method, path, data, headers)
    answer = connection.getresponse()
    wait = answer.getheader("Retry-After") or "1"
    return answer.status, answer.read(), min(60.0, float(wait) if wait.isdigit() else 1.0)


def _wrong(request: Request, status: int, body: bytes) -> list[str]:
    """What is wrong with the answer: a server error, or a refusal without a reason."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return [f"{status} to {request}: {body[:300]!r}"]
    if status < HTTPStatus.BAD_REQUEST or request.method == "HEAD":
        return []
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    reason = (said.get("detail") or said.get("message")) if isinstance(said, dict) else None
    return [] if reason else [f"{status} without a reason to {request}: {body[:300]!r}"]


def send_frames(person: Person, url: str, number: int, seed: int, advance: Callable[[int], None]) -> Answers:
    """Send ``count`` frames, some as tickets; each must be refused with a reason, on a connection that stays open."""
    found, hostile = Answers(), Hostile(seed)
    socket = person.socket(url)
    for _ in range(number):
        frame = hostile.frame().encode("utf-8", "replace").decode()
        began, faults = time.monotonic(), list[str]()
        if hostile.random.random() < _TICKETS:
            kind = _knock(url, frame)
            faults += [f"the ticket {frame[:200]!r} opened a connection"] if kind == "ticket taken" else []
        else:
            try:
                kind, reason = _reply(socket, frame)
                faults += [] if reason else [f"no reason for refusing the frame {frame[:200]!r}"]
            except (ConnectionClosed, TimeoutError) as error:
                kind, faults = "none", [f"no reply to the frame {frame[:200]!r}: {error!r}"]
                socket = person.socket(url)
        found.add(kind, began, frame[:200], faults)
        advance(1)
    socket.close()
    return found


def _reply(socket: ClientConnection, frame: str) -> tuple[str, str]:
    """The type and reason of the reply to a frame; pushed updates are skipped."""
    socket.send(frame)
    while True:
        said = json.loads(socket.recv(timeout=STALLED_SECONDS))
        if said["type"] in _REPLIES:
            return said["type"], said["items"][0]["detail"] if said["type"] == "error" else said["type"]


def _knock(url: str, ticket: str) -> str:
    try:
        connect(f"{url}?ticket={quote(ticket, safe='', errors='replace')}", open_timeout=60).close()
    except InvalidHandshake:
        return "ticket refused"
    return "ticket taken"
