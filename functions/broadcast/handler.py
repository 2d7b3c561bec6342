"""The ``broadcast`` Lambda: sends records of ``risk-updates`` to every WebSocket that may see them.

Retries are bounded: unreadable records are dropped, and undelivered ones are retried while they are fresh. A
connection that missed something is closed; its browser reconnects and reads it through REST.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import redis
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import KinesisStreamEvent
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.broadcast.delivery import Outcome, Sender, management_client
from functions.broadcast.frames import Updates
from risk.adapters import metrics, valkey_live
from risk.config.settings import RealtimeSettings
from risk.domain.errors import InvalidInput

FRESH_SECONDS = 30.0

logger = Logger(service="broadcast")


class NobodyReached(Exception):
    """There are connections, and none could be reached: the fault is not theirs."""


@cache
def settings() -> RealtimeSettings:
    """The settings of this process."""
    return RealtimeSettings()


@cache
def store() -> redis.Redis:
    """The connection to Valkey of this process."""
    return valkey_live.client_of(settings())


@cache
def sender() -> Sender:
    """What sends, in this process."""
    if not settings().ws_management_url:
        raise ValueError("WS_MANAGEMENT_URL is not set; it is the base of the @connections API")
    return Sender(management_client(settings().ws_management_url))


def _read(records: list[KinesisStreamRecord]) -> tuple[Updates, int]:
    updates, dropped = Updates(), 0
    for record in records:
        try:
            updates.add(record.kinesis.data_as_bytes())
        except (InvalidInput, ValueError) as error:
            # It will never be readable; retrying would block its shard.
            dropped += 1
            logger.error(
                "a record is not readable; it is dropped",
                extra={"sequence_number": record.kinesis.sequence_number, "error": str(error)},
            )
    return updates, dropped


def _deliver(updates: Updates, *, last_try: bool) -> Outcome:
    connections = valkey_live.connections(store())
    outcome = sender().send(connections, lambda one: updates.frames(one.role, one.min_level, one.user_id))
    if outcome.failed and not outcome.sent and not last_try:
        raise NobodyReached(f"none of {len(outcome.failed)} connections could be told")
    valkey_live.remove_connections(store(), [*sender().surely_gone(outcome), *outcome.failed])
    sender().close(outcome.failed)
    return outcome


def _is_fresh(records: list[KinesisStreamRecord]) -> bool:
    return time.time() - records[0].kinesis.approximate_arrival_timestamp < FRESH_SECONDS


def _count(records: int, dropped: int, outcome: Outcome, *, again: bool) -> None:
    counts = {
        "records": records,
        "dropped_records": dropped,
        "sent": len(outcome.sent),
        "gone": len(outcome.gone),
        "failed": len(outcome.failed),
        "frames": outcome.frames,
    }
    logger.info("broadcast", extra={**counts, "again": again})
    if dropped:
        metrics.count("broadcast", "RecordsDropped", dropped)
    if outcome.frames:
        metrics.count("broadcast", "FramesSent", outcome.frames)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Send a batch of records; an undelivered batch is reported from its first record on."""
    records = list(KinesisStreamEvent(event).records)
    logger.set_correlation_id(context.aws_request_id)
    updates, dropped = _read(records)
    outcome, again = Outcome(), False
    try:
        outcome = _deliver(updates, last_try=not _is_fresh(records))
    except Exception:
        again = _is_fresh(records)
        logger.exception("a batch was not sent", extra={"again": again})
        dropped += 0 if again else len(records) - dropped
    _count(len(records), dropped, outcome, again=again)
    failures = [{"itemIdentifier": records[0].kinesis.sequence_number}] if again else []
    return {"batchItemFailures": failures}
