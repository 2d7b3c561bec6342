"""What profiles look at of an event and of a label."""

from __future__ import annotations

from typing import NamedTuple

from risk.domain.events import Event


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
