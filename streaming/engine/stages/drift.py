"""Counts live events into histograms and raises an alarm when they drift from training data."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Engine

from risk.adapters.stream_contracts import DriftAlarm
from risk.monitoring.psi import SCORE, Band, measure
from risk.scoring.lightgbm_model import Model, to_matrix
from risk.scoring.scorer import Scorer, Vector
from risk.store.engine_state import drift as store
from risk.store.engine_state.drift import DriftCount
from streaming.engine import metrics
from streaming.engine.periodic import every
from streaming.engine.retry import DATABASE_ERRORS
from streaming.engine.stages.histograms import Bins

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
SPAN = timedelta(hours=24)
ENOUGH = 1_000
"""The minimum number of events, below which chance can look like drift."""


class DriftCounts:
    """Counts scorers' inputs by hour. Thread-safe; ``take`` removes the counts to store."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._bins: dict[str, tuple[list[str], Bins] | None] = {}
        self._tallies: dict[tuple[str, datetime], NDArray[np.int64]] = {}
        self._received: list[DriftCount] = []

    def receive(self, counts: Sequence[DriftCount]) -> None:
        """Add the counts of another process."""
        with self._lock:
            self._received += counts

    def add(self, scorer: Scorer, vectors: Sequence[Vector], probabilities: Sequence[float]) -> None:
        """Count a batch scored by ``scorer``, if it has a reference (the scorecard has none)."""
        bins = self._bins_of(scorer)
        if bins is None or not vectors:
            return
        names, counted = bins
        columns = np.empty((len(names), len(vectors)), np.float32)
        places = scorer.columns_of(names[:-1]) if isinstance(scorer, Model) else []
        columns[:-1] = to_matrix(vectors).T[places]
        columns[:-1][[place < 0 for place in places]] = np.nan
        columns[-1] = probabilities
        tally = counted.tally(columns)
        key = scorer.version, self._clock().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            present = self._tallies.get(key)
            self._tallies[key] = tally if present is None else present + tally

    def take(self) -> list[DriftCount]:
        """The counts since the last call."""
        with self._lock:
            tallies, self._tallies = self._tallies, {}
            found, self._received = self._received, []
        for (version, hour), tally in tallies.items():
            known = self._bins[version]
            if known is not None:
                names, bins = known
                counted = zip(names, bins.counts(tally), strict=True)
                found += [DriftCount(version, hour, name, counts) for name, counts in counted]
        return found

    def _bins_of(self, scorer: Scorer) -> tuple[list[str], Bins] | None:
        if scorer.version not in self._bins:
            bins = None
            if isinstance(scorer, Model) and (reference := scorer.reference) is not None:
                names = [name for name in reference.features if name in scorer.manifest["features"]]
                histograms = [*(reference.features[name] for name in names), reference.score]
                bins = [*names, SCORE], Bins([one.edges for one in histograms])
            self._bins[scorer.version] = bins
        return self._bins[scorer.version]


class DriftWatch:
    """Once a minute: the drift of the champion's last 24 hours, for Prometheus; ``tell`` hears of what has shifted."""

    def __init__(self, engine: Engine, champion: Callable[[], Scorer], tell: Callable[[DriftAlarm], None]) -> None:
        self._engine = engine
        self._champion = champion
        self._tell = tell
        self._told: dict[tuple[str, str], datetime] = {}

    def keep(self, done: threading.Event) -> threading.Thread:
        """Look until ``done``, on a thread of its own."""
        return every(LOOK_SECONDS, "drift", self._look_now, done)

    def _look_now(self) -> None:
        try:
            self.look(datetime.now(UTC))
        except DATABASE_ERRORS as error:
            logger.warning("the drift of the last day cannot be read: %s", error)

    def look(self, now: datetime) -> None:
        """Measure, and report features that passed the bound for the first time in a day."""
        champion = self._champion()
        metrics.DRIFT_PSI.clear()
        if not isinstance(champion, Model) or champion.reference is None:
            return
        with self._engine.connect() as connection:
            counts = store.totals(connection, champion.version, now - SPAN)
        events = sum(counts.get(SCORE, ()))
        for found in measure(champion.reference, counts):
            metrics.DRIFT_PSI.labels(found.feature).set(found.psi)
            if found.band is Band.SHIFTED and events >= ENOUGH and self._is_news(champion.version, found.feature, now):
                logger.warning(
                    "%s has shifted: its distribution over a day is %.2f (PSI) from that in the training of %s",
                    found.feature,
                    found.psi,
                    champion.version,
                )
                self._tell(
                    DriftAlarm(scorer=champion.version, feature=found.feature, psi=found.psi, events=events, at=now)
                )

    def _is_news(self, scorer: str, feature: str, now: datetime) -> bool:
        last = self._told.get((scorer, feature))
        if last is not None and now - last < SPAN:
            return False
        self._told[scorer, feature] = now
        return True
