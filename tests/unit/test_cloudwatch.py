"""What the engine tells CloudWatch is in its format, and of the minute alone."""

from __future__ import annotations

import json
import threading

import pytest

from risk.adapters import metrics
from streaming.engine import cloudwatch
from streaming.engine.metrics import LAG_SECONDS, STORE_FAILURES


def test_each_minute_has_its_own_counts_and_no_lag_without_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudwatch, "EVERY_SECONDS", 0.01)
    lines: list[str] = []
    done = threading.Event()
    STORE_FAILURES.inc(3)
    LAG_SECONDS.set(9)

    def write(line: str) -> None:
        lines.append(line)
        STORE_FAILURES.inc()
        if len(lines) == 2:
            done.set()

    cloudwatch.keep("prod", done, write).join(timeout=10)
    first, second = (json.loads(line) for line in lines[:2])
    assert (first["service"], first["stage"]) == ("engine", "prod")
    assert (first["StoreFailures"], second["StoreFailures"]) == (0.0, 1.0)
    assert "LagSeconds" not in first
    (directive,) = first["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [["service", "stage"]]
    assert {metric["Name"] for metric in directive["Metrics"]} == first.keys() - {"_aws", "service", "stage"}


def test_a_function_counts_for_its_stage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("STAGE", "prod")
    metrics.count("maintenance", "TasksFailed", task="alerts")
    line = json.loads(capsys.readouterr().out)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == cloudwatch.NAMESPACE == metrics.NAMESPACE
    assert sorted(directive["Dimensions"][0]) == ["service", "stage", "task"]
    assert (line["stage"], line["task"], line["TasksFailed"]) == ("prod", "alerts", [1.0])
