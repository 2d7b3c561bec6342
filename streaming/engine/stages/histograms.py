"""Histograms of feature vectors, for the reference of a model and for live events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from risk.monitoring.psi import Histogram

if TYPE_CHECKING:
    from numpy.typing import NDArray

TENTHS = np.arange(0.1, 1.0, 0.1)


class Bins:
    """The edges of several columns, so that all of a batch is sorted at once (a fifth of a µs a vector).

    Tallies of batches are added up before they are told apart by bin: (columns, values, missing, above each edge).
    """

    def __init__(self, edges: Sequence[Sequence[float]]) -> None:
        self._sizes = [len(one) for one in edges]
        widest = max(self._sizes, default=0)
        self._edges = np.full((len(edges), widest, 1), math.inf, np.float32)
        for place, one in enumerate(edges):
            self._edges[place, : len(one), 0] = one

    def tally(self, columns: NDArray[np.float32]) -> NDArray[np.int64]:
        """The tally of ``columns`` (columns, values)."""
        found = np.empty((len(self._sizes), self._edges.shape[1] + 2), np.int64)
        found[:, 0] = columns.shape[1]
        found[:, 1] = np.count_nonzero(np.isnan(columns), axis=1)
        found[:, 2:] = np.count_nonzero(columns[:, None, :] > self._edges, axis=2)
        return found

    def counts(self, tally: NDArray[np.int64]) -> list[list[int]]:
        """How many values of each column are in each of its bins, those that are NaN last."""
        return [
            [before - after for before, after in pairwise([values - missing, *above[:size], 0])] + [missing]
            for (values, missing, *above), size in zip(tally.tolist(), self._sizes, strict=True)
        ]


def tenths(columns: NDArray[np.float32]) -> list[Histogram]:
    """The histogram of each of the ``columns`` (columns, values), in bins that hold a tenth each where they can."""
    edges = [_edges(column[~np.isnan(column)]) for column in columns]
    bins = Bins(edges)
    counts = bins.counts(bins.tally(columns))
    total = max(1, columns.shape[1])
    return [
        Histogram(edges=mine, shares=[round(count / total, 6) for count in counted])
        for mine, counted in zip(edges, counts, strict=True)
    ]


def _edges(known: NDArray[np.float32]) -> list[float]:
    if not len(known):
        return []
    # Occurring values as edges, so that features with few values keep them apart.
    found: list[float] = np.unique(np.quantile(known, TENTHS, method="inverted_cdf")).tolist()
    return found
