"""Champion and challenger compared on the same labelled events.

Written for a few ten thousand events and no library: it runs in a Lambda.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from pydantic import BaseModel

from risk.domain.assessment import RiskLevel, Thresholds
from risk.monitoring.precision_recall import LevelQuality, rates


class Scored(NamedTuple):
    """What both said of one event before rules, and whether it was fraud."""

    champion: float
    challenger: float
    fraud: bool


class ScorerMeasure(BaseModel):
    """How good one scorer's own probabilities were; null where there are not frauds and others both.

    ``auc`` and ``average_precision`` are of the ranking (ties count half, or as one step), ``brier`` is the mean
    squared error of the probability. ``levels`` have everything from a level's lower bound on called risky.
    """

    scorer: str
    auc: float | None
    average_precision: float | None
    brier: float | None
    mean_score: float | None
    levels: list[LevelQuality]


class ModelComparison(BaseModel):
    """Champion and challenger on the labelled ``events`` that both scored, by the labels known at ``as_of``.

    The events occurred from ``since`` until before ``until``; of too many, only the newest are compared, and
    ``complete`` is false.
    """

    as_of: datetime
    since: datetime
    until: datetime
    events: int
    frauds: int
    complete: bool
    champion: ScorerMeasure
    challenger: ScorerMeasure


def measure(scorer: str, scores: Sequence[float], fraud: Sequence[bool], thresholds: Thresholds) -> ScorerMeasure:
    """The quality of one scorer's ``scores``."""
    frauds, honest = sum(fraud), len(fraud) - sum(fraud)
    true = false = 0
    area = precision = 0.0
    ranked = sorted(zip(scores, fraud, strict=True), reverse=True)
    for _, group in groupby(ranked, key=lambda pair: pair[0]):
        found = [is_fraud for _, is_fraud in group]
        hits, misses = sum(found), len(found) - sum(found)
        area += misses * (true + hits / 2)
        true, false = true + hits, false + misses
        precision += hits * true / (true + false)
    both = frauds > 0 and honest > 0
    errors = ((score - is_fraud) ** 2 for score, is_fraud in ranked)
    return ScorerMeasure(
        scorer=scorer,
        auc=area / (frauds * honest) if both else None,
        average_precision=precision / frauds if both else None,
        brier=sum(errors) / len(ranked) if ranked else None,
        mean_score=sum(scores) / len(ranked) if ranked else None,
        levels=[_level(level, ranked, frauds, honest, thresholds) for level in RiskLevel],
    )


def _level(
    level: RiskLevel, ranked: Sequence[tuple[float, bool]], frauds: int, honest: int, thresholds: Thresholds
) -> LevelQuality:
    bound = thresholds.lower_bound(level)
    called = [is_fraud for score, is_fraud in ranked if score >= bound]
    tp, fp = sum(called), len(called) - sum(called)
    return LevelQuality(level=level, **rates(tp, fp, frauds - tp, honest - fp).model_dump())
