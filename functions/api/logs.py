"""The logger and the metrics of this function."""

from __future__ import annotations

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

SERVICE = "api"

logger = Logger(service=SERVICE)
metrics = Metrics(namespace="RiskManagement", service=SERVICE)
