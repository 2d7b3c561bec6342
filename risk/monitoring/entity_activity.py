"""Recent activity of an entity: levels, scores, amounts and related entities."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from risk.domain.assessment import RiskLevel
from risk.domain.event_ids import EventId, EventIdField, EventSource

NEWEST = 1_000
"""How many assessments are looked at, the newest."""
RELATED = 20
VALUES = 8
POINTS = 300

Key = TypeVar("Key", bound=Hashable)


class Seen(NamedTuple):
    """What is looked at of one assessment. ``other`` is its counterparty, seen from the account, and the reverse."""

    event_id: EventId
    event_type: str
    occurred_at: datetime
    score: float
    level: RiskLevel
    other: str | None
    amount: Decimal | None
    currency: str | None
    channel: str | None
    country: str | None
    device_id: str | None
    fraud: bool | None


class ScorePoint(BaseModel):
    """The score of one event."""

    event_source: EventSource
    event_id: EventIdField
    occurred_at: datetime
    score: float
    level: RiskLevel


class AmountBin(BaseModel):
    """How many amounts were at least ``lower`` and below ``upper``."""

    lower: Decimal
    upper: Decimal
    events: int


class Amounts(BaseModel):
    """The amounts in one currency; ``bins`` follow each other, in steps of 1, 2, 5, 10 …"""

    currency: str | None
    events: int
    total: Decimal
    median: Decimal
    largest: Decimal
    bins: list[AmountBin]


class Related(BaseModel):
    """Whom it met: how often, how risky that was at most, and when last."""

    id: str
    events: int
    top_score: float
    top_level: RiskLevel
    last_at: datetime


class ValueCount(BaseModel):
    """How often a channel, country, device or type of event was seen."""

    value: str
    events: int


class Labelled(BaseModel):
    """What was learnt of the events later."""

    fraud: int
    legitimate: int


class Activity(BaseModel):
    """The newest assessments of an entity, at most 1,000, summed up.

    ``complete`` is false when there are older ones; ``first_at`` is when the very first event occurred in any case.
    ``scores`` are of the newest 300, oldest first. ``related`` are counterparties of an account, accounts of
    anything else, the most met first.
    """

    id: str
    first_at: datetime
    last_at: datetime
    events: int
    complete: bool
    by_level: dict[RiskLevel, int]
    labels: Labelled
    scores: list[ScorePoint]
    amounts: list[Amounts]
    related: list[Related]
    types: list[ValueCount]
    channels: list[ValueCount]
    countries: list[ValueCount]
    devices: list[ValueCount]


def summarise(identifier: str, seen: Sequence[Seen], first_at: datetime, *, complete: bool) -> Activity:
    """The activity of ``identifier`` from ``seen``, newest first and at least one."""
    levels = Counter(one.level for one in seen)
    labels = Counter(one.fraud for one in seen)
    newest = sorted(seen[:POINTS], key=lambda one: one.occurred_at)
    return Activity(
        id=identifier,
        first_at=first_at,
        last_at=max(one.occurred_at for one in seen),
        events=len(seen),
        complete=complete,
        by_level={level: levels[level] for level in RiskLevel},
        labels=Labelled(fraud=labels[True], legitimate=labels[False]),
        scores=[
            ScorePoint(
                event_source=one.event_id.source,
                event_id=one.event_id,
                occurred_at=one.occurred_at,
                score=one.score,
                level=one.level,
            )
            for one in newest
        ],
        amounts=_amounts(seen),
        related=_related(seen),
        types=_values(one.event_type for one in seen),
        channels=_values(one.channel for one in seen),
        countries=_values(one.country for one in seen),
        devices=_values(one.device_id for one in seen),
    )


def _grouped(seen: Iterable[Seen], key: Callable[[Seen], Key]) -> list[tuple[Key, list[Seen]]]:
    """``seen`` by ``key``, the most frequent first."""
    found: dict[Key, list[Seen]] = {}
    for one in seen:
        found.setdefault(key(one), []).append(one)
    return sorted(found.items(), key=lambda item: (-len(item[1]), str(item[0])))


def _values(values: Iterable[str | None]) -> list[ValueCount]:
    found = Counter(value for value in values if value is not None)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [ValueCount(value=value, events=events) for value, events in ordered[:VALUES]]


def _related(seen: Iterable[Seen]) -> list[Related]:
    found = []
    for other, met in _grouped((one for one in seen if one.other is not None), lambda one: one.other):
        riskiest = max(met, key=lambda one: (one.level.rank, one.score))
        found.append(
            Related(
                id=str(other),
                events=len(met),
                top_score=riskiest.score,
                top_level=riskiest.level,
                last_at=max(one.occurred_at for one in met),
            )
        )
    return found[:RELATED]


def _amounts(seen: Iterable[Seen]) -> list[Amounts]:
    found = []
    for currency, paid in _grouped((one for one in seen if one.amount is not None), lambda one: one.currency):
        values = sorted(one.amount for one in paid if one.amount is not None)
        found.append(
            Amounts(
                currency=currency,
                events=len(values),
                total=sum(values, Decimal(0)),
                median=_median(values),
                largest=values[-1],
                bins=bins(values),
            )
        )
    return found


def _median(values: Sequence[Decimal]) -> Decimal:
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def bins(values: Sequence[Decimal]) -> list[AmountBin]:
    """How ``values``, sorted and at least one, lie on a scale of 1, 2, 5, 10 …; the first bin begins at or below 0.

    Amounts spread over magnitudes: equal steps would put nearly all of them into one bin.
    """
    edges = [Decimal(0)] if values[0] >= 0 else [values[0], Decimal(0)]
    positive = [value for value in values if value > 0]
    if positive:
        step = _step_below(positive[0])
        edges.append(step) if step > 0 else None
        while edges[-1] <= values[-1]:
            edges.append(_next_step(edges[-1]))
    elif values[-1] >= 0:
        edges.append(Decimal(1))
    counts = Counter(bisect_right(edges, value) - 1 for value in values)
    found = [
        AmountBin(lower=lower, upper=upper, events=counts[place])
        for place, (lower, upper) in enumerate(pairwise(edges))
    ]
    while len(found) > 1 and found[0].events == 0:
        found.pop(0)
    return found


def _step_below(value: Decimal) -> Decimal:
    """The largest of 1, 2, 5 times a power of ten that is not above ``value``."""
    power = Decimal(1).scaleb(value.adjusted())
    return max(power * digit for digit in (1, 2, 5) if power * digit <= value)


def _next_step(step: Decimal) -> Decimal:
    digit = step.scaleb(-step.adjusted())
    return step * (Decimal("2.5") if digit == 2 else 2)
