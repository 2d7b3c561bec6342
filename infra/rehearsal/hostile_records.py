"""Hostile records of the event stream: arbitrary bytes, broken JSON, and records with one field spoilt."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

_TEXTS = [
    "",
    " ",
    "\0",
    "a\0b",
    "\u200b",
    "\u202eevil",
    "\ud800",
    "\udfff",
    "\ufeff",
    "\ufffe",
    "\U0010ffff",
    "ａｄａ",
    "e\u0301" * 40,
    "x" * 129,
    "x" * 5_000,
    "' OR 1=1 --",
    "{{7*7}}",
    "<script>",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "null",
    "NaN",
    "\r\n",
    "\x1b[31m",
    "\x7f\x80",
    "👩‍👩‍👧‍👦",
    "ß" * 128,
    "İ" * 64,
    "\\",
    '"',
]
_NUMBERS: list[Any] = [
    0,
    -0.0,
    -1,
    1e308,
    -1e308,
    5e-324,
    1e16,
    10**15,
    10**15 - 1,
    10**30,
    2**53,
    2**63,
    2**64,
    1.1 * 3,
    0.1 + 0.2,
    float("nan"),
    float("inf"),
    "1e400",
    "1_000",
    "١٢",
    "0x10",
    "999999999999999.999999",
    "0.0000005",
    "1e-30",
    "1,5",
    "+5",
    True,
    None,
    [],
    {},
]
_TIMES = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59",
    "1999-12-31T23:59:59Z",
    "2026-02-29T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01",
    "now",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00.123456789Z",
    "2026-01-01 00:00:00+24:00",
    0,
    -1,
    1e12,
    1e20,
    "１",
]
_ADDRESSES = [
    "fe80::1%eth0",
    "::",
    "::ffff:1.2.3.4",
    "::1.2.3.4",
    "1.2.3.4/24",
    "1.2.3",
    "01.2.3.4",
    "256.1.1.1",
    "[::1]",
    "1.2.3.4 ",
    "2001:db8::g",
    "0x7f000001",
    "::%\0",
    "::ffff:fe80::1%1",
]
_CODES = ["eur", "XK", "ZZZ", "USDT", "", "E R", "ÉUR", "EURO" * 9, "T1", "de", "\0DE", "🇩🇪", 978]
_IDS = [
    "",
    "1",
    "not-a-uuid",
    "00000000-0000-0000-0000-000000000000",
    "{%s}" % ("0" * 32),
    "urn:uuid:" + "0" * 32,
    5,
    None,
]


def deep(levels: int) -> Any:
    """Nested objects and lists, so many levels of them."""
    found: Any = 1
    for level in range(levels):
        found = {"a": found} if level % 2 else [found]
    return found


class HostileRecords:
    """Makes records from a seed: some parse and hold extreme values, the rest must be refused with a reason."""

    def __init__(self, seed: int, now: datetime) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - to be repeatable, not secret
        self._now = now
        self._sent: list[dict[str, Any]] = []
        self._makers: list[Callable[[], bytes]] = [
            self._bytes,
            self._structure,
            self._spoilt,
            self._spoilt,
            self._spoilt,
            self._spoilt,
            self._truncated,
            self._flipped,
            self._not_utf8,
            self._deep,
            self._twice_named,
            self._label,
            self._large,
            self._enveloped,
            self._again,
            self._conflict,
        ]

    def make(self) -> bytes:
        """One record, at most 200 kB; never empty, which Kinesis refuses itself."""
        return self._chance.choice(self._makers)() or b"\0"

    def good(self) -> tuple[UUID, bytes]:
        """A record that must be scored, whatever preceded it."""
        event = self._event()
        return UUID(event["event_id"]), json.dumps(event).encode()

    def _event(self) -> dict[str, Any]:
        chance = self._chance
        return {
            "kind": "event",
            "event_id": str(UUID(int=chance.getrandbits(128), version=4)),
            "event_type": chance.choice(["payment", "payment", "login", "trade", "metric"]),
            "occurred_at": (self._now - timedelta(seconds=chance.uniform(1, 86_400 * 40))).isoformat(),
            "account_id": f"account-{chance.randrange(50)}",
            "counterparty_id": f"shop-{chance.randrange(10)}",
            "amount": str(Decimal(chance.randrange(1, 10**6)) / 100),
            "currency": chance.choice(["EUR", "JPY", "KWD"]),
            "channel": "web",
            "device_id": f"device-{chance.randrange(20)}",
            "ip": f"192.0.2.{chance.randrange(256)}",
            "country": "DE",
            "attributes": {"card": f"card-{chance.randrange(9)}"},
        }

    def _dump(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=self._chance.random() < 0.5).encode("utf-8", "surrogatepass")

    def _value(self, name: str) -> Any:
        pools: dict[str, list[Any]] = {
            "event_id": _IDS,
            "occurred_at": _TIMES,
            "amount": _NUMBERS,
            "ip": _ADDRESSES,
            "currency": _CODES,
            "country": _CODES,
        }
        if name == "attributes":
            return self._attributes()
        pool = pools.get(name, _TEXTS)
        return self._chance.choice(pool if self._chance.random() < 0.85 else [*_TEXTS, *_NUMBERS, deep(5)])

    def _attributes(self) -> Any:
        chance = self._chance
        choice = chance.randrange(5)
        if choice == 0:
            return {chance.choice(_TEXTS): chance.choice([*_TEXTS, *_NUMBERS]) for _ in range(chance.randrange(6))}
        if choice == 1:
            return {f"a{place}": place for place in range(chance.choice([31, 32, 33, 65, 400]))}
        if choice == 2:
            return {"a": "x" * chance.choice([1023, 1024, 1025, 4_000, 9_000])}
        if choice == 3:
            return {"a": deep(chance.choice([1, 2, 5, 60])), "b": chance.choice(_NUMBERS)}
        return chance.choice([None, [], "text", 1, deep(3)])

    def _bytes(self) -> bytes:
        return self._chance.randbytes(self._chance.choice([1, 7, 100, 4_000]))

    def _structure(self) -> bytes:
        return self._dump(
            self._chance.choice([None, True, 1, "x", [], {}, [self._event()], {"kind": "x"}, deep(20), "\0"])
        )

    def _spoilt(self) -> bytes:
        event = self._event()
        for _ in range(self._chance.choice([1, 1, 1, 2, 3])):
            name = self._chance.choice([*event, "kind", self._chance.choice(_TEXTS)])
            if self._chance.random() < 0.1:
                event.pop(name, None)
            else:
                event[name] = self._value(name)
        self._sent.append(event)
        del self._sent[:-500]
        return self._dump(event)

    def _truncated(self) -> bytes:
        data = self._dump(self._event())
        return data[: self._chance.randrange(len(data))]

    def _flipped(self) -> bytes:
        data = bytearray(self._dump(self._event()))
        for _ in range(self._chance.randrange(1, 4)):
            data[self._chance.randrange(len(data))] = self._chance.randrange(256)
        return bytes(data)

    def _not_utf8(self) -> bytes:
        text = json.dumps(self._event()).replace("web", "wéb€")
        return text.encode(self._chance.choice(["utf-16", "utf-16-le", "utf-32", "latin-1", "cp037"]), "replace")

    def _deep(self) -> bytes:
        levels = self._chance.choice([10, 200, 2_000])
        return self._chance.choice([b"[" * levels, b'{"a":' * levels, b"[" * levels + b"]" * levels])

    def _twice_named(self) -> bytes:
        data = self._dump(self._event())
        return data[:-1] + b', "account_id": "' + self._chance.choice([b"other", b"\\u0000", b""]) + b'"}'

    def _label(self) -> bytes:
        chance = self._chance
        label: dict[str, Any] = {
            "kind": "label",
            "event_id": str(UUID(int=chance.getrandbits(128), version=4)),
            "fraud": chance.choice([True, False, "true", 1, None]),
            "known_at": chance.choice([self._now.isoformat(), *_TIMES]),
            "source": chance.choice(["bank", "bank", "bank", *_TEXTS]),
        }
        if chance.random() < 0.3:
            label["withdrawn"] = True  # of a label that nobody sent
        return self._dump(label)

    def _large(self) -> bytes:
        return self._dump(self._event() | {"channel": "x" * self._chance.choice([65, 16_000, 17_000, 190_000])})

    def _enveloped(self) -> bytes:
        data = self._dump(self._event())
        return self._chance.choice(
            [
                gzip.compress(data),
                gzip.compress(data)[:-9],
                b"\xf3\x89\x9a\xc2" + data,
                b"\xf3\x89\x9a\xc2",
                b"\xef\xbb\xbf" + data,
                self._dump({"before": None, "after": json.loads(data), "op": "c"}),
                self._dump({"specversion": "1.0", "type": "x", "source": "y", "id": "1", "data": json.loads(data)}),
                b"Obj\x01" + data,
                b"\x00\x00\x00\x00\x01" + data,
                b"<xml/>",
            ]
        )

    def _again(self) -> bytes:
        return self._dump(self._chance.choice(self._sent)) if self._sent else self._bytes()

    def _conflict(self) -> bytes:
        return self._dump(self._chance.choice(self._sent) | {"amount": "1.23"}) if self._sent else self._bytes()
