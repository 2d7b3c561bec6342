"""The engine's Prometheus metrics."""

from __future__ import annotations

import time

from prometheus_client import Counter, Gauge, Histogram

from risk.domain.assessment import LEVELS, RiskLevel
from risk.store.engine_state.batch_writer import Batch

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

SCORED = Counter("risk_events_scored", "Events scored and stored", ["level"])
IMPORTED = Counter("risk_events_imported", "Events of imported history that were stored")
LABELS = Counter("risk_labels_stored", "Labels stored")
DEAD_LETTERS = Counter("risk_dead_letters", "Records that could not be scored", ["reason"])
LAG_SECONDS = Gauge("risk_lag_seconds", "From entering the stream to being stored, of the newest event")
LATENCY_SECONDS = Histogram("risk_latency_seconds", "From entering the stream to being stored", buckets=_FAST)
STAGE_SECONDS = Histogram(
    "risk_stage_seconds",
    "A batch in one stage: admit, accounts, counterparties, judge, wait (for the outbox), store, publish, snapshot",
    ["stage"],
    buckets=_FAST,
)
STORE_FAILURES = Counter("risk_store_failures", "Transactions that were tried again")
PUBLISH_FAILURES = Counter("risk_publish_failures", "Updates that were given up")
LIVE_VIEW_FAILURES = Counter("risk_live_view_failures", "Batches that Valkey did not take")
MILLIS_BEHIND = Gauge("risk_stream_millis_behind", "How far the slowest shard is behind its newest record")
MODELS_REFUSED = Counter("risk_model_refused", "Models that were to score and could not be used")
RULES_SUSPENDED = Counter("risk_rules_suspended", "Rules that took longer than a rule may, and run no more")
DRIFT_PSI = Gauge("risk_drift_psi", "Population stability index of a day against the champion's training", ["feature"])
CAREFUL = Gauge("risk_engine_careful", "1 while records are taken one by one, after ends at the same position")
PROFILES = Gauge("risk_profiles", "Profiles in memory, by kind of key (defined: of all users' definitions)", ["kind"])
PROFILES_EVICTED = Counter("risk_profiles_evicted", "Profiles let go, which are stored, to be read again", ["kind"])
IN_FLIGHT = Gauge("risk_events_in_flight", "Events read and not yet stored")


def observe(batch: Batch) -> None:
    """Count a batch that is stored and shown."""
    now = time.time()
    for row in batch.assessments:
        if row["import_id"] is not None:
            IMPORTED.inc()
            continue
        SCORED.labels(LEVELS[row["level"]].value).inc()
        latency = max(0.0, now - row["received_at"].timestamp())
        LATENCY_SECONDS.observe(latency)
        LAG_SECONDS.set(latency)
    LABELS.inc(len(batch.labels))
    for letter in batch.dead_letters:
        DEAD_LETTERS.labels(letter["reason"]).inc()


def scored() -> int:
    """How many events this engine has scored."""
    return sum(int(_value(SCORED.labels(level.value))) for level in RiskLevel)


def unscored() -> int:
    """How many records became dead letters."""
    return sum(
        int(sample.value) for sample in next(iter(DEAD_LETTERS.collect())).samples if sample.name.endswith("_total")
    )


def behind_seconds() -> float:
    """The engine's lag behind the stream, in reading and in storing."""
    return max(_value(MILLIS_BEHIND) / 1000, lag_seconds() if _value(IN_FLIGHT) else 0.0)


def lag_seconds() -> float:
    """Seconds from entering the stream to being stored, for the newest event."""
    return _value(LAG_SECONDS)


def _value(metric: Counter | Gauge) -> float:
    return next(iter(metric.collect())).samples[0].value
