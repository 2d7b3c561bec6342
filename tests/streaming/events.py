"""Events made for tests: few accounts, so that every one has a past that must not be lost."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from risk.adapters.kinesis import Record
from risk.domain.events import Event, Label, to_json

START = datetime(2026, 3, 1, tzinfo=UTC)


def events(count: int, *, seed: int, accounts: int = 200, counterparties: int = 40) -> list[Event]:
    """``count`` payments over 20 days, a twentieth of them out of order."""
    chance = random.Random(seed)
    made = []
    for place in range(count):
        late = chance.randrange(4 * 3600) if chance.random() < 0.05 else 0
        made.append(
            Event(
                event_id=UUID(int=chance.getrandbits(128), version=4),
                event_type="payment",
                occurred_at=START + timedelta(seconds=place * 20 * 86_400 / count - late),
                account_id=f"account-{chance.randrange(accounts)}",
                counterparty_id=f"shop-{chance.randrange(counterparties)}",
                amount=Decimal(f"{chance.lognormvariate(3.5, 1.2):.2f}"),
                currency="EUR",
                country=chance.choice(("DE", "DE", "DE", "FR")),
                device_id=f"device-{chance.randrange(4)}",
            )
        )
    return made


def record(event: Event) -> Record:
    """The event as a producer puts it on the stream."""
    return Record(event.account_id, to_json(event))


def label(event: Event, *, days: int, fraud: bool) -> Label:
    """What is learnt of the event, so many days after it."""
    known_at = event.occurred_at + timedelta(days=days)
    return Label(kind="label", event_id=event.event_id, fraud=fraud, known_at=known_at, source="bank")


def label_record(event: Event, *, days: int, fraud: bool) -> Record:
    """The label as a producer puts it on the stream: with its account's events."""
    return Record(event.account_id, to_json(label(event, days=days, fraud=fraud)))
