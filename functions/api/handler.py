"""The ``api`` Lambda: API Gateway's HTTP API events to the application."""

# ruff: noqa: E402
from __future__ import annotations

import gc

# Imports create no garbage, and collecting would take a sixth of the cold start.
gc.disable()

import logging
import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum import Mangum
from mangum.adapter import DEFAULT_TEXT_MIME_TYPES

from functions.api.http.conventions.problems import MEDIA_TYPE
from functions.api.http.lazy_app import OnDemand
from functions.api.http.logs import logger
from functions.api.http.services import Services
from risk.config.settings import ApiSettings

# It would log each path with its ids, beside the access log line.
logging.getLogger("mangum").setLevel(logging.WARNING)
_services = Services(ApiSettings())
_app = OnDemand(_services)
if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") in {"snap-start", "provisioned-concurrency"}:
    _app.load()  # happens before the first request
_adapter = Mangum(_app, lifespan="off", text_mime_types=[*DEFAULT_TEXT_MIME_TYPES, MEDIA_TYPE, "application/jsonl"])
gc.freeze()
gc.enable()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle one request, or the scheduled task ``{"task": "embed"}``."""
    if event.get("task") == "embed":
        from functions.api.explanations.language_model import indexing

        return indexing.run(_services, datetime.now(UTC))
    return _adapter(event, context)  # type: ignore[arg-type]  # Mangum types a narrower context
