"""Account profile: the past of one account, and its features at an event.

``observe`` first says what an event looks like against the past, then makes it part of the past; ``learn``
adds what an event turned out to be. The stream, training and backtests all call these; there is no second
definition of a feature. A profile is bounded whatever it is sent: windows have fixed buckets, lists keep
their newest members. Its state is plain lists of numbers, because reading and writing it costs as much as all the rest.
"""

from __future__ import annotations

import math

from msgspec import Raw, msgpack

from risk.features.lazy_parts import ENCODER, Parts
from risk.features.profiles import familiarity
from risk.features.profiles.amount_stats import ACCOUNT_COLUMNS, amounts_in, meet_account
from risk.features.profiles.familiarity import Used, most_used, use
from risk.features.profiles.local_time import from_number, to_number, utc_offset
from risk.features.profiles.observation import Learned, Observation
from risk.features.profiles.stored_state import FORMAT, decode, digest, short_digest
from risk.features.profiles.velocity import observe_velocity
from risk.features.sliding_windows import DAY, HOUR, forget, remember, within

KNOWN_DEVICES = 12
KNOWN_COUNTRIES = 12
KNOWN_COUNTERPARTIES = 32
KNOWN_FRAUDS = 32
NIGHT_HOURS = range(6)
_HOURS_CAP = 1_000
_NAN = math.nan
_NO_AMOUNT: tuple[float, ...] = (_NAN,) * 11
_NOT_GIVEN = (_NAN, _NAN, _NAN)
_ACCOUNT = msgpack.Decoder(
    tuple[int, int | None, int | None, int, dict[str, Raw], dict[str, Raw], Used, Used, Used, list[int], list[int]]
)


def _used(found: tuple[int, int], at: int, unit: int, first: bool) -> tuple[float, float, float]:
    """Whether it is new (NaN at an account's first event), for how many units it has been used, and how often."""
    before, since = found
    return _NAN if first else float(before == 0), max(0, at - since) / unit, float(before)


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
        event_type, at, _, counterparty_id, amount, currency, device_id, country, _, flow, _ = event
        if amount is None:
            amounts = _NO_AMOUNT
        elif flow == "none":
            amounts = (amount, *_NO_AMOUNT[1:])
        else:
            amounts = meet_account(amounts_in(currency, flow, self._amounts, ACCOUNT_COLUMNS), at, amount)
        first, last = self._first, self._last
        if first is None or last is None:
            gap, age = _NAN, 0.0
            self._first = self._last = at
        else:
            gap, age = float(at - last) if at >= last else _NAN, max(0, at - first) / DAY
            self._first, self._last = min(first, at), max(last, at)
        hour = self._observe_hour(at, country)
        vector = (
            *amounts, *observe_velocity(self._velocity, event_type, at), gap, age, float(self._events),
            *self._observe_use(at, device_id, country, counterparty_id), *hour,
            within(self._frauds, at, 14 * DAY), within(self._frauds, at, 30 * DAY),
        )  # fmt: skip
        self._events += 1
        return vector

    def learn(self, label: Learned) -> None:
        """Count what an event of this account turned out to be, from when that is known."""
        if label.before is not None and label.before.fraud:
            forget(self._frauds, max(label.at, label.before.known_at))
        if label.outcome is not None and label.outcome.fraud:
            remember(self._frauds, max(label.at, label.outcome.known_at), KNOWN_FRAUDS)

    def _observe_use(
        self, at: int, device_id: str | None, country: str | None, counterparty_id: str | None
    ) -> tuple[float, ...]:
        """For device, country and counterparty: whether it is new, since when it is known, how often it was used."""
        first = self._events == 0  # at an account's first event everything is new, and nothing is unusual
        device = abroad = dealing = _NOT_GIVEN
        if device_id is not None:
            device = _used(use(self._devices, digest(device_id), at, KNOWN_DEVICES), at, DAY, first)
        if country is not None:
            abroad = _used(use(self._countries, to_number(country), at, KNOWN_COUNTRIES), at, DAY, first)
        if counterparty_id is not None:
            # Days are precise enough for the many counterparties of an account, and take less space.
            what, today = short_digest(counterparty_id), at // DAY
            dealing = _used(use(self._counterparties, what, today, KNOWN_COUNTERPARTIES), today, 1, first)
        return *device, *abroad, *dealing

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
        ) = decode(_ACCOUNT, data)  # fmt: skip
        return profile
