"""What rules that hit do to a score: the one place, for the engine as for backtests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from risk.domain.assessment import RiskLevel, Thresholds


class Effect(Protocol):
    """Points in log-odds, or a level that the assessment then has at least."""

    @property
    def points(self) -> float:
        """Log-odds, 0 for a rule that sets ``min_level``."""

    @property
    def min_level(self) -> RiskLevel | None:
        """The least level."""


class StoredEffect(NamedTuple):
    """The effect of a rule's hit in the past."""

    points: float
    min_level: RiskLevel | None
    name: str = ""
    """Of the rule."""


class Combined(NamedTuple):
    """A probability, and the log-odds that each effect added to reach it."""

    value: float
    added: list[float]


def combine(logit: float, effects: Sequence[Effect], thresholds: Thresholds) -> Combined:
    """The log-odds of a base score with ``effects``: all points, then the highest least level, if it is above.

    A score that is lifted has the lower bound of that level: score and level always agree.
    """
    added = [effect.points for effect in effects]
    total = logit + sum(added)
    value = probability(total)
    floors = [(effect.min_level.rank, -place) for place, effect in enumerate(effects) if effect.min_level is not None]
    if floors:
        rank, place = max(floors)
        bound = thresholds.lower_bound(tuple(RiskLevel)[rank])
        if value < bound:
            added[-place] += log_odds(bound) - total
            value = bound
    return Combined(value, added)


def probability(logit: float) -> float:
    """The probability with these log-odds."""
    if logit < -700:
        return 0.0
    return 1.0 / (1.0 + math.exp(-logit))


def log_odds(value: float) -> float:
    """The log-odds of a probability; infinite at 0 and 1."""
    if 0 < value < 1:
        return math.log(value / (1 - value))
    return math.copysign(math.inf, value - 0.5)
