"""Drift between live and training data, by the population stability index (PSI).

``PSI = Σ (live share − reference share) · ln(live share / reference share)`` over the bins of a histogram. The bands
are those of credit scoring: below 0.1 nothing to speak of, from 0.25 on another population (N. Siddiqi, *Credit Risk
Scorecards*, Wiley 2006, on scorecard monitoring).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

WATCH, SHIFTED = 0.1, 0.25
EPSILON = 1e-4
"""The least share of a bin: an empty one would make the index infinite."""
SCORE = "score"
"""What the histogram of the model's own probability is called among those of the features."""


class Band(StrEnum):
    """What an index means."""

    STABLE = "stable"
    WATCH = "watch"
    SHIFTED = "shifted"


class Histogram(BaseModel):
    """Shares of the values in (−∞, e₀], (e₀, e₁], …, (eₙ, ∞) and, last, of those not known; ``edges`` rise strictly."""

    model_config = ConfigDict(frozen=True)

    edges: list[float]
    shares: list[Annotated[float, Field(ge=0.0, le=1.0)]]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(self.shares) != len(self.edges) + 2:
            raise ValueError(f"{len(self.edges)} edges make {len(self.edges) + 2} shares, not {len(self.shares)}")
        if any(low >= high for low, high in zip(self.edges, self.edges[1:], strict=False)):
            raise ValueError("the edges of a histogram rise strictly")
        return self


class Reference(BaseModel):
    """How the features, and the model's probability, were distributed in training."""

    model_config = ConfigDict(frozen=True)

    features: dict[str, Histogram]
    score: Histogram

    def histogram(self, name: str) -> Histogram | None:
        """The one of a feature, or of ``SCORE``."""
        return self.score if name == SCORE else self.features.get(name)

    def names(self) -> list[str]:
        """The features in their order, and ``SCORE`` last."""
        return [*self.features, SCORE]


class FeatureDrift(BaseModel):
    """How far one feature, or ``SCORE``, is from what it was in training."""

    feature: str
    psi: float
    band: Band


def psi(reference: Histogram, counts: Sequence[int]) -> float:
    """The index of these counts, a number for each share of ``reference``; 0 while nothing is counted."""
    total = sum(counts)
    if not total:
        return 0.0
    index = 0.0
    for expected, count in zip(reference.shares, counts, strict=True):
        before, now = max(expected, EPSILON), max(count / total, EPSILON)
        index += (now - before) * math.log(now / before)
    return index


def measure(reference: Reference, counts: Mapping[str, Sequence[int]]) -> list[FeatureDrift]:
    """The drift of everything that is counted, in the reference's order; counts by other bins are left out."""
    found = []
    for name in reference.names():
        histogram, counted = reference.histogram(name), counts.get(name, ())
        if histogram is not None and len(counted) == len(histogram.shares):
            index = psi(histogram, counted)
            found.append(FeatureDrift(feature=name, psi=round(index, 4), band=band(index)))
    return found


def band(index: float) -> Band:
    """The band of an index."""
    if index < WATCH:
        return Band.STABLE
    return Band.WATCH if index < SHIFTED else Band.SHIFTED
