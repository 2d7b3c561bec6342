"""The system's own metrics, as log lines in CloudWatch's embedded metric format."""

from __future__ import annotations

import os

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

NAMESPACE = "RiskManagement"


def count(service: str, name: str, value: float = 1, **dimensions: str) -> None:
    """Write the metric ``name`` of a service, with the dimensions ``service``, ``stage`` and those given.

    Each metric costs money every month, so every one has an alarm or a graph (``infra/stacks``).
    """
    metrics = EphemeralMetrics(namespace=NAMESPACE, service=service)
    for dimension, given in {"stage": os.environ.get("STAGE", "local"), **dimensions}.items():
        metrics.add_dimension(dimension, given)
    metrics.add_metric(name, MetricUnit.Count, value)
    metrics.flush_metrics()
