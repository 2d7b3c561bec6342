"""Task ``alerts``: records missed deadlines, pushes them and notifies webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from sqlalchemy import Engine

from risk.adapters.stream_contracts import UpdateType
from risk.adapters.updates import put_updates
from risk.store.alerts import workflow

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

MOST_ROUNDS = 20

logger = Logger(service="maintenance", child=True)


def run(database: Engine, kinesis: KinesisClient, updates_stream: str, now: datetime) -> int:
    """Record the deadlines missed by ``now``, each once; returns how many.

    Webhook messages are stored in the same transaction, so that none is lost; a failed push is logged, and dashboards
    see the change when they next read.
    """
    total = 0
    for _ in range(MOST_ROUNDS):
        with database.begin() as connection:
            found = workflow.find_breaches(connection, now)
        total += len(found)
        items = (alert.model_dump_json().encode() for alert in found)
        failures = put_updates(kinesis, updates_stream, UpdateType.ALERT, items, attempts=2)
        if failures:
            logger.error("breaches were not pushed", extra={"code": failures[0].code, "envelopes": len(failures)})
        if len(found) < workflow.MAX_BREACHES:
            break
    if total:
        logger.info("deadlines were missed", extra={"alerts": total})
    return total
