"""The alert curve: for each number of alerts a day, the threshold, precision and recall."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from risk.domain.assessment import Thresholds
from risk.domain.errors import InvalidInput
from risk.features.sliding_windows import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUDGETS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
MEDIUM_TIMES, CRITICAL_SHARE = 3.0, 0.25
"""A quarter of the alerts at HIGH and above is CRITICAL; MEDIUM and above has three times as many events."""
_LEAST, _STEP = 1e-4, 1e-4


class Step(NamedTuple):
    """At ``threshold``: alerts a day, precision, recall."""

    alerts_per_day: float
    threshold: float
    precision: float
    recall: float


def alert_curve(at: NDArray[np.int64], fraud: NDArray[np.bool_], probability: NDArray[np.float64]) -> list[Step]:
    """The steps for those of ``BUDGETS`` that the events allow; ``at`` in seconds."""
    days = max(1.0, (int(at.max()) - int(at.min())) / DAY)
    order = np.argsort(-probability, kind="stable")
    found = np.cumsum(fraud[order])
    steps = []
    for budget in BUDGETS:
        alerts = round(budget * days)
        if alerts >= len(order):
            break
        right = int(found[alerts - 1])
        steps.append(
            Step(
                float(budget), round(float(probability[order[alerts - 1]]), 6),
                round(right / alerts, 4), round(right / max(1, int(fraud.sum())), 4),
            )
        )  # fmt: skip
    return steps


def levels_by_budget(steps: list[Step], alerts_per_day: float) -> Thresholds:
    """Thresholds with about ``alerts_per_day`` events at HIGH and above; ``InvalidInput`` beyond the curve."""
    if not steps:
        raise InvalidInput("there are too few judged events to propose levels by")

    def threshold(budget: float) -> float:
        budgets = np.log([step.alerts_per_day for step in steps])
        return float(np.interp(np.log(budget), budgets, [step.threshold for step in steps]))

    return _rising(*(threshold(times * alerts_per_day) for times in (MEDIUM_TIMES, 1.0, CRITICAL_SHARE)))


def levels_by_cost(review_cost: float, fraud_loss: float) -> Thresholds:
    """Thresholds for calibrated probabilities: HIGH is where the expected loss exceeds the cost of a review.

    Both in one currency, above 0; CRITICAL is where the loss exceeds four reviews, MEDIUM a third of one.
    """
    even = review_cost / fraud_loss
    if not 0 < even < 1:
        raise InvalidInput("a review must cost something, and less than a fraud loses")
    return _rising(even / MEDIUM_TIMES, even, min(0.999, even / CRITICAL_SHARE))


def _rising(low: float, medium: float, high: float) -> Thresholds:
    first = min(max(low, _LEAST), 1 - 3 * _STEP)
    second = min(max(medium, first + _STEP), 1 - 2 * _STEP)
    third = min(max(high, second + _STEP), 1 - _STEP)
    return Thresholds(low=round(first, 6), medium=round(second, 6), high=round(third, 6))
