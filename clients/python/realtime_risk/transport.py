"""How requests are sent: with credentials, tried again where that is safe, failing with the API's own words."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import quote
from uuid import uuid4

import httpx

RETRIED = frozenset({429, 502, 503, 504})
ATTEMPTS = 5
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0
_SAFE = frozenset({"GET", "PUT", "DELETE"})
_REPEATABLE = frozenset({"/api/v1/events"})
"""Where sending again is harmless by itself: an event is scored once."""


class ApiError(Exception):
    """What the API refused: ``status``, ``title``, ``detail``, and the problem (RFC 9457) as it came."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = dict(problem)
        self.title = str(problem.get("title", "Request failed"))
        self.detail = str(problem.get("detail", ""))
        super().__init__(f"{status} {self.title}: {self.detail}")


class Transport:
    """Sends requests. Tried again, with growing waits, is what cannot be carried out twice."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        token: str | None = None,
        timeout: float = 10.0,
        attempts: int = ATTEMPTS,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"x-api-key": api_key} if api_key else {"authorization": f"Bearer {token}"} if token else {}
        self._http = http or httpx.Client(timeout=timeout)
        self._base, self._headers = base_url.rstrip("/"), headers
        self._attempts, self._sleep = attempts, sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @staticmethod
    def quote(part: object) -> str:
        """A part of a path."""
        return quote(str(part), safe="")

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        content: bytes | None = None,
        content_type: str | None = None,
        idempotency_key: str | None = None,
        keyed: bool = False,
        if_match: str | None = None,
    ) -> Any:
        """What the API answers: JSON, text, or None. Raises ``ApiError``, or httpx's errors."""
        headers = dict(self._headers)
        if keyed:
            headers["idempotency-key"] = idempotency_key or str(uuid4())
        if if_match is not None:
            headers["if-match"] = if_match
        if content_type is not None:
            headers["content-type"] = content_type
        parameters = {name: value for name, value in (query or {}).items() if value is not None}
        repeatable = method in _SAFE or keyed or path in _REPEATABLE
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts or not repeatable
            try:
                answer = self._http.request(
                    method, self._base + path, params=parameters, json=json, content=content, headers=headers
                )
            except httpx.TransportError:
                if last:
                    raise
                self._sleep(_wait(attempt, None))
                continue
            if answer.status_code not in RETRIED or last:
                return _read(answer)
            self._sleep(_wait(attempt, answer.headers.get("retry-after")))
        raise AssertionError("the last attempt answers or raises")


def _wait(attempt: int, told: str | None) -> float:
    """Seconds until the next attempt: what the API asks for, else doubling, spread so that clients do not meet."""
    if told is not None and told.isdigit():
        return min(LONGEST_WAIT, float(told))
    longest = min(LONGEST_WAIT, FIRST_WAIT * float(2 ** (attempt - 1)))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  (no secret)


def _read(answer: httpx.Response) -> Any:
    if answer.is_success:
        if not answer.content:
            return None
        return answer.json() if "json" in answer.headers.get("content-type", "").partition(";")[0] else answer.text
    try:
        problem = answer.json()
    except ValueError:
        problem = {"title": answer.reason_phrase, "detail": answer.text[:500]}
    raise ApiError(answer.status_code, problem if isinstance(problem, dict) else {"detail": str(problem)})
