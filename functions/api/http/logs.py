"""The logger of this function."""

from __future__ import annotations

from aws_lambda_powertools import Logger

SERVICE = "api"

logger = Logger(service=SERVICE)
