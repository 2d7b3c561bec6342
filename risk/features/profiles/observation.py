"""What profiles look at of an event and of a label."""

from __future__ import annotations

from typing import NamedTuple

from risk.domain.event_types import SHIPPED_TYPES, EventType
from risk.domain.events import Event

SENT = 8
"""How many fields of an observation are the sender's: the others say how its type was understood."""


class Observation(NamedTuple):
    """What profiles and scoring look at of an event. ``at`` is event time in whole seconds since 1970.

    ``family``, ``amount_flow`` and ``noun`` are those of its type in the registry.
    """

    event_type: str
    at: int
    account_id: str
    counterparty_id: str | None
    amount: float | None
    currency: str | None
    device_id: str | None
    country: str | None
    family: str = "payment"
    amount_flow: str = "outgoing"
    noun: str = "payment"

    @classmethod
    def of(cls, event: Event) -> Observation:
        """What is looked at of ``event``, whose type is understood as it is shipped."""
        kind = SHIPPED_TYPES.find(event.event_type)
        return cls(
            event.event_type,
            int(event.occurred_at.timestamp()),
            event.account_id,
            event.counterparty_id,
            None if event.amount is None else float(event.amount),
            event.currency,
            event.device_id,
            event.country,
            kind.family.value,
            kind.amounts.value,
            kind.noun,
        )

    def differences(self, other: Observation) -> list[str]:
        """The fields that the senders of this and of ``other`` said differently."""
        pairs = zip(self._fields[:SENT], self, other, strict=False)
        return [name for name, own, others in pairs if own != others]

    def of_type(self, kind: EventType) -> Observation:
        """The same, with its type understood as ``kind``."""
        return self._replace(family=kind.family.value, amount_flow=kind.amounts.value, noun=kind.noun)


class Outcome(NamedTuple):
    """What an event turned out to be; ``known_at`` is when that was learnt, in seconds since 1970."""

    known_at: int
    fraud: bool


class Learned(NamedTuple):
    """What is known of the event at ``at`` from here on; None if its label was withdrawn and no other counts.

    ``before`` is what profiles learnt of the event before, which is taken back.
    """

    account_id: str
    counterparty_id: str | None
    at: int
    outcome: Outcome | None
    before: Outcome | None = None
