"""Simulated training data for the model that ships.

A model learns the particulars of the world that it is trained on, and installations differ. So it is trained on many
different worlds, and on the demo's simulator: some that have just begun, some that have run for days
and one for weeks. They follow one another in time, so that the blocks of time held out for evaluation and
calibration are whole worlds that the model has not seen.
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
from streaming.training.worlds.world import world

SEED = 7
START = datetime(2015, 1, 1, tzinfo=UTC)
APART = timedelta(days=70)
"""The distance between the starts of two worlds: longer than any of them lasts."""
CLEAN_AFTER = 2 * 86_400
"""Seconds after which the truth about an event is taken as known; the profiles hear of those that are labelled."""
INSTALLATIONS = 16
FRAUD_SHARE = 0.04
"""Where the shipped model judges: as in the demo. Where fraud is rarer, which it mostly is, this makes the bounds of
the levels as low as its own odds allow: on the worlds that it was made with most of what reaches HIGH still is fraud,
on the one that judges it two fifths."""


class Simulated(NamedTuple):
    """A simulator run: its time of day, events a second, and duration."""

    rate: float
    seconds: float
    hour: int = 0
    customers: int | None = None
    label_delay: timedelta = timedelta(minutes=30)
    fraud_rate: float = 0.015
    without: tuple[str, ...] = ()
    """Fields and attributes that its senders omit."""


_DAY = timedelta(days=1)
SIMULATED = (
    Simulated(20, 300, 8),
    Simulated(0.02, 20 * 86_400, customers=70, label_delay=_DAY, without=("card", "status")),
    Simulated(1, 6_000, 8),
    Simulated(0.2, 86_400, label_delay=_DAY, without=("card",)),
    Simulated(5, 1_500, 8),
    Simulated(0.25, 86_400, label_delay=_DAY),
    Simulated(5, 1_500, 8),
    Simulated(0.03, 10 * 86_400, customers=1_500, label_delay=_DAY, without=("device_id",)),
)
WORLDS = INSTALLATIONS + len(SIMULATED)


def examples(seed: int = SEED, advance: Callable[[int], None] = lambda _: None) -> Examples:
    """The events of every world with their truth; the same for the same ``seed``.

    ``advance`` is called for each of the ``WORLDS``.
    """
    made = []
    for place in range(WORLDS):
        start, number = START + place * APART, seed + place
        run, is_run = divmod(place, WORLDS // len(SIMULATED))
        made.append(_installation(number, start) if is_run else _simulated(SIMULATED[run], number, start))
        advance(1)
    vectors, fraud, at, known_at = (
        np.concatenate([getattr(one, name) for one in made]) for name in ("vectors", "fraud", "at", "known_at")
    )
    return Examples(vectors, fraud, at, known_at)


def _installation(number: int, start: datetime) -> Examples:
    told = world(number, start)
    return _with_truth(all_of(one.past for one in told), [one.fraud for one in told])


def _simulated(run: Simulated, number: int, start: datetime) -> Examples:
    outcomes = simulate_with_truth(
        number, start + timedelta(hours=run.hour), run.rate, run.fraud_rate,
        label_delay=run.label_delay, seconds=run.seconds, customers=run.customers,
    )  # fmt: skip
    truth: list[bool] = []

    def records() -> Iterator[Event | Label]:
        for record, fraud in outcomes:
            if isinstance(record, Event):
                record = _without(record, run.without)  # noqa: PLW2901
                truth.append(fraud not in (None, FraudKind.FRIENDLY_FRAUD))
            yield record

    return _with_truth(all_of(past_of(records())), truth)


def _with_truth(made: Examples, truth: list[bool]) -> Examples:
    return replace(made, fraud=np.array(truth, bool), known_at=made.at + CLEAN_AFTER)


def _without(event: Event, names: tuple[str, ...]) -> Event:
    if not names:
        return event
    attributes = {name: value for name, value in event.attributes.items() if name not in names}
    fields = {name: None for name in names if name in Event.model_fields}
    return event.model_copy(update={"attributes": attributes, **fields})
