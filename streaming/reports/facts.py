"""The facts of a report, gathered event by event in bounded memory."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from risk.domain.assessment import LEVELS, RiskLevel
from risk.features.catalog import FEATURES
from risk.features.directions import Direction
from streaming.engine.stages.batch import Batch, ItemKind

FIELDS = ("counterparty_id", "amount", "currency", "channel", "device_id", "ip", "country")
SAMPLE = 40_000
"""The number of legitimate events, and of frauds, whose vectors are kept."""
FLAGGED = 0.005
"""The share of events that a single feature may flag, for comparison."""
MIN_CAUGHT = 0.02
_RANDOM = 1


@dataclass
class Tally:
    """Events, frauds among them, and the money of both in the main currency."""

    events: int = 0
    frauds: int = 0
    amount: Decimal = Decimal(0)
    fraud_amount: Decimal = Decimal(0)

    def add(self, amount: Decimal | None, *, fraud: bool) -> None:
        """Count one more event."""
        self.events += 1
        self.frauds += fraud
        if amount is not None:
            self.amount += amount
            if fraud:
                self.fraud_amount += amount


class Separates(NamedTuple):
    """What one feature alone finds: share of frauds, share of money, and precision."""

    name: str
    meaning: str
    threshold: float
    caught: float
    money: float
    precision: float


class _Sample:
    """Vectors, scores and amounts of at most ``SAMPLE`` events, each as likely to be there (reservoir sampling)."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (a sample)
        self.seen = 0
        self.rows: list[tuple[Sequence[float], float, float]] = []

    def add(self, row: tuple[Sequence[float], float, float]) -> None:
        self.seen += 1
        if len(self.rows) < SAMPLE:
            self.rows.append(row)
        elif (place := self._random.randrange(self.seen)) < SAMPLE:
            self.rows[place] = row


@dataclass
class Facts:
    """The data of a report. ``frauds`` are known frauds, ``rules`` rule names by id."""

    frauds: frozenset[UUID]
    rules: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    all: Tally = field(default_factory=Tally)
    months: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    levels: defaultdict[RiskLevel, Tally] = field(default_factory=lambda: defaultdict(Tally))
    hits: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    types: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    amounts: Counter[int] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    first: str = ""
    last: str = ""
    scorer: str = ""
    _legitimate: _Sample = field(default_factory=lambda: _Sample(_RANDOM))
    _fraudulent: _Sample = field(default_factory=lambda: _Sample(_RANDOM + 1))

    def add(self, batch: Batch) -> None:
        """Count a batch that was judged."""
        if batch.judged_by is not None:
            self.scorer = batch.judged_by.scorer
        for place, item in enumerate(batch.items):
            verdict, vector = batch.verdicts[place], batch.vectors[place]
            if item.kind is ItemKind.EVENT and verdict is not None and vector is not None:
                self._add_event(item.event_id, item.data, vector, verdict.score, LEVELS[verdict.level], verdict.hits)

    def _add_event(
        self,
        event_id: UUID,
        data: Mapping[str, Any],
        vector: Sequence[float],
        score: float,
        level: RiskLevel,
        hits: Sequence[tuple[str, int, str]],
    ) -> None:
        fraud, at = event_id in self.frauds, str(data["occurred_at"])
        self.first, self.last = min(self.first or at, at), max(self.last, at)
        self.types[str(data["event_type"])] += 1
        self.missing.update(name for name in FIELDS if data.get(name) is None)
        amount = None
        if data.get("amount") is not None:
            currency = str(data.get("currency") or "")
            self.currencies[currency] += 1
            self.currency = currency if self.currency is None else self.currency
            if currency == self.currency:
                amount = Decimal(str(data["amount"]))
                self.amounts[_magnitude(amount)] += 1
        for tally in (self.all, self.months[at[:7]], self.levels[level]):
            tally.add(amount, fraud=fraud)
        for rule in {rule for rule, _, _ in hits}:
            self.hits[self.rules.get(rule, rule)].add(amount, fraud=fraud)
        sample = self._fraudulent if fraud else self._legitimate
        sample.add((vector, score, float(amount or 0)))

    def scores(self) -> tuple[list[float], list[float]]:
        """Scores of sampled legitimate and fraudulent events."""
        return [row[1] for row in self._legitimate.rows], [row[1] for row in self._fraudulent.rows]

    def auc(self) -> float | None:
        """How often the score of a fraud is above that of a legitimate event; None without both."""
        legitimate, fraudulent = (np.sort(np.array(scores)) for scores in self.scores())
        if not len(legitimate) or not len(fraudulent):
            return None
        below = np.searchsorted(legitimate, fraudulent, "left") + np.searchsorted(legitimate, fraudulent, "right")
        return float(below.mean() / 2 / len(legitimate))

    def caught_at(self, share: float) -> tuple[float, float, float] | None:
        """Recall by count and by money of the ``share`` of events with the highest scores, and their threshold."""
        legitimate, _ = self.scores()
        if not self._fraudulent.rows or not legitimate:
            return None
        threshold = float(np.quantile(np.array(legitimate), 1 - share))
        caught = [row for row in self._fraudulent.rows if row[1] > threshold]
        money = sum(row[2] for row in self._fraudulent.rows)
        return len(caught) / len(self._fraudulent.rows), sum(r[2] for r in caught) / money if money else 0.0, threshold

    def separating(self, most: int) -> list[Separates]:
        """The features that find most frauds on their own, each at a threshold that flags few legitimate events."""
        if not self._fraudulent.rows or not self._legitimate.rows:
            return []
        legitimate = np.array([row[0] for row in self._legitimate.rows], np.float32)
        fraudulent = np.array([row[0] for row in self._fraudulent.rows], np.float32)
        money = np.array([row[2] for row in self._fraudulent.rows])
        found = []
        for place, feature in enumerate(FEATURES):
            if feature.direction is not Direction.HIGHER_IS_RISKIER:
                continue
            usual = legitimate[:, place][~np.isnan(legitimate[:, place])]
            if not len(usual):
                continue
            threshold = float(np.quantile(usual, 1 - FLAGGED))
            caught = fraudulent[:, place] > threshold
            flagged = float((usual > threshold).sum()) / len(legitimate) * self._legitimate.seen
            hits = float(caught.mean()) * self._fraudulent.seen
            if caught.mean() >= MIN_CAUGHT:
                share = float(money[caught].sum() / money.sum()) if money.sum() else 0.0
                precision = hits / (hits + flagged)
                found.append(
                    Separates(feature.name, feature.meaning, threshold, float(caught.mean()), share, precision)
                )
        return sorted(found, key=lambda one: -one.caught)[:most]


def _magnitude(amount: Decimal) -> int:
    """The power of ten of an amount, in thirds: 0 for 1 to 2.15."""
    return -9 if amount <= 0 else max(-9, int(np.floor(np.log10(float(amount)) * 3)))


def now_text() -> str:
    """This minute in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
