"""Reports throughput and lag once a second, to dashboards and to Prometheus."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from risk.adapters.stream_contracts import EngineStats
from risk.domain.assessment import RiskLevel
from streaming.engine.periodic import every


class Reporter:
    """Makes ``EngineStats`` of running totals, and gives them to ``publish`` while there is news."""

    def __init__(
        self,
        total: Callable[[], int],
        counts: Callable[[datetime], Mapping[RiskLevel, int]],
        lag: Callable[[], float],
        publish: Callable[[bytes], None],
    ) -> None:
        """``total`` is of all events since the engine began, ``counts`` what is stored of a minute."""
        self._total = total
        self._counts = counts
        self._lag = lag
        self._publish = publish
        self._at = time.monotonic()
        self._last = total()
        self._quiet = False

    def keep(self, done: threading.Event) -> threading.Thread:
        """Report once a second until ``done``, on a thread of its own: a slow stream holds up nothing else."""
        return every(1.0, "status-report", self.tick, done)

    def tick(self) -> None:
        """Report the time since the last tick; the first quiet one is told, later ones are not."""
        now, total = time.monotonic(), self._total()
        scored = total - self._last
        if scored or not self._quiet:
            at = datetime.now(UTC)
            minute = at.replace(second=0, microsecond=0)
            by_level = self._counts(minute)
            stats = EngineStats(
                at=at,
                events_per_second=round(scored / (now - self._at), 1),
                lag_ms=round(self._lag() * 1000, 1) if scored else 0.0,
                minute=minute,
                by_level={level: by_level.get(level, 0) for level in RiskLevel},
            )
            self._publish(stats.model_dump_json().encode())
        self._at, self._last, self._quiet = now, total, not scored
