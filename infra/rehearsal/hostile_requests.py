"""Hostile requests, WebSocket frames and stream records, from a seed."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

from infra import PROJECT

_EVENT = {
    "event_id": "9b2f6c1e-58a4-4f0e-8f57-0d8a4f3a7c11",
    "event_type": "payment",
    "occurred_at": "2026-01-31T09:30:00Z",
    "account_id": "ada",
    "amount": "12.50",
    "currency": "EUR",
    "ip": "192.0.2.7",
    "country": "DE",
    "attributes": {"tries": 1},
}
_LABEL = {"kind": "label", "event_id": _EVENT["event_id"], "fraud": True, "known_at": "2026-02-01T00:00:00Z"}
TEXTS = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\u200b",
        "\u202e",
        "\ufeff",
        "\ud800",
        "\udfff\ud800",
        "💥" * 40,
        "İ" * 130,
        "a\u0301" * 70,
    ),
    *(
        "../../etc/passwd",
        "' OR 1=1 --",
        "{{7*7}}",
        "<script>",
        "%00",
        "%",
        "\r\nX-Odd: 1",
        "a" * 5_000,
        "\\u0000",
        "null",
    ),
    *("-1", "9" * 400, "1e999", "-1e999", "nan", "Infinity", "0x10", "1_000", "٣", "0001-01-01T00:00:00+14:00"),
    *("9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z", "fe80::1%eth0", "::ffff:1.2.3.4", "1.2.3.4/0", "999.1.1.1"),
)
NUMBERS = (
    0,
    -0.0,
    -1,
    2**31,
    2**53 + 1,
    2**63,
    10**400,
    1e16,
    1e308,
    5e-324,
    float("inf"),
    float("-inf"),
    float("nan"),
)
METHODS = ("GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "ODD")
_HEADERS = ("content-type", "accept", "authorization", "x-api-key", "if-match", "if-none-match", "idempotency-key")
_MORE_HEADERS = ("cookie", "origin", "x-request-id", "x-forwarded-for", "accept-encoding", "content-encoding", "range")
_TYPES = ("application/json", "text/csv", "application/jsonl", "application/json; charset=utf-16", "image/png", "*/*")


def routes() -> list[tuple[str, str]]:
    """Every method and path of the API, with their parameters in braces."""
    paths: dict[str, dict[str, Any]] = json.loads((PROJECT / "docs/openapi.json").read_text())["paths"]
    return [(method.upper(), path) for path, methods in sorted(paths.items()) for method in methods]


class Request(NamedTuple):
    """A request in API Gateway's form."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str | None
    is_base64: bool


class Hostile:
    """Inputs from ``seed``; ``routes`` are methods and paths of the API, with their parameters in braces."""

    def __init__(self, seed: int, routes: Sequence[tuple[str, str]] = ()) -> None:
        self.random = Random(seed)  # noqa: S311 - to be repeatable, not secret
        self._routes = routes

    def text(self) -> str:
        """Arbitrary text, often of kinds that break programs."""
        if self.random.random() < 0.7:
            return self.random.choice(TEXTS)
        return "".join(
            chr(self.random.choice((self.random.randrange(0x80), self.random.randrange(0xD800)))) for _ in range(9)
        )

    def value(self, depth: int = 0) -> Any:
        """Any JSON value, and some values that JSON lacks."""
        kind = self.random.randrange(8 if depth < 3 else 4)
        if kind < 2:
            return self.text()
        if kind < 4:
            return self.random.choice((*NUMBERS, None, True, False))
        if kind < 6:
            return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        return {self.text(): self.value(depth + 1) for _ in range(self.random.randrange(4))}

    def record(self) -> bytes:
        """A stream record: bytes, or an event or label with an error."""
        kind = self.random.randrange(10)
        if kind == 0:
            return self.random.randbytes(self.random.randrange(200))
        if kind == 1:
            opening, closing = self.random.choice((("[", "]"), ('{"a":', "}"), ('{"attributes":', "}")))
            depth = self.random.choice((10, 199, 300, 1_300, 5_000))
            return (opening * depth + "1" + closing * self.random.choice((0, depth))).encode()
        record: Any = dict(self.random.choice((_EVENT, _LABEL)), event_id=str(UUID(int=self.random.getrandbits(128))))
        for _ in range(self.random.randrange(3)):
            record[self.random.choice((*_EVENT, *_LABEL, self.text()))] = self.value()
        raw = json.dumps(record, ensure_ascii=self.random.random() < 0.7).encode("utf-8", "surrogatepass")
        if kind == 2:  # cut, doubled, or with a byte turned
            at = self.random.randrange(len(raw))
            return self.random.choice((raw[:at], raw + raw[at:], raw[:at] + bytes([raw[at] ^ 0x80]) + raw[at + 1 :]))
        return raw

    def body(self) -> bytes:
        """The body of a request."""
        kind = self.random.randrange(4)
        if kind == 0:
            return json.dumps(self.value()).encode()
        if kind == 1:
            return b"[" + b",".join(self.record() for _ in range(self.random.randrange(4))) + b"]"
        return self.record()

    def frame(self) -> str:
        """Text that a browser could send on the WebSocket."""
        kind = self.random.randrange(4)
        if kind == 0:
            return self.record().decode("utf-8", "replace")
        if kind == 1:
            return json.dumps(
                {"action": self.random.choice(("subscribe", "ping", self.value())), "min_level": self.value()}
            )
        return self.text() if kind == 2 else json.dumps(self.value())

    def request(self) -> Request:
        """A request to an existing or a missing route."""
        method, path = self.random.choice(self._routes)
        if self.random.random() < 0.1:
            path = "/" + self.text().encode("utf-8", "replace").decode()
        if self.random.random() < 0.1:
            method = self.random.choice(METHODS)
        while "{" in path:
            before, _, rest = path.partition("{")
            filler = quote(self.text(), safe="", errors="replace") or "-"
            path = before + filler + rest.partition("}")[2] if "}" in rest else before
        names = ("limit", "cursor", "from", "to", "min_level", "status", "account_id", "wait_ms", "minutes", "sort")
        query = "&".join(
            f"{self.random.choice(names)}={quote(self.text(), errors='replace')}"
            for _ in range(self.random.randrange(3))
        )
        headers = {"content-type": self.random.choice(_TYPES)}
        for _ in range(self.random.randrange(2)):
            value = self.text().encode("latin-1", "replace").decode("latin-1").translate({10: 32, 13: 32, 0: 32})
            headers[self.random.choice((*_HEADERS, *_MORE_HEADERS))] = value
        body = self.body() if self.random.random() < 0.8 else None
        if body is None:
            return Request(method, path, query, headers, None, False)
        try:
            text, is_base64 = body.decode(), self.random.random() < 0.2
        except UnicodeDecodeError:
            text, is_base64 = "", True
        content = base64.b64encode(body).decode() if is_base64 else text
        return Request(method, path, query, headers, content, is_base64)
