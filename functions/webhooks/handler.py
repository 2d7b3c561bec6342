"""The ``webhooks`` Lambda: sends due deliveries, woken by ``risk-updates`` and every minute.

The wake-up carries no data: messages are in the database. So nothing is retried here; the next run continues.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from sqlalchemy import Engine

from functions.webhooks.worker import Worker
from risk.adapters import metrics
from risk.config import secrets
from risk.config.settings import WebhookSettings
from risk.store.db.engine import create_pool

CONNECTIONS = 8

logger = Logger(service="webhooks")
count = partial(metrics.count, "webhooks")


@cache
def settings() -> WebhookSettings:
    """The settings of this process."""
    return WebhookSettings()


@cache
def database() -> Engine:
    """The connections of this process."""
    found = settings()
    return create_pool(
        partial(secrets.database_url, found),
        application="webhooks",
        size=CONNECTIONS,
        proxied=bool(found.database_proxy),
    )


@cache
def key() -> str:
    """The key from which webhook secrets are derived."""
    return secrets.webhook_key(settings())


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Send what is due. Failures are logged and counted, and never make records return."""
    try:
        counted = Worker(database(), key(), settings()).run()
    except Exception:
        logger.exception("messages were not sent; the next run finds them")
        count("WebhookRunsFailed")
        return {"batchItemFailures": []}
    logger.info("webhooks", extra=dict(counted))
    if counted["given_up"]:
        count("WebhooksGivenUp", counted["given_up"])
    return {"batchItemFailures": []}
