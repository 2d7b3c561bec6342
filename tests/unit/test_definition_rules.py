"""A device farm and card testing in a simulated day, found by the rules of the pack that ships, without any model."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from risk.domain.events import Event, as_json
from risk.features.profiles.observation import Observation
from risk.packs.folder import shipped
from risk.rules.filters import set_of
from streaming.bench.pack_detection import rule_set
from streaming.simulator import simulate
from streaming.training.event_history import Memory

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = 86_400
EVENTS = 6_000
_SPACE = UUID("5eed0000-0000-4000-8000-000000000001")
PACK = shipped()["card-payments"]
NAMES = ("device_farm", "card_testing")


def everyday() -> Iterator[tuple[str, Event]]:
    for record in simulate(seed=5, start=START, rate=EVENTS / DAY, fraud_rate=0.0, seconds=DAY):
        if isinstance(record, Event):
            yield "", record


def made(story: str, number: int, seconds: float, **fields: Any) -> tuple[str, Event]:
    at = datetime.fromtimestamp(START.timestamp() + seconds, UTC)
    return story, Event(event_id=uuid5(_SPACE, f"{story}{number}"), occurred_at=at, **fields)


def farms(chance: random.Random) -> Iterator[tuple[str, Event]]:
    """Three farms of a phone each; every account signs in and pays."""
    number = 0
    for farm in range(3):
        at = chance.uniform(0, DAY / 2)
        for account in range(45):
            for kind in ("login", "payment", "payment"):
                at, number = at + chance.expovariate(1 / 120), number + 1
                yield made("device_farm", number, min(at, DAY - 1), event_type=kind, device_id=f"farm-{farm}",
                           account_id=f"farmed-{farm}-{account}", counterparty_id=f"m-{chance.randrange(40)}",
                           amount=None if kind == "login" else f"{chance.uniform(5, 60):.2f}", currency="EUR",
                           ip=f"10.{farm}.0.{chance.randrange(8)}")  # fmt: skip


def tried_cards(chance: random.Random) -> Iterator[tuple[str, Event]]:
    """Two lists of cards, a trifle each, mostly declined; one from one account, one from ever new ones."""
    number = 0
    for batch in range(2):
        at = chance.uniform(0, DAY / 2)
        for card in range(60):
            at, number = at + chance.expovariate(1 / 40), number + 1
            outcome = "declined" if chance.random() < 0.7 else "approved"
            yield made("card_testing", number, at, event_type="payment", counterparty_id=f"charity-{batch}",
                       account_id="tester" if batch else f"guest-{card}", device_id=f"laptop-{batch}", amount="1.00",
                       currency="EUR", attributes={"card": f"card-{batch}-{card}", "outcome": outcome})  # fmt: skip


def look_alikes(chance: random.Random) -> Iterator[tuple[str, Event]]:
    """Families that share a tablet, and people who use two cards and mistype."""
    for number in range(300):
        family, card = number % 60, f"{number % 60}-{number % 2}"
        yield made("", number, chance.uniform(0, DAY), event_type="payment", account_id=f"family-{family}-{number % 3}",
                   device_id=f"tablet-{family}", counterparty_id=f"m-{chance.randrange(40)}", amount="20",
                   currency="EUR", attributes={"card": card, "approved": chance.random() > 0.05})  # fmt: skip


def test_rules_alone_find_device_farms_and_tried_cards() -> None:
    chance = random.Random(8)
    day = [*everyday(), *farms(chance), *tried_cards(chance), *look_alikes(chance)]
    day.sort(key=lambda one: one[1].occurred_at)
    rules, catalog = rule_set(PACK), PACK.catalog
    memory = Memory(set_of(catalog), own=len(catalog.definitions))
    hits, frauds = Counter[tuple[str, str]](), Counter[str]()
    for story, event in day:
        data = as_json(event)
        vector = memory.observe(Observation.of(event), data)
        frauds[story] += 1
        for hit in rules.evaluate(data, vector, event.event_id):
            hits[hit.name, story] += 1
    for name in NAMES:
        recall = hits[name, name] / frauds[name]
        true = sum(count for (rule, story), count in hits.items() if rule == name and story)
        precision = true / sum(count for (rule, _), count in hits.items() if rule == name)
        assert recall >= 0.9, (name, recall, hits)
        assert precision >= 0.5, (name, precision, hits)
