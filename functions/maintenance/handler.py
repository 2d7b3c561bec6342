"""The ``maintenance`` Lambda: runs the task that its event names.

Schedules are defined in ``infra/stacks/audit.py`` and ``infra/stacks/edge.py``. By hand: ``{"task": "alerts"}``. The
deployment calls ``migrate`` before any new code runs; ``audit`` verifies the audit log. Both are Lambdas of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from sqlalchemy import Engine

from functions.maintenance import (
    alerts,
    checkpoints,
    first_admin,
    partitions,
    retention,
    vitals,
    webhooks,
)
from risk.adapters import checkpoint_signers, metrics
from risk.adapters.kinesis import kinesis_client
from risk.audit.checkpoint import Signer
from risk.config import secrets
from risk.config.settings import MaintenanceSettings
from risk.domain.errors import InvalidInput, Tampered
from risk.store.alerts import alert_stats
from risk.store.db.engine import create_pool
from risk.store.db.roles import DatabaseRole

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

logger = Logger(service="maintenance")
count = partial(metrics.count, "maintenance")


@cache
def settings() -> MaintenanceSettings:
    """The settings of this process."""
    return MaintenanceSettings()


@cache
def database() -> Engine:
    """The connections of this process."""
    return create_pool(partial(secrets.database_url, settings()), application="maintenance", statement_seconds=50.0)


@cache
def signer() -> Signer:
    """Who signs checkpoints, in this process."""
    return checkpoint_signers.signer(settings())


@cache
def kinesis() -> KinesisClient:
    """The client of Kinesis of this process."""
    return kinesis_client(read_timeout=5.0)


@contextmanager
def _alarmed() -> Iterator[None]:
    """Raise the alarm for a log that does not match what was signed; a log line alone could be overlooked."""
    try:
        yield
    except Tampered as error:
        count("AuditLogTampered", 1)
        logger.critical("the audit log was changed; nothing was signed", extra={"detail": error.detail})
        raise
    count("AuditLogTampered", 0)


def audit_checkpoint(accept_guards: str = "") -> dict[str, Any]:
    """Sign the audit log. A log that does not match what was signed before raises the alarm instead."""
    found = settings()
    with _alarmed():
        size, new = checkpoints.take(
            database(),
            signer(),
            found.audit_origin,
            found.audit_bucket,
            at=datetime.now(UTC),
            earlier_keys=checkpoint_signers.earlier_keys(found),
            accept_guards=accept_guards,
        )
    logger.info("checkpoint", extra={"size": size, "new": new})
    return {"size": size, "new": new}


def audit_check() -> dict[str, Any]:
    """Verify the whole audit log against the checkpoints in the bucket."""
    found = settings()
    with _alarmed():
        records, against = checkpoints.check(
            database(),
            signer(),
            found.audit_origin,
            found.audit_bucket,
            earlier_keys=checkpoint_signers.earlier_keys(found),
        )
    logger.info("the audit log is what was signed", extra={"records": records, "checkpoints": against})
    return {"records": records, "checkpoints": against}


def missed_deadlines() -> dict[str, Any]:
    """Record alert deadlines missed since the last run, and notify."""
    missed = alerts.run(database(), kinesis(), settings().updates_stream, datetime.now(UTC))
    if missed:
        count("DeadlinesMissed", missed)
    with database().begin() as connection:
        alert_stats.refresh(connection, datetime.now(UTC))
    return {"alerts": missed}


def old_deliveries() -> dict[str, Any]:
    """Delete webhook messages older than a month."""
    return {"deleted": webhooks.run(database(), datetime.now(UTC))}


def vital_signs() -> dict[str, Any]:
    """Publish the metrics of the alarms: whether an engine is alive, and recent dead letters."""
    alive, letters, trouble, suspects = vitals.run(database(), datetime.now(UTC))
    count("EngineAlive", int(alive))
    count("DeadLetters", letters)
    count("EngineTrouble", int(trouble))
    count("SuspectRecords", suspects)
    return {"engine_alive": alive, "dead_letters": letters, "engine_trouble": trouble, "suspect_records": suspects}


def months_ahead() -> dict[str, Any]:
    """Create the partitions of the coming months."""
    return {"made": partitions.run(database(), datetime.now(UTC))}


def old_records() -> dict[str, Any]:
    """Delete data past its retention period."""
    return {"deleted": retention.run(database(), datetime.now(UTC), settings().retention_months)}


TASKS: dict[str, Callable[[], dict[str, Any]]] = {
    "audit-checkpoint": audit_checkpoint,
    "alerts": missed_deadlines,
    "webhooks": old_deliveries,
    "vitals": vital_signs,
    "partitions": months_ahead,
    "retention": old_records,
}
"""What the clock asks ``maintenance`` for. ``first-admin`` is asked for by an operator alone."""


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    """Run ``task``, and return its result."""
    name = event.get("task")
    try:
        if name == "first-admin":
            # The result holds a sign-in link: it is returned to the caller and never logged.
            link = first_admin.run(database(), event.get("email"), settings().site_url, datetime.now(UTC))
            return {"link": link}
        if name == "audit-checkpoint" and event.get("accept_guards"):
            return audit_checkpoint(str(event["accept_guards"]))
        if name in TASKS:
            return TASKS[name]()
        raise InvalidInput(f"there is no task {name!r}; there are {', '.join([*TASKS, 'first-admin'])}", field="task")
    except Exception:
        count("TasksFailed", 1, task=name if name in TASKS else "other")
        raise


@logger.inject_lambda_context(clear_state=True)
def audit(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Verify the whole audit log, as a role that can only read it. It may take longer than a scheduled task."""
    try:
        return audit_check()
    except Exception:
        count("TasksFailed", 1, task="audit-check")
        raise


@logger.inject_lambda_context(clear_state=True)
def migrate(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Migrate the database to the newest schema, and return its revision. It may take longer than a scheduled task."""
    from functions.maintenance import migrations  # Alembic is imported only here, so that scheduled tasks start quickly

    passwords = secrets.database_passwords(settings(), DatabaseRole)
    known = {DatabaseRole(role): password for role, password in passwords.items()}
    revision = migrations.run(database(), secrets.database_url(settings()), datetime.now(UTC), known)
    logger.info("migrated", extra={"revision": revision})
    return {"revision": revision}
