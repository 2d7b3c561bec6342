"""What the engine says of itself once a second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from risk.adapters.stream_contracts import EngineStats
from risk.domain.assessment import RiskLevel
from streaming.engine import metrics
from streaming.engine.status_report import Reporter


def test_the_counts_are_those_that_are_stored_of_the_minute_whatever_was_scored_since_the_last_report() -> None:
    scored = dead = 0
    asked: list[datetime] = []
    told: list[EngineStats] = []

    def counts(minute: datetime) -> Mapping[RiskLevel, int]:
        asked.append(minute)
        return {RiskLevel.LOW: 41, RiskLevel.HIGH: 1}

    reporter = Reporter(lambda: scored, lambda: dead, counts, lambda: 0.25, lambda stats: told.append(_read(stats)))
    scored = 7
    reporter.tick()
    [stats] = told
    assert stats.by_level == {RiskLevel.LOW: 41, RiskLevel.MEDIUM: 0, RiskLevel.HIGH: 1, RiskLevel.CRITICAL: 0}
    assert stats.lag_ms == 250
    assert stats.events_per_second > 0
    assert stats.minute == asked[0] == stats.at.replace(second=0, microsecond=0)
    assert stats.at.tzinfo == UTC


def test_the_first_quiet_second_is_told_and_no_other() -> None:
    told: list[EngineStats] = []
    scored = dead = 0
    reporter = Reporter(
        lambda: scored, lambda: dead, lambda _: {}, lambda: 0.25, lambda stats: told.append(_read(stats))
    )
    for _ in range(3):
        reporter.tick()
    assert [(stats.events_per_second, stats.lag_ms) for stats in told] == [(0, 0)]
    scored = 1
    reporter.tick()
    reporter.tick()
    reporter.tick()
    assert len(told) == 3
    dead = 2
    reporter.tick()
    assert told[-1].dead_letters == 2
    reporter.tick()
    assert len(told) == 4


def _read(stats: bytes) -> EngineStats:
    return EngineStats.model_validate_json(stats)


def test_how_far_the_engine_is_behind_is_of_what_it_has_to_read_or_to_store() -> None:
    metrics.MILLIS_BEHIND.set_function(lambda: 90_000)
    metrics.IN_FLIGHT.set_function(lambda: 0)
    metrics.LAG_SECONDS.set(240)
    assert metrics.behind_seconds() == 90
    metrics.IN_FLIGHT.set_function(lambda: 1)
    assert metrics.behind_seconds() == 240
    for gauge in (metrics.MILLIS_BEHIND, metrics.IN_FLIGHT):
        gauge.set_function(lambda: 0)
    metrics.LAG_SECONDS.set(0)
    assert metrics.behind_seconds() == 0
