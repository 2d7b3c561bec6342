"""The logger and the metrics of this function."""

from __future__ import annotations

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics

SERVICE = "api"

logger = Logger(service=SERVICE)


def request_metrics() -> EphemeralMetrics:
    """Metrics of one request: requests that overlap in one process do not write into each other's."""
    return EphemeralMetrics(namespace="RiskManagement", service=SERVICE)
