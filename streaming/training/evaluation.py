"""Ranking metrics of fraud scores, by the protocol of the Fraud Detection Handbook.

Le Borgne, Siblini, Lebichot, Bontempi: "Reproducible Machine Learning for Credit Card Fraud Detection —
Practical Handbook" (2022), chapter 4 (metrics: AUC ROC, average precision, card precision top-k) and chapter 5
(prequential validation). The test week of a fold starts on day T; labels are known with a delay of seven
days, so the last training day is T - 8; cards known to be compromised are not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from risk.features.sliding_windows import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from streaming.training.event_history import Transactions

DELAY_DAYS = 7
TEST_DAYS = 7
PUBLISHED_TRAIN_DAYS = 7
TOP_CARDS = 100


class Quality(NamedTuple):
    """Area under the ROC curve, average precision, and card precision at 100 a day: all in 0 to 1."""

    auc: float
    ap: float
    cp100: float


@dataclass(frozen=True)
class Fold:
    """A test week, from day ``start`` (days since 1970), and the ``train_days`` that come before it and the delay."""

    start: int
    train_days: int

    def train(self, transactions: Transactions) -> NDArray[np.bool_]:
        """Which transactions to learn from: all their labels are known when the test week starts."""
        days = transactions.at // DAY
        end = self.start - DELAY_DAYS
        return (days >= end - self.train_days) & (days < end)

    def test(self, transactions: Transactions) -> NDArray[np.bool_]:
        """Which transactions to score: the whole week."""
        days = transactions.at // DAY
        return (days >= self.start) & (days < self.start + TEST_DAYS)

    def judged(self, transactions: Transactions) -> NDArray[np.bool_]:
        """Which of the week's transactions are judged: those of cards not known to be compromised by their day.

        Known are the frauds of the seven days before the delay, and each day those of the day whose
        labels arrive.
        """
        days, cards, fraud = transactions.at // DAY, transactions.accounts, transactions.fraud
        end = self.start - DELAY_DAYS
        known = cards[fraud & (days >= end - PUBLISHED_TRAIN_DAYS) & (days < end)]
        judged = np.zeros(len(days), bool)
        for day in range(self.start, self.start + TEST_DAYS):
            known = np.union1d(known, cards[fraud & (days == day - DELAY_DAYS - 1)])
            today = np.flatnonzero(days == day)
            judged[today[~np.isin(cards[today], known)]] = True
        return judged


def quality(transactions: Transactions, judged: NDArray[np.bool_], scores: NDArray[np.float64]) -> Quality:
    """How well ``scores`` (one for each transaction) rank the ``judged`` ones.

    Raises ValueError when these are not both of fraud and of none.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score  # type: ignore[import-untyped]  # no types

    fraud, chosen = transactions.fraud[judged], scores[judged]
    if fraud.all() or not fraud.any():
        raise ValueError("only one kind of transaction is judged")
    return Quality(
        float(roc_auc_score(fraud, chosen)),
        float(average_precision_score(fraud, chosen)),
        card_precision(transactions.at[judged] // DAY, transactions.accounts[judged], fraud, chosen),
    )


def card_precision(
    days: NDArray[np.int64],
    cards: NDArray[np.int64],
    fraud: NDArray[np.bool_],
    scores: NDArray[np.float64],
    top: int = TOP_CARDS,
) -> float:
    """Mean over the days of the share of the ``top`` riskiest cards that are compromised.

    A card is as risky as its riskiest transaction of the day; a compromised one that was found is out of
    the ranking from the next day on.
    """
    found = np.array([], cards.dtype)
    shares = []
    for day in np.unique(days):
        today = np.flatnonzero((days == day) & ~np.isin(cards, found))
        names, place = np.unique(cards[today], return_inverse=True)
        risk = np.full(len(names), -np.inf)
        np.maximum.at(risk, place, scores[today])
        compromised = np.zeros(len(names), bool)
        np.logical_or.at(compromised, place, fraud[today])
        best = np.argsort(-risk, kind="stable")[:top]
        caught = names[best[compromised[best]]]
        shares.append(len(caught) / top)
        found = np.union1d(found, caught)
    return float(np.mean(shares))
