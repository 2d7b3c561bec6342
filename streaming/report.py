"""Once a second: how the engine does, for dashboards and for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from risk.assessment import RiskLevel
from risk.updates import EngineStats


class Reporter:
    """Makes ``EngineStats`` of running totals, and gives them to ``publish`` while there is news."""

    def __init__(
        self, totals: Callable[[], dict[RiskLevel, int]], lag: Callable[[], float], publish: Callable[[bytes], None]
    ) -> None:
        self._totals = totals
        self._lag = lag
        self._publish = publish
        self._at = time.monotonic()
        self._last = totals()
        self._minute = _this_minute()
        self._minute_start = self._last
        self._quiet = False

    def tick(self) -> None:
        """Report the time since the last tick; the first quiet one is told, later ones are not."""
        now, totals = time.monotonic(), self._totals()
        scored = sum(totals.values()) - sum(self._last.values())
        minute = _this_minute()
        if minute != self._minute:
            self._minute, self._minute_start = minute, self._last
        if scored or not self._quiet:
            stats = EngineStats(
                at=datetime.now(UTC),
                events_per_second=round(scored / (now - self._at), 1),
                lag_ms=round(self._lag() * 1000, 1) if scored else 0.0,
                minute=minute,
                by_level={level: totals[level] - self._minute_start[level] for level in RiskLevel},
            )
            self._publish(stats.model_dump_json().encode())
        self._at, self._last, self._quiet = now, totals, not scored


def _this_minute() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)
