"""The engine's metrics for CloudWatch: once a minute a line of the log, in the embedded metric format.

Where Prometheus cannot reach the engine (a task in a private network), CloudWatch reads them from its log.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping

from prometheus_client import REGISTRY

from streaming.engine.periodic import every

NAMESPACE = "RiskManagement"
EVERY_SECONDS = 60.0
_TOTALS = {
    "EventsScored": "risk_events_scored_total",
    "StoreFailures": "risk_store_failures_total",
    "UpdatesLost": "risk_publish_failures_total",
    "ModelsRefused": "risk_model_refused_total",
    "RulesSuspended": "risk_rules_suspended_total",
}
NOW = {"LagSeconds": "risk_lag_seconds", "EventsInFlight": "risk_events_in_flight"}


def totals() -> dict[str, float]:
    """Each counter since the start, over all of its labels."""
    found = dict.fromkeys(_TOTALS.values(), 0.0)
    for family in REGISTRY.collect():
        for sample in family.samples:
            if sample.name in found:
                found[sample.name] += sample.value
    return {name: found[source] for name, source in _TOTALS.items()}


def line(stage: str, values: Mapping[str, float], at: float) -> str:
    """One line of the log that CloudWatch reads as metrics of the service ``engine``; ``at`` in seconds."""
    units = {name: "Seconds" if name.endswith("Seconds") else "Count" for name in values}
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [["service", "stage"]],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit in units.items()],
    }
    head = {"Timestamp": int(at * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": head, "service": "engine", "stage": stage, **values})


def keep(stage: str, done: threading.Event, write: Callable[[str], object] = print) -> threading.Thread:
    """Write a line with each minute's counts until ``done``; returns the thread."""

    before = totals()

    def report() -> None:
        nonlocal before
        now = totals()
        counted = {name: now[name] - before[name] for name in now}
        values = {name: REGISTRY.get_sample_value(source) or 0.0 for name, source in NOW.items()}
        if not counted["EventsScored"]:
            del values["LagSeconds"]  # of an event long ago
        write(line(stage, {**counted, **values}, time.time()))
        before = now

    return every(EVERY_SECONDS, "cloudwatch", report, done)
