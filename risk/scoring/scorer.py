"""The interface that the scorecard and every model implement.

A scorer says how likely an event is risky, in log-odds, and what raised that. Rules and lists act on top of
it; see ``risk.scoring.combine``. Scorers are named by version, keep no state and can be changed between two batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from risk.domain.assessment import Reason

if TYPE_CHECKING:
    from risk.features.profiles.observation import Observation

Vector = Sequence[float]
"""Values in the order of ``risk.features.catalog.FEATURES``; NaN where not known."""


SCORECARD_VERSION = "scorecard-1"
"""The version of ``risk.scoring.scorecard``, for those who need only its name."""


class Score(NamedTuple):
    """Log-odds of being risky, and what raised them: reasons most telling first, contributions in log-odds."""

    logit: float
    reasons: Sequence[Reason]


class Scorer(Protocol):
    """A scorecard or a model."""

    @property
    def version(self) -> str:
        """Its name, stored with each assessment: ``scorecard-1``, ``model-9478a56e6939``."""

    def score(self, events: Sequence[Observation], vectors: Sequence[Vector]) -> list[Score]:
        """Score a batch: one ``Score`` for each event and its vector."""

    def probabilities(self, events: Sequence[Observation], vectors: Sequence[Vector]) -> list[float]:
        """The probabilities alone, for a challenger whose reasons nobody reads."""
