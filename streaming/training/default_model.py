"""Simulated training data for the model that ships.

Installations that have just begun, some that have run for days and one for weeks, at different rates: a model must
know young accounts and old ones, and accounts that do little and much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from risk.domain.events import Event, Label
from streaming.simulator import FraudKind, simulate_with_truth
from streaming.training.examples import Examples
from streaming.training.labelled_examples import all_of, past_of

SEED = 7
START = datetime(2026, 1, 1, tzinfo=UTC)
CLEAN_AFTER = 2 * 86_400
"""Seconds after which the truth about an event is taken as known; the profiles hear of those that are labelled."""


class World(NamedTuple):
    """An installation: when it began, how many events a second it has, for how long, of how many customers."""

    start: datetime
    rate: float
    seconds: float
    customers: int | None = None
    label_delay: timedelta = timedelta(days=1)
    fraud_rate: float = 0.015
    without: tuple[str, ...] = ()
    """Fields and attributes that its senders do not tell."""

    @property
    def events(self) -> int:
        """How many events it has."""
        return round(self.rate * self.seconds)


WEEKS = (
    World(START, 0.018, 40 * 86_400, customers=500),
    World(START + timedelta(days=9), 0.02, 20 * 86_400, customers=70, without=("card", "status")),
    World(START, 0.012, 40 * 86_400, customers=250, without=("card", "status", "ip")),
)
DAYS = (
    World(START + timedelta(days=14), 0.2, 86_400, without=("card",)),
    World(START + timedelta(days=33), 0.25, 86_400),
    World(START + timedelta(days=20), 0.03, 10 * 86_400, customers=1_500, without=("device_id",)),
)
YOUNG = tuple(
    World(START + timedelta(days=day, hours=8), rate, seconds, label_delay=timedelta(minutes=30))
    for day, rate, seconds in ((11, 20, 300), (24, 1, 6_000), (27, 5, 1_500), (36, 5, 1_500), (37, 1, 4_000))
)
WORLDS = (*WEEKS, *DAYS, *YOUNG)


def examples(seed: int = SEED, advance: Callable[[int], None] = lambda _: None) -> Examples:
    """The events of every world, each with the truth about it; the same for the same ``seed``."""
    made = [_examples(world, seed + number, advance) for number, world in enumerate(WORLDS)]
    vectors, fraud, at, known_at = (
        np.concatenate([getattr(one, name) for one in made]) for name in ("vectors", "fraud", "at", "known_at")
    )
    return Examples(vectors, fraud, at, known_at)


def _examples(world: World, seed: int, advance: Callable[[int], None]) -> Examples:
    outcomes = simulate_with_truth(
        seed, world.start, world.rate, world.fraud_rate,
        label_delay=world.label_delay, seconds=world.seconds, customers=world.customers,
    )  # fmt: skip
    truth: list[bool] = []

    def records() -> Iterator[Event | Label]:
        for record, fraud in outcomes:
            if isinstance(record, Event):
                record = _without(record, world.without)  # noqa: PLW2901
                truth.append(fraud not in (None, FraudKind.FRIENDLY_FRAUD))
            yield record

    made = all_of(past_of(records()), advance)
    return replace(made, fraud=np.array(truth, bool), known_at=made.at + CLEAN_AFTER)


def _without(event: Event, names: tuple[str, ...]) -> Event:
    if not names:
        return event
    attributes = {name: value for name, value in event.attributes.items() if name not in names}
    fields = {name: None for name in names if name in Event.model_fields}
    return event.model_copy(update={"attributes": attributes, **fields})


def total_events() -> int:
    """How many events ``examples`` goes through."""
    return sum(world.events for world in WORLDS)
