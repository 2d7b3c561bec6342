"""The checks of ``risk smoke``: each passes, or reports what is wrong and what to do next."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "frame-ancestors 'none'",
    "strict-transport-security": "max-age=",
}
POLL_SECONDS = 0.25


class Failed(Exception):
    """A check that did not pass: what was seen, and what to do next."""

    def __init__(self, seen: str, next_step: str) -> None:
        super().__init__(seen)
        self.seen, self.next_step = seen, next_step


@dataclass
class Result:
    """The outcome of a check; ``passed`` is None if an earlier failure kept it from running."""

    name: str
    passed: bool | None
    seen: str
    seconds: float = 0.0
    next_step: str = ""

    def as_json(self) -> dict[str, Any]:
        """The fields, as JSON takes them."""
        return {**asdict(self), "seconds": round(self.seconds, 3)}


@dataclass
class Smoke:
    """A run against ``url`` as a person with ``email`` and ``password``. ``seconds`` is how long an event may take."""

    url: str
    websocket_url: str
    email: str
    password: str
    seconds: float
    event_id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.url, timeout=15, follow_redirects=True)
        self._socket: ClientConnection | None = None
        self._refresh_token = ""
        self._posted = 0.0

    def run(self) -> Iterator[Result]:
        """Yield each check's result. Checks that depend on a failed one are skipped."""
        checks: tuple[tuple[str, Callable[[], str], bool], ...] = (
            ("health", self.health, False),
            ("headers", self.headers, False),
            ("sign in", self.sign_in, True),
            ("open the WebSocket", self.open_socket, True),
            ("post an event", self.post, True),
            ("its assessment by REST", self.assessed, False),
            ("its assessment over the WebSocket", self.told, False),
        )
        stopped = False
        try:
            for name, check, needed in checks:
                if stopped:
                    yield Result(name, None, "not tried")
                    continue
                started = time.monotonic()
                try:
                    yield Result(name, True, check(), time.monotonic() - started)
                except Failed as error:
                    yield Result(name, False, error.seen, time.monotonic() - started, error.next_step)
                    stopped = needed
        finally:
            self.close()

    def close(self) -> None:
        """End the session and the connections."""
        if self._socket:
            self._socket.close()
        if self._refresh_token:
            with suppress(httpx.HTTPError):
                self.client.post("/api/v1/auth/logout", json={"refresh_token": self._refresh_token})
        self.client.close()

    def health(self) -> str:
        """Whether the API reports itself and its dependencies healthy."""
        answer = self._ask("GET", "/api/v1/health")
        said = _json(answer)
        if answer.status_code == 200 and said.get("status") == "healthy":
            return f"database {said['database']}, streaming {said['streaming']}"
        if said.get("database") == "disconnected":
            raise Failed(
                _said(answer), "see whether Postgres and its proxy are available, and the log of the Lambda api"
            )
        if said.get("status") == "degraded":
            raise Failed(_said(answer), "the engine does not run: see its service's events and its log")
        raise Failed(_said(answer), "this is not the API: --url is where the dashboard is, without a path")

    def headers(self) -> str:
        """Whether the security headers are set."""
        answer = self._ask("GET", "/api/v1/health")
        missing = [name for name, part in HEADERS.items() if part not in answer.headers.get(name, "")]
        if self.url.startswith("https:"):
            site = self._ask("GET", "/")
            missing += [f"{name} (site)" for name in HEADERS if name not in site.headers]
        if missing:
            raise Failed(
                f"missing: {', '.join(missing)}", "deploy the Web stack again; something in between strips them"
            )
        return f"{len(HEADERS)} of {len(HEADERS)}"

    def sign_in(self) -> str:
        """Whether this person can sign in."""
        answer = self._ask("POST", "/api/v1/auth/login", {"email": self.email, "password": self.password})
        if answer.status_code == 401:
            raise Failed("the address or the password is wrong", "set a password, or make an Admin: docs/deploy.md")
        said = self._expect(answer, 200, "see the log of the Lambda api, by the request's id")
        self.client.headers["Authorization"] = f"Bearer {said['access_token']}"
        self._refresh_token = str(said.get("refresh_token", ""))
        return f"as {self.email}"

    def open_socket(self) -> str:
        """Whether a ticket opens the WebSocket."""
        ticket = self._expect(
            self._ask("POST", "/api/v1/auth/ws-ticket"), 200, "tickets are in Valkey: see whether it is available"
        )["ticket"]
        try:
            self._socket = connect(f"{self.websocket_url}?ticket={ticket}", open_timeout=15, close_timeout=2)
            self._socket.send(json.dumps({"action": "subscribe", "min_level": "LOW"}))
        except (OSError, WebSocketException) as error:
            raise Failed(
                f"{self.websocket_url}: {type(error).__name__}: {error}",
                "see the log of the Lambda websocket; through another address: --ws-url",
            ) from error
        return self.websocket_url

    def post(self) -> str:
        """Whether an event of a test account is accepted."""
        event = {
            "event_id": str(self.event_id),
            "event_type": "payment",
            "occurred_at": datetime.now(UTC).isoformat(),
            "account_id": f"smoke-{self.event_id.hex[:12]}",
            "counterparty_id": "smoke-test",
            "amount": "12.34",
            "currency": "EUR",
        }
        answer = self._ask("POST", "/api/v1/events", event)
        if answer.status_code == 403:
            raise Failed(f"{self.email} may not send events", "run it as an Admin")
        self._expect(answer, 202, "see the log of the Lambda api, and whether the events stream is active")
        self._posted = time.monotonic()
        return f"event {self.event_id}"

    def assessed(self) -> str:
        """Whether the event is scored and stored in time."""
        while True:
            answer = self._ask("GET", f"/api/v1/risk/{self.event_id}")
            if answer.status_code == 200:
                return f"{_json(answer)['level']} after {time.monotonic() - self._posted:.2f} s"
            if answer.status_code != 404:
                raise Failed(_said(answer), "see the log of the Lambda api, by the request's id")
            if time.monotonic() > self._posted + self.seconds:
                raise Failed(
                    f"not after {self.seconds:.0f} s", "see the engine's log, and the age of events in the stream"
                )
            time.sleep(POLL_SECONDS)

    def told(self) -> str:
        """Whether the assessment was pushed over the WebSocket. Others are ignored."""
        while self._socket:
            try:
                # A message that has arrived already counts, however late it is read.
                message = json.loads(
                    self._socket.recv(timeout=max(0.0, self._posted + self.seconds - time.monotonic()))
                )
            except TimeoutError:
                break
            except (OSError, ValueError, WebSocketException) as error:
                raise Failed(f"{type(error).__name__}: {error}", "see the logs of websocket and broadcast") from error
            if any(item.get("event_id") == str(self.event_id) for item in message.get("items", [])):
                return f"after {time.monotonic() - self._posted:.2f} s at the latest"
        raise Failed(
            f"not after {self.seconds:.0f} s", "see the log of the Lambda broadcast, and its queue of failures"
        )

    def _ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        with _reachable(self.url):
            return self.client.request(method, path, json=body)
        raise AssertionError

    def _expect(self, answer: httpx.Response, status: int, next_step: str) -> dict[str, Any]:
        if answer.status_code != status:
            raise Failed(_said(answer), next_step)
        return _json(answer)


@contextmanager
def _reachable(url: str) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise Failed(f"{url}: {type(error).__name__}: {error}", "see whether --url is right and reachable") from error


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(answer: httpx.Response) -> str:
    detail = _json(answer).get("detail") or answer.text[:200] or "nothing"
    request_id = answer.headers.get("x-request-id")
    return f"{answer.status_code}: {detail}" + (f" (request {request_id})" if request_id else "")
