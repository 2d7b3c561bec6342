"""Quality of a list of scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from risk.domain.errors import InvalidInput
from risk.features.sliding_windows import DAY
from streaming.bench.judge.cases import Cases

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALERTS_A_DAY = 100


@dataclass(frozen=True)
class Ranking:
    """Ranking quality: AUC, AP, and precision and recall at 100 alerts a day."""

    auc: float
    ap: float
    precision: float
    recall: float


@dataclass(frozen=True)
class Flagged:
    """Quality at a threshold: recall overall and by kind, false positive rate overall and of look-alikes."""

    recall: float
    false_positives: float
    precision: float
    by_kind: dict[str, float]
    by_lookalike: dict[str, float]


def tested(cases: Cases, until: int) -> NDArray[np.bool_]:
    """The cases to judge: those from ``until`` on. ``InvalidInput`` unless both classes occur."""
    test = cases.at >= until
    fraud = cases.fraud[test]
    if not fraud.any() or fraud.all():
        raise InvalidInput("the days after those to learn from have nothing to judge", field="train_days")
    return np.asarray(test)


def ranking(cases: Cases, test: NDArray[np.bool_], scores: NDArray[np.float64]) -> Ranking:
    """How well ``scores`` rank the cases of ``test``."""
    from sklearn.metrics import average_precision_score, roc_auc_score  # type: ignore[import-untyped]  # no types

    fraud, chosen, days = cases.fraud[test], scores[test], cases.at[test] // DAY
    found, alerts = 0, 0
    for day in np.unique(days):
        today = np.flatnonzero(days == day)
        first = today[np.argsort(-chosen[today], kind="stable")[:ALERTS_A_DAY]]
        found += int(fraud[first].sum())
        alerts += len(first)
    return Ranking(
        float(roc_auc_score(fraud, chosen)),
        float(average_precision_score(fraud, chosen)),
        found / alerts,
        found / int(fraud.sum()),
    )


def flagged(cases: Cases, test: NDArray[np.bool_], raised: NDArray[np.bool_]) -> Flagged:
    """The quality of the flags ``raised`` (one per case) within ``test``."""
    fraud, kinds, up = cases.fraud[test], cases.kinds[test], raised[test]

    def shares(chosen: NDArray[np.bool_]) -> dict[str, float]:
        names = sorted({str(kind) for kind in kinds[chosen] if kind})
        return {name: float(up[chosen & (kinds == name)].mean()) for name in names}

    return Flagged(
        float(up[fraud].mean()),
        float(up[~fraud].mean()),
        float(fraud[up].mean()) if up.any() else 0.0,
        shares(fraud),
        shares(~fraud),
    )
