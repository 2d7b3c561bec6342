"""The engine's status in one line, from its metrics."""

from __future__ import annotations

import time
from collections import Counter

import httpx
from prometheus_client.parser import text_string_to_metric_families

_LEVELS = ("LOW", "MEDIUM", "HIGH", "CRITICAL")


class Glance:
    """Reads the metrics of the engine whose health is at ``health_url``, at most once a second."""

    def __init__(self, health_url: str) -> None:
        self._url = health_url.replace("/healthz", "/metrics")
        self._client = httpx.Client(timeout=1.0)
        self._at = 0.0
        self._total = 0
        self._line = "engine: waiting for its metrics"

    def line(self) -> str:
        """Events per second, scored events by level, and the lag, as of the last second."""
        now = time.monotonic()
        if now - self._at >= 1.0:
            try:
                text = self._client.get(self._url).raise_for_status().text
            except httpx.HTTPError:
                self._line = "engine: does not answer"
            else:
                self._line = self._describe(text, now)
        return self._line

    def _describe(self, text: str, now: float) -> str:
        levels: Counter[str] = Counter()
        lag = 0.0
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "risk_events_scored_total":
                    levels[sample.labels["level"]] += int(sample.value)
                elif sample.name == "risk_lag_seconds":
                    lag = sample.value
        total = levels.total()
        rate = f"{max(0, total - self._total) / (now - self._at):,.1f} events/s   " if self._at else ""
        self._at, self._total = now, total
        by_level = "  ".join(f"{level} {levels[level]:,}" for level in _LEVELS)
        return f"{rate}{by_level}   lag {lag * 1000:,.0f} ms"
