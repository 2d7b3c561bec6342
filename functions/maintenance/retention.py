"""Task ``retention``: deletes data past its retention period, in small steps."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from aws_lambda_powertools import Logger
from sqlalchemy import Engine

from risk.store.db import retention
from risk.store.db.partitions import month_before

WORK_SECONDS = 40.0
SIGN_INS_KEPT = timedelta(days=30)

logger = Logger(service="maintenance", child=True)


def run(database: Engine, now: datetime, months: int, *, clock: Callable[[], float] = time.monotonic) -> dict[str, int]:
    """Delete what is past its retention period, for at most forty seconds; returns row counts by kind.

    Events and what belongs to them, explanations too, are dropped by whole months, ``months`` after they were scored;
    0 keeps them.
    Alerts, their timelines and the audit log stay. Sessions are deleted a month after they ended.
    """
    until = clock() + WORK_SECONDS
    deleted: Counter[str] = Counter()
    pieces = [(name, now - SIGN_INS_KEPT) for name in retention.SIGN_INS]
    if months:
        first_kept = month_before(now, months)
        pieces += [(name, first_kept) for name in retention.BY_TIME]
    for name, before in pieces:
        while clock() < until:
            with database.begin() as connection:
                count = retention.forget(connection, name, before)
            deleted[name] += count
            if count < retention.PIECE:
                break
    if months:
        with database.begin() as connection:
            deleted["explanations"] += retention.forget_explanations(connection, first_kept)
        _months(database, first_kept, deleted, lambda: clock() < until)
        with database.begin() as connection:
            deleted["definition_values"] += retention.forget_definition_values(connection)
    if deleted.total():
        logger.info("deleted", extra={"rows": dict(deleted)})
    return dict(+deleted)


def _months(database: Engine, first_kept: datetime, deleted: Counter[str], more: Callable[[], bool]) -> None:
    with database.connect() as connection:
        over = retention.months_before(connection, first_kept)
    for month in over:
        while more():
            with database.begin() as connection:
                if not retention.is_settled(connection, month):
                    logger.warning("a month is kept: profiles are not past it yet", extra={"month": month})
                    break
                count = retention.forget_events(connection, month)
                deleted["events"] += count
                if not count and retention.forget_entities(connection, month) < retention.PIECE:
                    retention.drop(connection, month)
                    deleted["months"] += 1
                    break
