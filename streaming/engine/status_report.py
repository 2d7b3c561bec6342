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
    """Makes ``EngineStats`` from running totals and publishes them while they change."""

    def __init__(
        self,
        total: Callable[[], int],
        unscored: Callable[[], int],
        counts: Callable[[datetime], Mapping[RiskLevel, int]],
        lag: Callable[[], float],
        publish: Callable[[bytes], None],
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """``total`` events and ``unscored`` records are since the engine began, ``counts`` what is stored of a minute.

        ``beat`` is called every time, news or not.
        """
        self._total = total
        self._unscored = unscored
        self._counts = counts
        self._lag = lag
        self._publish = publish
        self._beat = beat
        self._at = time.monotonic()
        self._last, self._last_unscored = total(), unscored()
        self._quiet = False

    def keep(self, done: threading.Event) -> threading.Thread:
        """Report once a second until ``done``, on its own thread, so that a slow stream delays nothing else."""
        return every(1.0, "status-report", self.tick, done)

    def tick(self) -> None:
        """Report the time since the last tick; of quiet ones only the first."""
        self._beat()
        now, total, unscored = time.monotonic(), self._total(), self._unscored()
        scored, dead = total - self._last, unscored - self._last_unscored
        if scored or dead or not self._quiet:
            at = datetime.now(UTC)
            minute = at.replace(second=0, microsecond=0)
            by_level = self._counts(minute)
            stats = EngineStats(
                at=at,
                events_per_second=round(scored / (now - self._at), 1),
                lag_ms=round(self._lag() * 1000, 1) if scored else 0.0,
                minute=minute,
                by_level={level: by_level.get(level, 0) for level in RiskLevel},
                dead_letters=dead,
            )
            self._publish(stats.model_dump_json().encode())
        self._at, self._last, self._last_unscored, self._quiet = now, total, unscored, not scored
