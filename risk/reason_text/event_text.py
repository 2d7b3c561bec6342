"""Text fragments describing an event and its features, from which clauses are built."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol

from risk.features.catalog import INDEX
from risk.reason_text.formatting import money

_DEALT = {
    "payment": "dealt with",
    "login": "logged in at",
    "trade": "traded",
    "metric": "reported on",
    "other": "dealt with",
}
BASES = {"amount_mean_30d": "30-day mean", "amount_median": "median amount", "amount_usual": "usual amount"}
"""The features that amounts are compared with, by their names in words."""


class Happened(Protocol):
    """What is told of an event; ``at`` is its time in seconds since 1970."""

    @property
    def family(self) -> str: ...  # noqa: D102
    @property
    def noun(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> int: ...  # noqa: D102
    @property
    def counterparty_id(self) -> str | None: ...  # noqa: D102
    @property
    def amount(self) -> float | Decimal | None: ...  # noqa: D102
    @property
    def currency(self) -> str | None: ...  # noqa: D102
    @property
    def device_id(self) -> str | None: ...  # noqa: D102
    @property
    def country(self) -> str | None: ...  # noqa: D102


class Telling:
    """One event and its features; ``vector`` is empty where they are those of another set."""

    def __init__(self, event: Happened, vector: Sequence[float | None]) -> None:
        self.event = event
        self._vector = vector

    @property
    def has_features(self) -> bool:
        """Whether the features are those that are known here."""
        return bool(self._vector)

    def value(self, feature: str) -> float | None:
        """The value of a feature, None where it is not known."""
        place = INDEX[feature]
        value = self._vector[place] if place < len(self._vector) else None
        return None if value is None or math.isnan(value) else value

    @property
    def noun(self) -> str:
        """What one such event is called, such as ``payment`` or ``reading``."""
        return self.event.noun

    @property
    def dealt(self) -> str:
        """What the account does, as in "had …": ``dealt with``, ``logged in at``, ``traded`` or ``reported on``."""
        return _DEALT[self.event.family]

    @property
    def who(self) -> str:
        """Whom it was done to."""
        return self.event.counterparty_id or "the counterparty"

    @property
    def amount(self) -> str:
        """``the amount of 840.00 EUR``."""
        paid = self.event.amount
        return "the amount" if paid is None else f"the amount of {money(paid, self.event.currency)}"

    @property
    def clock(self) -> str:
        """``09:30 UTC``."""
        return f"{datetime.fromtimestamp(self.event.at, UTC):%H:%M} UTC"

    def usual(self, base: str) -> str:
        """``the account's usual amount of 137.70 EUR``, of one of ``BASES``."""
        value = self.value(base)
        of = "" if value is None else f" of {money(value, self.event.currency)}"
        return f"the account's {BASES[base]}{of}"

    def pace(self, days: float = 1.0) -> float | None:
        """How many events of this kind the account has in so many days on average; None for a young account."""
        known, month = self.value("history_days"), self.value("count_30d")
        return None if known is None or month is None or known < 2 else days * month / min(30.0, known)
