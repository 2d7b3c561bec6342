"""Account and counterparty profiles, and the features computed from them.

``observe`` first says what an event looks like against the past, then makes it part of the past; ``learn``
adds what an event turned out to be. The stream, training and backtests all call these; there is no second
definition of a feature. A profile is bounded whatever it is sent: windows have fixed buckets, lists keep
their newest members, and ids are kept as hashes of at most 48 bits. Its state is plain lists of numbers, because
reading and writing it costs as much as all the rest.
"""

from __future__ import annotations

import math
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from msgspec import Raw, ValidationError, msgpack

from risk.domain.events import Event
from risk.features import familiarity, label_history
from risk.features.amount_stats import ACCOUNT_COLUMNS, COUNTERPARTY_COLUMNS, DAYS, amounts_in
from risk.features.amount_stats import meet_account as meet_account_amount
from risk.features.amount_stats import meet_counterparty as meet_counterparty_amount
from risk.features.catalog import INDEX
from risk.features.familiarity import Used, most_used, use
from risk.features.lazy_parts import ENCODER, Parts, part_of
from risk.features.local_time import from_number, to_number, utc_offset
from risk.features.sliding_windows import DAY, HOUR, MINUTE, bucket, count, forget, remember, tally, within

FORMAT = 4
"""First number of a dump; it rises when what follows changes."""

MINUTES, HOURS = 6 * 60, 9 * 24
"""How long minutes and hours are kept, for windows of an hour and of 7 days."""
UNLABELLED_HOURS = 8 * 24
KNOWN_DEVICES = 12
KNOWN_COUNTRIES = 12
KNOWN_COUNTERPARTIES = 32
KNOWN_ACCOUNTS = 96
KNOWN_FRAUDS = 32
NIGHT_HOURS = range(6)
_HOURS_CAP = 1_000
_NAN = math.nan
_TO_USUAL = INDEX["amount_to_usual"]
_NO_AMOUNT: tuple[float, ...] = (_NAN,) * 11
_NOT_GIVEN = (_NAN, _NAN, _NAN)


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


class Learned(NamedTuple):
    """What an event turned out to be. ``at`` is its time, ``known_at`` when that was learnt, in seconds since 1970.

    ``withdrawn``: that label, learnt before, is taken back.
    """

    account_id: str
    counterparty_id: str | None
    at: int
    known_at: int
    fraud: bool
    withdrawn: bool = False


@lru_cache(maxsize=1 << 16)
def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest())


def _short_digest(text: str) -> int:
    # What people cannot choose needs fewer bits, and so many of them are kept that their digits count.
    return _digest(text) >> 16


def _meet_digest(met: list[int], digest: int, most: int) -> float:
    if digest in met:
        if met[-1] != digest:
            met.remove(digest)
            met.append(digest)
        return 0.0
    met.append(digest)
    if len(met) > most:
        del met[0]
    return 1.0


def _used(found: tuple[int, int], at: int, unit: int, first: bool) -> tuple[float, float, float]:
    """Whether it is new (NaN at an account's first event), how long it has been used in units, and how often."""
    before, since = found
    return _NAN if first else float(before == 0), max(0, at - since) / unit, float(before)


Whole = list[int]
_ACCOUNT = msgpack.Decoder(
    tuple[int, int | None, int | None, int, dict[str, Raw], dict[str, Raw], Used, Used, Used, Whole, Whole]
)
_COUNTERPARTY = msgpack.Decoder(tuple[int, list[Whole], dict[str, Raw], Whole, list[Whole]])


def _state(decoder: msgpack.Decoder[Any], data: bytes) -> tuple[Any, ...]:
    try:
        state: tuple[Any, ...] = decoder.decode(data)
    except ValidationError as error:
        raise ValueError(f"this is not a profile of format {FORMAT}: make it anew from the assessments") from error
    if state[0] != FORMAT:
        raise ValueError(f"this profile has format {state[0]!r}, not {FORMAT}: make it anew from the assessments")
    return state


