"""What is remembered of an account and of a counterparty, and the features that come of it.

``observe`` first says what an event looks like against the past, then makes it part of the past.
The stream, training and backtests all call this; there is no second definition of a feature. A profile is
bounded whatever it is sent: windows have fixed buckets, sets keep their newest members, and ids are kept
as 48-bit hashes.
"""

from __future__ import annotations

import math
from hashlib import blake2b
from statistics import median
from typing import Any, NamedTuple

import orjson

from risk.events import Event
from risk.windows import DAY, HOUR, CountWindow, Shape, SumWindow

VELOCITY = (
    Shape(HOUR, 60, keep=6 * HOUR),
    Shape(DAY, 1800, keep=2 * DAY),
    Shape(7 * DAY, 6 * HOUR, keep=9 * DAY),
    Shape(30 * DAY, DAY, keep=33 * DAY),
)
MONTH = VELOCITY[3]
KNOWN_DEVICES = 12
KNOWN_COUNTRIES = 12
KNOWN_COUNTERPARTIES = 48
KNOWN_ACCOUNTS = 256
CURRENCIES = 3
RECENT_AMOUNTS = 24
NIGHT_HOURS = range(6)
_HOURS_CAP = 1_000


class Observation(NamedTuple):
    """What profiles and scoring look at of an event. ``at`` is event time in whole seconds since 1970."""

    event_type: str
    at: int
    account_id: str
    counterparty_id: str | None
    amount: float | None
    currency: str | None
    device_id: str | None
    country: str | None

    @classmethod
    def of(cls, event: Event) -> Observation:
        """What is looked at of ``event``."""
        return cls(
            event.event_type.value,
            int(event.occurred_at.timestamp()),
            event.account_id,
            event.counterparty_id,
            None if event.amount is None else float(event.amount),
            event.currency,
            event.device_id,
            event.country,
        )


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest())


def _meet(known: list[int], text: str | None, cap: int) -> float:
    """1.0 if ``text`` was not among the ``cap`` latest of ``known``, 0.0 if it was, NaN if there is none."""
    if text is None:
        return math.nan
    digest = _digest(text)
    if digest in known:
        if known[-1] != digest:
            known.remove(digest)
            known.append(digest)
        return 0.0
    known.append(digest)
    del known[:-cap]
    return 1.0


def _known(count: int | None) -> float:
    return math.nan if count is None else float(count)


def _ratio(value: float, base: float | None) -> float:
    return value / base if base else math.nan


class Amounts:
    """Amounts of one currency: their 30-day mean, and the median of the latest 24."""

    __slots__ = ("_month", "_recent")

    def __init__(self, month: list[list[list[int]]] | None = None, recent: list[float] | None = None) -> None:
        self._month = SumWindow(MONTH, *(month or []))
        self._recent = recent if recent is not None else []

    def observe(self, at: int, amount: float) -> tuple[float, float]:
        """Mean and median before ``amount``, NaN where there was none; then remember it."""
        mean = self._month.mean(at)
        middle = median(self._recent) if self._recent else None
        self._month.add(at, amount)
        self._recent.append(amount)
        del self._recent[:-RECENT_AMOUNTS]
        return (math.nan if mean is None else mean, math.nan if middle is None else middle)

    def state(self) -> list[Any]:
        """What ``Amounts(*state)`` is made from again."""
        return [self._month.state(), self._recent]


class _AmountsByCurrency:
    """Amounts are compared within their own currency; the latest three currencies are remembered."""

    __slots__ = ("_by_currency",)

    def __init__(self, state: dict[str, list[Any]] | None = None) -> None:
        self._by_currency = {currency: Amounts(*value) for currency, value in (state or {}).items()}

    def observe(self, event: Observation) -> tuple[float, float, float]:
        """Amount, mean and median before it; NaN without an amount or a past."""
        if event.amount is None:
            return math.nan, math.nan, math.nan
        currency = event.currency or ""
        amounts = self._by_currency.pop(currency, None) or Amounts()
        mean, middle = amounts.observe(event.at, event.amount)
        self._by_currency[currency] = amounts
        if len(self._by_currency) > CURRENCIES:
            del self._by_currency[next(iter(self._by_currency))]
        return event.amount, mean, middle

    def state(self) -> dict[str, list[Any]]:
        return {currency: amounts.state() for currency, amounts in self._by_currency.items()}


