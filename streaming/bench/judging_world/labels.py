"""Labels: which events are labelled, when, by whom, and which wrongly or never."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from streaming.bench.judging_world.recipe import Recipe
from streaming.bench.judging_world.rows import DAY, HOUR, Row

# By kind: the source, the median delay in days, and the spread.
_TOLD: dict[str, tuple[str, float, float]] = {
    "card_testing": ("issuer", 0.8, 1.2),
    "account_takeover": ("customer", 1.6, 0.9),
    "device_farm": ("chargeback", 11.0, 0.7),
    "compromised_merchant": ("issuer", 6.0, 0.8),
    "mule_chain": ("customer", 2.0, 0.9),
    "slow_small": ("customer", 18.0, 0.5),
    "friendly": ("chargeback", 24.0, 0.5),
}
_REVIEWED = 0.008
_WRONG_AT_FIRST = 0.04
_WRONG_ALARM = 0.02


class Told(NamedTuple):
    """A label; ``known_at`` is in seconds after the start of the world."""

    at: float
    fraud: bool
    source: str


def labels(rng: Random, recipe: Recipe, row: Row) -> Iterator[Told]:
    """The labels of a payment in the order in which they become known; none for most."""
    if not row.fraud:
        if rng.random() < _REVIEWED:
            alarm = rng.random() < _WRONG_ALARM
            at = row.at + rng.uniform(1, 30) * HOUR
            yield Told(at, alarm, "analyst")
            if alarm:
                yield Told(at + rng.uniform(1, 9) * DAY, False, "customer")
        return
    if rng.random() < recipe.unreported:
        return
    source, median, spread = _TOLD[row.story]
    at = row.at + max(0.01, median * rng.lognormvariate(0.0, spread)) * DAY
    if rng.random() < _WRONG_AT_FIRST:
        yield Told(row.at + 0.3 * (at - row.at), False, "analyst")
    yield Told(at, True, source)


def rounded(at: float) -> int:
    """A moment in whole seconds, never before its event."""
    return math.ceil(at)
