"""The detection bench: per test week, a model trained on what was known by then, beside a plain baseline.

The vectors are those of the stream: the same profiles, fed with each transaction at its time and with its
label seven days later. Settings and features were chosen on weeks before 2018-07-25.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from risk.domain.errors import InvalidInput
from risk.features.sliding_windows import DAY
from streaming.training.evaluation import DELAY_DAYS, Fold, Quality, quality
from streaming.training.event_history import Transactions
from streaming.training.lightgbm_fit import Settings, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCH = date(1970, 1, 1)
MIN_FRAUDS = 20
"""Minimum number of training frauds of a fold."""
SHORT = Settings(rounds=200, learning_rate=0.03, min_leaf=10, l2=3.0)
LONG = Settings(rounds=400, learning_rate=0.05, min_leaf=30, l2=3.0)
LONG_FROM_DAYS = 21
SHORT_MODELS, LONG_MODELS = 3, 1
"""Models averaged over seeds, which is steadier than one model, above all on little data."""


class Scored(NamedTuple):
    """A test week: transaction ids with their scores, and the quality of these and of the baseline's."""

    start: date
    ids: NDArray[Any]
    scores: NDArray[np.float64]
    judged: int
    model: Quality
    baseline: Quality


def check_folds(transactions: Transactions, starts: Sequence[date], train_days: int) -> list[Fold]:
    """The folds of the weeks from ``starts``; ``InvalidInput`` when the file lacks data for one of them."""
    if not len(transactions):
        raise InvalidInput("the file has no transactions", field="data")
    days = transactions.at // DAY
    first, last = (EPOCH + timedelta(days=int(day)) for day in (days[0], days[-1]))
    folds = []
    for start in starts:
        fold = Fold((start - EPOCH).days, train_days)
        judged = transactions.fraud[fold.judged(transactions)]
        if not judged.any() or judged.all():
            raise InvalidInput(
                f"the week from {start} has nothing to judge: the file holds {first} to {last}", field="folds"
            )
        frauds = int(transactions.fraud[fold.train(transactions)].sum())
        if frauds < MIN_FRAUDS:
            raise InvalidInput(
                f"only {frauds} frauds were known when the week from {start} began, of the {train_days} days up to "
                f"{DELAY_DAYS} days before it; at least {MIN_FRAUDS} are needed. The file begins on {first}",
                field="folds",
            )
        folds.append(fold)
    return folds


def wanted(transactions: Transactions, folds: Sequence[Fold]) -> NDArray[np.bool_]:
    """Which transactions' vectors the folds need."""
    chosen = np.zeros(len(transactions), bool)
    for fold in folds:
        chosen |= fold.train(transactions) | fold.test(transactions)
    return chosen


def run_fold(
    transactions: Transactions,
    fold: Fold,
    vectors: NDArray[np.float32],
    rows: NDArray[np.int64],
    advance: Callable[[int], None] = lambda _: None,
) -> Scored:
    """Train on the fold's training days and score its week; ``rows`` maps transactions to rows of ``vectors``."""
    train, test = np.flatnonzero(fold.train(transactions)), np.flatnonzero(fold.test(transactions))
    known, fraud, week = vectors[rows[train]], transactions.fraud[train], vectors[rows[test]]
    settings, models = _recipe(fold)
    scores = np.zeros(len(test))
    for seed in range(models):
        booster = fit(known, fraud, replace(settings, seed=seed), advance=advance)
        scores += np.asarray(booster.predict(week, raw_score=True)) / models
    plain = _logistic(known, fraud, week)
    judged = fold.judged(transactions)

    def graded(chosen: NDArray[np.float64]) -> Quality:
        everywhere = np.full(len(transactions), -np.inf)
        everywhere[test] = chosen
        return quality(transactions, judged, everywhere)

    start = EPOCH + timedelta(days=fold.start)
    return Scored(start, transactions.ids[test], scores, int(judged.sum()), graded(scores), graded(plain))


def fitting_steps(folds: Sequence[Fold]) -> int:
    """Total progress steps of ``run_fold`` over all ``folds``."""
    return sum(settings.rounds * models for settings, models in map(_recipe, folds))


def _recipe(fold: Fold) -> tuple[Settings, int]:
    return (LONG, LONG_MODELS) if fold.train_days >= LONG_FROM_DAYS else (SHORT, SHORT_MODELS)


def _logistic(known: NDArray[np.float32], fraud: NDArray[np.bool_], week: NDArray[np.float32]) -> NDArray[np.float64]:
    """Scores of a logistic regression on the same vectors, with missing values imputed and flagged."""
    from sklearn.impute import SimpleImputer  # type: ignore[import-untyped]  # no types
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # no types
    from sklearn.pipeline import make_pipeline  # type: ignore[import-untyped]  # no types
    from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]  # no types

    told = ~np.isnan(known).all(axis=0)
    model = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True), StandardScaler(), LogisticRegression(max_iter=1_000)
    )
    model.fit(known[:, told], fraud)
    scores: NDArray[np.float64] = model.decision_function(week[:, told])
    return scores


def mean(qualities: Sequence[Quality]) -> Quality:
    """The mean of each figure over the folds."""
    return Quality(*(float(np.mean(figures)) for figures in zip(*qualities, strict=True)))