class AccountProfile:
    """The past of one account."""

    __slots__ = (
        "_amounts",
        "_counterparties",
        "_countries",
        "_devices",
        "_events",
        "_first",
        "_hours",
        "_last",
        "_velocity",
    )

    def __init__(self) -> None:
        self._first: int | None = None
        self._last: int | None = None
        self._events = 0
        self._velocity: dict[str, list[CountWindow]] = {}
        self._amounts = _AmountsByCurrency()
        self._devices: list[int] = []
        self._countries: list[int] = []
        self._counterparties: list[int] = []
        self._hours = [0] * 24

    def observe(self, event: Observation) -> tuple[float, ...]:
        """The values of ``ACCOUNT_FEATURES`` for ``event``; then remember it."""
        at = event.at
        first_event = self._events == 0
        amount, mean, middle = self._amounts.observe(event)
        counts = self._observe_velocity(event.event_type, at)
        night, share = self._observe_hour(at)
        gap = math.nan if self._last is None or at < self._last else float(at - self._last)
        age = 0.0 if self._first is None else max(0, at - self._first) / DAY
        news = (
            _meet(self._devices, event.device_id, KNOWN_DEVICES),
            _meet(self._countries, event.country, KNOWN_COUNTRIES),
            _meet(self._counterparties, event.counterparty_id, KNOWN_COUNTERPARTIES),
        )
        # At an account's first event all is new and nothing is unusual.
        unknown = (math.nan, math.nan, math.nan)
        vector = (
            amount, mean, middle, _ratio(amount, mean), _ratio(amount, middle),
            *counts, gap, age, float(self._events), *(unknown if first_event else news), night, share,
        )  # fmt: skip
        self._events += 1
        self._first = at if self._first is None else min(self._first, at)
        self._last = at if self._last is None else max(self._last, at)
        return vector

    def _observe_velocity(self, event_type: str, at: int) -> tuple[float, ...]:
        windows = self._velocity.get(event_type)
        if windows is None:
            windows = self._velocity[event_type] = [CountWindow(shape) for shape in VELOCITY]
        counts = tuple(_known(window.count(at)) for window in windows)
        for window in windows:
            window.add(at)
        return counts

    def _observe_hour(self, at: int) -> tuple[float, float]:
        hours, hour = self._hours, at % DAY // HOUR
        total = sum(hours)
        near = hours[hour - 1] + hours[hour] + hours[(hour + 1) % 24]
        hours[hour] += 1
        if total >= _HOURS_CAP:
            self._hours = [count // 2 for count in hours]
        return float(hour in NIGHT_HOURS), near / total if total else math.nan

    def dump(self) -> bytes:
        """The profile as JSON."""
        velocity = {key: [window.state() for window in windows] for key, windows in self._velocity.items()}
        return orjson.dumps(
            [
                self._first,
                self._last,
                self._events,
                velocity,
                self._amounts.state(),
                self._devices,
                self._countries,
                self._counterparties,
                self._hours,
            ]
        )

    @classmethod
    def load(cls, data: bytes) -> AccountProfile:
        """The profile that ``dump`` wrote."""
        profile = cls()
        (
            profile._first, profile._last, profile._events, velocity, amounts,
            profile._devices, profile._countries, profile._counterparties, profile._hours,
        ) = orjson.loads(data)  # fmt: skip
        profile._amounts = _AmountsByCurrency(amounts)
        profile._velocity = {
            key: [CountWindow(shape, *state) for shape, state in zip(VELOCITY, windows, strict=True)]
            for key, windows in velocity.items()
        }
        return profile


class CounterpartyProfile:
    """The past of one counterparty."""

    __slots__ = ("_accounts", "_amounts", "_newcomers", "_windows")

    def __init__(self) -> None:
        self._windows = [CountWindow(shape) for shape in (VELOCITY[0], VELOCITY[1], MONTH)]
        self._newcomers = CountWindow(VELOCITY[1])
        self._amounts = _AmountsByCurrency()
        self._accounts: list[int] = []

    def observe(self, event: Observation) -> tuple[float, ...]:
        """The values of ``COUNTERPARTY_FEATURES`` for ``event``; then remember it."""
        at = event.at
        hour, day, month = (_known(window.count(at)) for window in self._windows)
        newcomers = _known(self._newcomers.count(at))
        amount, mean, _ = self._amounts.observe(event)
        for window in self._windows:
            window.add(at)
        if _meet(self._accounts, event.account_id, KNOWN_ACCOUNTS):
            self._newcomers.add(at)
        share = newcomers / day if day else math.nan
        return hour, day, month, _ratio(amount, mean), share

    def dump(self) -> bytes:
        """The profile as JSON."""
        windows = [window.state() for window in self._windows]
        return orjson.dumps([windows, self._newcomers.state(), self._amounts.state(), self._accounts])

    @classmethod
    def load(cls, data: bytes) -> CounterpartyProfile:
        """The profile that ``dump`` wrote."""
        profile = cls()
        windows, newcomers, amounts, profile._accounts = orjson.loads(data)
        profile._windows = [
            CountWindow(shape, *state) for shape, state in zip((VELOCITY[0], VELOCITY[1], MONTH), windows, strict=True)
        ]
        profile._newcomers = CountWindow(VELOCITY[1], *newcomers)
        profile._amounts = _AmountsByCurrency(amounts)
        return profile
