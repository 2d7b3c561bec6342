"""Backtests: a rule's hits, precision, recall and change in alerts over past events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from risk.domain.assessment import RiskLevel, Thresholds
from risk.domain.currencies import DEFAULT_RATES, ExchangeRates
from risk.domain.event_ids import EventId, EventIdField, EventSource
from risk.features.catalog import BUILT_IN, Catalog
from risk.rules.cel import in_base
from risk.rules.effects import StoredEffect, combine, log_odds
from risk.rules.evaluator import Rule, RuleHit, RuleSet
from risk.rules.lists import ListEntry

MAX_EXAMPLES = 10
MAX_COMPARED = 2_000
_MONEY = ("hits", "frauds", "fraud_hits", "legitimate_hits", "alerts_before", "alerts_after")
_BY_HOUR = ("events", "hits", "labelled_hits", "fraud_hits", "alerts_before", "alerts_after")


class Past(NamedTuple):
    """One scored event: its fields, features, and how it was judged. ``fraud`` is None without a label.

    ``base_score`` is before rules, ``effects`` those of the rules that were live and hit, by rule.
    """

    event_id: EventId
    event: Mapping[str, Any]
    vector: Sequence[float]
    score: float
    level: RiskLevel
    scored_at: datetime
    fraud: bool | None
    sequence: int
    base_score: float | None = None
    effects: Mapping[UUID, StoredEffect] = {}


class BacktestExample(BaseModel):
    """An event that the rule hits; ``level`` as it was judged, ``level_with_rule`` as it would have been."""

    model_config = ConfigDict(frozen=True)

    event_source: EventSource
    event_id: EventIdField
    account_id: str
    score: float
    level: RiskLevel
    level_with_rule: RiskLevel
    reason_text: str
    fraud: bool | None


class BacktestOverlap(BaseModel):
    """How many of the compared hits another rule, live or in shadow, has as well."""

    model_config = ConfigDict(frozen=True)

    rule_id: UUID
    name: str
    version: int
    hits: int


class BacktestHour(BaseModel):
    """What a rule would have done to the events scored in one hour (UTC) that begins at ``hour``."""

    model_config = ConfigDict(frozen=True)

    hour: datetime
    events: int
    hits: int
    labelled_hits: int
    fraud_hits: int
    alerts_before: int
    alerts_after: int


class BacktestMoney(BaseModel):
    """Amounts of events in ``currency``, the reporting currency, by the exchange rates of their days.

    ``frauds`` are of all events known to be frauds, ``fraud_hits`` and ``legitimate_hits`` of hits with that label;
    ``alerts_before`` and ``alerts_after`` of events at or above the level that raises an alert.
    """

    model_config = ConfigDict(frozen=True)

    currency: str
    hits: float
    frauds: float
    fraud_hits: float
    legitimate_hits: float
    alerts_before: float
    alerts_after: float


class BacktestReport(BaseModel):
    """What a version of a rule would have done beside the other rules, at 100 percent of the events, newest first.

    It takes the place of a version of the same rule that was live.

    ``precision`` is the share of frauds among labelled hits, ``recall`` the share of known frauds that are hit;
    null without labels. Alerts are events at or above the level that raises one. ``errors`` are evaluations
    that failed. ``overlap`` is of the ``compared_hits`` met first. ``complete`` is false if time ran out
    before the end of the history; then ``first_scored_at`` says how far back it went. ``oldest_sequence`` is of the
    event met last, for going on from there, and ``hours`` are those with events, oldest first. ``scored`` is how many
    events were scored in the period in all, of which those with an older set of features cannot be tried.
    """

    model_config = ConfigDict(frozen=True)

    events: int
    hits: int
    errors: int
    labelled: int
    frauds: int
    labelled_hits: int
    fraud_hits: int
    precision: float | None
    recall: float | None
    alerts_before: int
    alerts_after: int
    money: BacktestMoney
    examples: list[BacktestExample]
    compared_hits: int
    overlap: list[BacktestOverlap]
    first_scored_at: datetime | None
    last_scored_at: datetime | None
    oldest_sequence: int | None
    hours: list[BacktestHour]
    scored: int
    complete: bool


class Backtest:
    """Meets one past event after another, in any order; ``report`` tells what came of them."""

    def __init__(
        self,
        rule: Rule,
        others: Sequence[Rule],
        lists: Sequence[ListEntry],
        thresholds: Thresholds,
        alerts: RiskLevel,
        rates: ExchangeRates = DEFAULT_RATES,
        catalog: Catalog = BUILT_IN,
    ) -> None:
        self._rule_id = rule.rule_id
        self._rule = RuleSet.build([rule], lists, rates, catalog)
        self._others = [other for other in others if other.rule_id != rule.rule_id]
        self._other_rules = RuleSet.build(self._others, lists, rates, catalog)
        self._thresholds = thresholds
        self._alerts = alerts
        self._rates = rates
        self._counts: Counter[str] = Counter()
        self._money: dict[str, float] = dict.fromkeys(_MONEY, 0.0)
        self._hours: dict[datetime, Counter[str]] = {}
        self._oldest: int | None = None
        self._overlap: Counter[tuple[UUID, int]] = Counter()
        self._examples: list[BacktestExample] = []
        self._first: datetime | None = None
        self._last: datetime | None = None

    def meet(self, past: Past) -> None:
        """Count one event."""
        counts = self._counts
        hour = self._hours.setdefault(past.scored_at.replace(minute=0, second=0, microsecond=0), Counter())
        counts["events"] += 1
        hour["events"] += 1
        counts["labelled"] += past.fraud is not None
        counts["frauds"] += past.fraud is True
        self._first = past.scored_at if self._first is None else min(self._first, past.scored_at)
        self._last = past.scored_at if self._last is None else max(self._last, past.scored_at)
        self._oldest = past.sequence if self._oldest is None else min(self._oldest, past.sequence)
        alerted = past.level.at_least(self._alerts)
        counts["alerts_before"] += alerted
        hour["alerts_before"] += alerted
        hits = self._rule.evaluate(past.event, past.vector, past.event_id)
        level = self._level(past, hits)
        if hits:
            self._hit(past, hits[0], level)
            hour["hits"] += 1
            hour["labelled_hits"] += past.fraud is not None
            hour["fraud_hits"] += past.fraud is True
        alerted_after = level.at_least(self._alerts)
        counts["alerts_after"] += alerted_after
        hour["alerts_after"] += alerted_after
        self._add_money(
            past,
            {
                "hits": bool(hits),
                "frauds": past.fraud is True,
                "fraud_hits": bool(hits) and past.fraud is True,
                "legitimate_hits": bool(hits) and past.fraud is False,
                "alerts_before": alerted,
                "alerts_after": alerted_after,
            },
        )

    def _add_money(self, past: Past, sums: Mapping[str, bool]) -> None:
        if past.event.get("amount") is None or not any(sums.values()):
            return
        money = in_base(past.event, self._rates)
        for name, counts in sums.items():
            self._money[name] += money if counts else 0.0

    def _level(self, past: Past, hits: Sequence[RuleHit]) -> RiskLevel:
        """The level with this version in the place of the one that was live."""
        if not hits and self._rule_id not in past.effects:
            return past.level
        if past.base_score is None:
            return self._thresholds.level(combine(log_odds(past.score), hits, self._thresholds).value)
        others = [effect for rule_id, effect in past.effects.items() if rule_id != self._rule_id]
        return self._thresholds.level(combine(log_odds(past.base_score), [*others, *hits], self._thresholds).value)

    def _hit(self, past: Past, hit: RuleHit, level: RiskLevel) -> None:
        counts = self._counts
        counts["hits"] += 1
        counts["labelled_hits"] += past.fraud is not None
        counts["fraud_hits"] += past.fraud is True
        if counts["hits"] <= MAX_COMPARED:
            # All the other rules on all the hits of a broad rule would take longer than the rest.
            for other in self._other_rules.evaluate(past.event, past.vector, past.event_id):
                self._overlap[other.rule_id, other.rule_version] += 1
        if len(self._examples) < MAX_EXAMPLES:
            self._examples.append(
                BacktestExample(
                    event_source=past.event_id.source,
                    event_id=past.event_id,
                    account_id=str(past.event.get("account_id")),
                    score=past.score,
                    level=past.level,
                    level_with_rule=level,
                    reason_text=hit.reason_text,
                    fraud=past.fraud,
                )
            )

    def report(self, *, scored: int, complete: bool) -> BacktestReport:
        """What was found, of ``scored`` events in all."""
        names = ("events", "hits", "labelled", "frauds", "labelled_hits", "fraud_hits", "alerts_before", "alerts_after")
        found = {name: self._counts[name] for name in names}
        overlap = [
            BacktestOverlap(rule_id=one.rule_id, name=one.name, version=one.version, hits=hits)
            for one in self._others
            if (hits := self._overlap[one.rule_id, one.version])
        ]
        return BacktestReport(
            **found,
            errors=self._rule.errors.total(),
            precision=found["fraud_hits"] / found["labelled_hits"] if found["labelled_hits"] else None,
            recall=found["fraud_hits"] / found["frauds"] if found["frauds"] else None,
            money=BacktestMoney(currency=self._rates.base, **self._money),
            examples=self._examples,
            compared_hits=min(found["hits"], MAX_COMPARED),
            overlap=sorted(overlap, key=lambda one: -one.hits),
            first_scored_at=self._first,
            last_scored_at=self._last,
            oldest_sequence=self._oldest,
            hours=[
                BacktestHour(hour=hour, **{name: counted[name] for name in _BY_HOUR})
                for hour, counted in sorted(self._hours.items())
            ],
            scored=scored,
            complete=complete,
        )
