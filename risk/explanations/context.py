"""Everything known about one assessment, as facts, before it is put into words."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from risk.alerts.alert import Alert, Disposition
from risk.domain.assessment import Assessment, Reason, RiskLevel
from risk.domain.event_types import SHIPPED_TYPES, EventTypes, Family
from risk.features.catalog import is_known_set
from risk.reason_text.event_text import Telling
from risk.rules.evaluator import Mode

MOST_PAST = 300
"""How many of the latest earlier events of an account, or of a counterparty, are looked at."""
MONTH, DAY = timedelta(days=30), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An earlier event of an account or counterparty; ``fraud`` is what was known when the explained event came."""

    event_id: UUID
    event_type: str
    occurred_at: datetime
    account_id: str
    counterparty_id: str | None
    amount: Decimal | None
    currency: str | None
    device_id: str | None
    country: str | None
    level: RiskLevel
    family: Family
    noun: str
    fraud: bool | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts in one currency: count, sum, median, minimum and maximum."""

    currency: str | None
    count: int
    total: Decimal
    median: Decimal
    least: Decimal
    largest: Decimal


@dataclass(frozen=True, slots=True)
class Past:
    """What was known of an account or a counterparty right before an event.

    ``events`` counts those looked at, ``capped`` says that there may be more; what follows is of the 30 days before,
    but the ``same_…`` and ``…_since``, which are of all. ``settled`` is the largest amount that is a day old, and of
    no known fraud: what a burst may not vouch for is its own beginning.
    """

    events: int
    capped: bool
    month: int = 0
    money: Money | None = None
    risky: int = 0
    frauds: int = 0
    labelled: int = 0
    accounts: int = 0
    counterparties: int = 0
    same_counterparty: int = 0
    same_device: int = 0
    same_country: int = 0
    counterparty_since: datetime | None = None
    device_since: datetime | None = None
    country_since: datetime | None = None
    settled: Decimal | None = None
    first_at: datetime | None = None
    latest: tuple[PastEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleFact:
    """A version of a rule that hit the event. ``points`` are log-odds."""

    rule_id: UUID
    version: int
    name: str
    mode: Mode
    description: str
    points: float | None
    min_level: RiskLevel | None


@dataclass(frozen=True, slots=True)
class LabelFact:
    """A label of the event."""

    fraud: bool
    known_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class PastCase:
    """A resolved alert that resembles this event; ``similarity`` is 0 to 1 (``risk.explanations.case_similarity``)."""

    alert_id: UUID
    account_id: str
    counterparty_id: str | None
    level: RiskLevel
    reason_text: str
    disposition: Disposition
    disposition_reason: str | None
    resolved_at: datetime
    similarity: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A knowledge base passage: titles of document and section, and text."""

    document: str
    title: str
    section: str
    text: str
    source: str | None = None


class _Happened(NamedTuple):
    family: str
    noun: str
    at: int
    counterparty_id: str | None
    amount: Decimal | None
    currency: str | None
    device_id: str | None
    country: str | None


@dataclass(frozen=True)
class Dossier:
    """The context of an assessment: itself, its history, rules, labels, similar cases, knowledge."""

    assessment: Assessment
    account: Past
    alert: Alert | None = None
    counterparty: Past | None = None
    rules: tuple[RuleFact, ...] = ()
    labels: tuple[LabelFact, ...] = ()
    cases: tuple[PastCase, ...] = ()
    passages: tuple[Passage, ...] = field(default=())
    event_types: EventTypes = SHIPPED_TYPES

    @cached_property
    def telling(self) -> Telling:
        """The event and its features, to be put into words; none of the features if they are those of another set."""
        one = self.assessment
        seen = _Happened(
            one.family.value,
            self.event_types.find(one.event_type).noun,
            int(one.occurred_at.timestamp()),
            one.counterparty_id,
            one.amount,
            one.currency,
            one.device_id,
            one.country,
        )
        return Telling(seen, one.features if is_known_set(one.feature_set) else ())

    def feature(self, name: str) -> float | None:
        """The value of a feature; None if it is unknown or from another feature set."""
        return self.telling.value(name)

    def at_least(self, name: str, least: float) -> bool:
        """Whether a feature is known, and at least so much."""
        value = self.feature(name)
        return value is not None and value >= least

    def is_zero(self, name: str) -> bool:
        """Whether a feature is known, and 0."""
        return self.feature(name) == 0.0

    @property
    def reasons(self) -> Sequence[Reason]:
        """The reasons of the assessment, strongest first."""
        return self.assessment.reasons


def summarise(event: Assessment, past: Sequence[PastEvent], *, most: int = MOST_PAST) -> Past:
    """The history right before ``event``, from the earlier events ``past``, newest first."""
    before = [one for one in past if one.occurred_at <= event.occurred_at]
    month = [one for one in before if one.occurred_at > event.occurred_at - MONTH]
    ordered = sorted(before, key=lambda one: one.occurred_at, reverse=True)
    known = [one for one in month if one.fraud is not None]
    return Past(
        events=len(before),
        capped=len(past) >= most,
        month=len(month),
        money=_money(event, month),
        risky=sum(one.level.at_least(RiskLevel.HIGH) for one in month),
        frauds=sum(one.fraud is True for one in known),
        labelled=len(known),
        accounts=len({one.account_id for one in month}),
        counterparties=len({one.counterparty_id for one in month if one.counterparty_id is not None}),
        same_counterparty=_same(before, "counterparty_id", event.counterparty_id),
        same_device=_same(before, "device_id", event.device_id),
        same_country=_same(before, "country", event.country),
        counterparty_since=_since(before, "counterparty_id", event.counterparty_id),
        device_since=_since(before, "device_id", event.device_id),
        country_since=_since(before, "country", event.country),
        settled=max(
            (
                one.amount
                for one in month
                if one.amount is not None
                and one.currency == event.currency
                and not one.fraud
                and one.occurred_at <= event.occurred_at - DAY
            ),
            default=None,
        ),
        first_at=ordered[-1].occurred_at if ordered else None,
        latest=tuple(ordered[:3]),
    )


def _same(past: Sequence[PastEvent], name: str, value: str | None) -> int:
    return 0 if value is None else sum(getattr(one, name) == value for one in past)


def _since(past: Sequence[PastEvent], name: str, value: str | None) -> datetime | None:
    return (
        None if value is None else min((one.occurred_at for one in past if getattr(one, name) == value), default=None)
    )


def _money(event: Assessment, past: Sequence[PastEvent]) -> Money | None:
    amounts = [one.amount for one in past if one.amount is not None and one.currency == event.currency]
    if not amounts:
        return None
    return Money(
        currency=event.currency,
        count=len(amounts),
        total=sum(amounts, Decimal()),
        median=statistics.median(amounts),
        least=min(amounts),
        largest=max(amounts),
    )
