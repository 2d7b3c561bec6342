"""Counterparty profile: the past of one counterparty, and its features at an event."""

from __future__ import annotations

import math
from typing import Any

from msgspec import Raw, msgpack

from risk.features.catalog import INDEX
from risk.features.lazy_parts import ENCODER, Parts
from risk.features.profiles import label_history
from risk.features.profiles.amount_stats import COUNTERPARTY_COLUMNS, DAYS, amounts_in, meet_counterparty
from risk.features.profiles.observation import Learned, Observation
from risk.features.profiles.stored_state import FORMAT, decode, short_digest
from risk.features.profiles.velocity import HOURS, MINUTES
from risk.features.sliding_windows import DAY, HOUR, MINUTE, bucket, count, tally

UNLABELLED_HOURS = 8 * 24
KNOWN_ACCOUNTS = 96
_NAN = math.nan
_TO_USUAL = INDEX["amount_to_usual"]
OF_ACCOUNT = _TO_USUAL + 1
"""A counterparty looks at so many of the account's features: the first ones."""
_COUNTERPARTY = msgpack.Decoder(tuple[int, list[list[int]], dict[str, Raw], list[int], list[list[int]]])


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

        ``of_account`` are the values of ``ACCOUNT_FEATURES`` for the same event, at least the first ``OF_ACCOUNT``.
        """
        _, at, account_id, _, amount, currency, _, _, _, flow, _ = event
        minutes, in_minutes, hours, in_hours, newcomers, days, in_days = self._windows
        hour = at // HOUR
        last_day = count(hours, in_hours, hour, 24, HOURS)
        labelled, labels = label_history.latest(self._known, at)
        since = UNLABELLED_HOURS if labelled is None else min(UNLABELLED_HOURS, hour - labelled // HOUR)
        paid = _NAN
        if amount is not None and flow != "none":
            state = amounts_in(currency, flow, self._amounts, COUNTERPARTY_COLUMNS)
            paid = meet_counterparty(state, at, amount)
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
        label_history.wait(self._known, at, label_history.share_of(of_account[_TO_USUAL]))
        newcomer = _is_new(self._accounts, short_digest(account_id), KNOWN_ACCOUNTS)
        place = bucket(hours, (in_hours, newcomers), hour, HOURS)
        if place >= 0:
            in_hours[place] += 1
            newcomers[place] += int(newcomer)
        return vector

    def learn(self, label: Learned) -> None:
        """Count what an event at this counterparty turned out to be, from when that is known."""
        share = None
        if label.before is not None:
            share = label_history.unlearn(self._known, label.at, label.before)
        if label.outcome is not None:
            label_history.learn(self._known, label.at, label.outcome, share)
        elif share is not None:
            label_history.wait(self._known, label.at, share)

    def dump(self) -> bytes:
        """The profile as MessagePack."""
        return ENCODER.encode((FORMAT, self._windows, self._amounts, self._accounts, self._known))

    @classmethod
    def load(cls, data: bytes) -> CounterpartyProfile:
        """The profile that ``dump`` wrote. Raises ValueError for one of another format."""
        profile = cls.__new__(cls)
        _, profile._windows, profile._amounts, profile._accounts, profile._known = decode(_COUNTERPARTY, data)
        return profile


def _is_new(met: list[int], digest: int, most: int) -> float:
    """1.0 if ``digest`` was not among the ``most`` latest, else 0.0; then remember it as the latest."""
    if digest in met:
        if met[-1] != digest:
            met.remove(digest)
            met.append(digest)
        return 0.0
    met.append(digest)
    if len(met) > most:
        del met[0]
    return 1.0
