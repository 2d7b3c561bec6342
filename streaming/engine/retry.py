"""Retries writes to a service that is unavailable, with a bounded wait."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import sleep
from typing import TypeVar

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from risk.store.db.engine import is_transient
from streaming.engine import metrics

logger = logging.getLogger(__name__)

T = TypeVar("T")

DATABASE_ERRORS = (SQLAlchemyError, psycopg.Error)
"""The errors of a query: SQLAlchemy's, and the driver's where it is used directly (COPY)."""

MAX_WAIT = 5.0
_DOUBLINGS = 6
"""By then it is ``MAX_WAIT``; no outage is long enough for the power to overflow."""


def wait_after(failures: int) -> float:
    """Seconds to wait after ``failures`` in a row: 0.2 after the first, doubling, at most five."""
    return min(MAX_WAIT, 0.1 * 2.0 ** min(failures, _DOUBLINGS))


def persist(engine: Engine, save: Callable[[Connection], T]) -> T:
    """Run ``save`` in a transaction until it succeeds, waiting for an unavailable database.

    Data errors are raised.
    """
    failures = 0
    while True:
        try:
            with engine.begin() as connection:
                return save(connection)
        except DATABASE_ERRORS as error:
            if not is_transient(error):
                raise
            failures += 1
            metrics.STORE_FAILURES.inc()
            logger.error("Postgres does not take what is to be stored, trying again: %s", error)
            sleep(wait_after(failures))