class AccountProfile:
    """The past of one account."""

    __slots__ = (
        "_amounts", "_counterparties", "_countries", "_devices", "_events", "_first", "_frauds", "_hours", "_last",
        "_velocity",
    )  # fmt: skip

    def __init__(self) -> None:
        self._first: int | None = None
        self._last: int | None = None
        self._events = 0
        self._velocity: Parts = {}
        self._amounts: Parts = {}
        self._devices: Used = [[] for _ in range(familiarity.COLUMNS)]
        self._countries: Used = [[] for _ in range(familiarity.COLUMNS)]
        self._counterparties: Used = [[] for _ in range(familiarity.COLUMNS)]
        self._hours = [0] * 24
        self._frauds: list[int] = []

    def observe(self, event: Observation) -> tuple[float, ...]:
        """The values of ``ACCOUNT_FEATURES`` for ``event``; then remember it."""
        event_type, at, _, counterparty_id, amount, currency, device_id, country = event
        if amount is None:
            amounts = _NO_AMOUNT
        else:
            amounts = meet_account_amount(amounts_in(currency, self._amounts, ACCOUNT_COLUMNS), at, amount)
        first, last = self._first, self._last
        if first is None or last is None:
            gap, age = _NAN, 0.0
            self._first = self._last = at
        else:
            gap, age = float(at - last) if at >= last else _NAN, max(0, at - first) / DAY
            self._first, self._last = min(first, at), max(last, at)
        hour = self._observe_hour(at, country)
        vector = (
            *amounts, *self._observe_velocity(event_type, at), gap, age, float(self._events),
            *self._observe_use(at, device_id, country, counterparty_id), *hour,
            within(self._frauds, at, 14 * DAY), within(self._frauds, at, 30 * DAY),
        )  # fmt: skip
        self._events += 1
        return vector

    def learn(self, label: Learned) -> None:
        """Remember what an event of this account turned out to be; it counts from when that is known."""
        if label.withdrawn:
            if label.fraud:
                forget(self._frauds, max(label.at, label.known_at))
        elif label.fraud:
            remember(self._frauds, max(label.at, label.known_at), KNOWN_FRAUDS)

    def _observe_use(
        self, at: int, device_id: str | None, country: str | None, counterparty_id: str | None
    ) -> tuple[float, ...]:
        """Of device, country and counterparty: whether it is new, since when it is known, how often it was used."""
        first = self._events == 0  # at an account's first event all is new, and nothing is unusual
        device = abroad = dealing = _NOT_GIVEN
        if device_id is not None:
            device = _used(use(self._devices, _digest(device_id), at, KNOWN_DEVICES), at, DAY, first)
        if country is not None:
            abroad = _used(use(self._countries, to_number(country), at, KNOWN_COUNTRIES), at, DAY, first)
        if counterparty_id is not None:
            # Days are exact enough for the many counterparties of an account, and shorter.
            what, today = _short_digest(counterparty_id), at // DAY
            dealing = _used(use(self._counterparties, what, today, KNOWN_COUNTERPARTIES), today, 1, first)
        return *device, *abroad, *dealing

    def _observe_velocity(self, event_type: str, at: int) -> tuple[float, ...]:
        state = part_of(self._velocity, event_type)
        if state is None:
            state = self._velocity[event_type] = [[], [], [], [], [], []]
        minutes, in_minutes, hours, in_hours, days, in_days = state
        return (
            tally(minutes, in_minutes, at // MINUTE, 60, MINUTES),
            count(hours, in_hours, at // HOUR, 24, HOURS),
            tally(hours, in_hours, at // HOUR, 7 * 24, HOURS),
            tally(days, in_days, at // DAY, 30, DAYS),
        )

    def _observe_hour(self, at: int, country: str | None) -> tuple[float, float]:
        hours, hour = self._hours, at % DAY // HOUR
        home = most_used(self._countries)
        here = country if home is None else from_number(home)
        clock = hour if here is None else (hour + utc_offset(here)) % 24
        total = sum(hours)
        near = hours[hour - 1] + hours[hour] + hours[(hour + 1) % 24]
        hours[hour] += 1
        if total >= _HOURS_CAP:
            self._hours = [events // 2 for events in hours]
        return float(clock in NIGHT_HOURS), near / total if total else _NAN

    def dump(self) -> bytes:
        """The profile as MessagePack."""
        return ENCODER.encode(
            (
                FORMAT, self._first, self._last, self._events, self._velocity, self._amounts, self._devices,
                self._countries, self._counterparties, self._hours, self._frauds,
            )
        )  # fmt: skip

    @classmethod
    def load(cls, data: bytes) -> AccountProfile:
        """The profile that ``dump`` wrote. Raises ValueError for one of another format."""
        profile = cls.__new__(cls)
        (
            _, profile._first, profile._last, profile._events, profile._velocity, profile._amounts, profile._devices,
            profile._countries, profile._counterparties, profile._hours, profile._frauds,
        ) = _state(_ACCOUNT, data)  # fmt: skip
        return profile


class CounterpartyProfile:
    """The past of one counterparty."""

    __slots__ = ("_accounts", "_amounts", "_known", "_windows")

    def __init__(self) -> None:
        # Minutes and their counts; hours, their counts and newcomers; days and their counts.
        self._windows: list[list[int]] = [[] for _ in range(7)]
        self._amounts: Parts = {}
        self._accounts: list[int] = []
        self._known: list[Any] = [[] for _ in range(label_history.COLUMNS)]

    def observe(self, event: Observation, of_account: tuple[float, ...]) -> tuple[float, ...]:
        """The values of ``COUNTERPARTY_FEATURES`` for ``event``; then remember it.

        ``of_account`` are the values of ``ACCOUNT_FEATURES`` for the same event.
        """
        _, at, account_id, _, amount, currency, _, _ = event
        minutes, in_minutes, hours, in_hours, newcomers, days, in_days = self._windows
        hour = at // HOUR
        last_day = count(hours, in_hours, hour, 24, HOURS)
        labelled, labels = label_history.latest(self._known, at)
        since = UNLABELLED_HOURS if labelled is None else min(UNLABELLED_HOURS, hour - labelled // HOUR)
        paid = _NAN
        if amount is not None:
            state = amounts_in(currency, self._amounts, COUNTERPARTY_COLUMNS)
            paid = meet_counterparty_amount(state, at, amount)
        vector = (
            tally(minutes, in_minutes, at // MINUTE, 60, MINUTES),
            last_day,
            count(hours, in_hours, hour, 7 * 24, HOURS),
            tally(days, in_days, at // DAY, 30, DAYS),
            paid,
            count(hours, newcomers, hour, 24, HOURS) / last_day if last_day else _NAN,
            *labels,
            *label_history.counts(self._known, at),
            count(hours, in_hours, hour, since, HOURS),
        )
        label_history.wait(self._known, at, of_account[_TO_USUAL])
        newcomer = _meet_digest(self._accounts, _short_digest(account_id), KNOWN_ACCOUNTS)
        place = bucket(hours, (in_hours, newcomers), hour, HOURS)
        if place >= 0:
            in_hours[place] += 1
            newcomers[place] += int(newcomer)
        return vector

    def learn(self, label: Learned) -> None:
        """Remember what an event at this counterparty turned out to be; it counts from when that is known."""
        learn = label_history.unlearn if label.withdrawn else label_history.learn
        learn(self._known, label.at, label.known_at, label.fraud)

    def dump(self) -> bytes:
        """The profile as MessagePack."""
        return ENCODER.encode((FORMAT, self._windows, self._amounts, self._accounts, self._known))

    @classmethod
    def load(cls, data: bytes) -> CounterpartyProfile:
        """The profile that ``dump`` wrote. Raises ValueError for one of another format."""
        profile = cls.__new__(cls)
        _, profile._windows, profile._amounts, profile._accounts, profile._known = _state(_COUNTERPARTY, data)
        return profile
