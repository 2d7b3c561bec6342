"""Versions of the run-time configuration. Versions are immutable; the newest is in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select

from risk.alerts.configuration import Configuration
from risk.alerts.policy import AlertPolicy
from risk.decisions.policy import DecisionPolicy
from risk.domain.assessment import Thresholds
from risk.domain.errors import NotFound
from risk.domain.event_types import EventType
from risk.store.db.locks import Hold, hold
from risk.store.db.tables import configurations


def _configuration(row: Row[tuple[object, ...]]) -> Configuration:
    return Configuration.model_validate(row._asdict())


def current(connection: Connection) -> Configuration | None:
    """The version in force, or None in a database that has none yet."""
    row = connection.execute(select(configurations).order_by(configurations.c.version.desc()).limit(1)).one_or_none()
    return None if row is None else _configuration(row)


def lock(connection: Connection) -> Configuration | None:
    """The version in force, locked until this transaction ends: writers queue, and versions have no gaps."""
    hold(connection, Hold.CONFIGURATION)
    return current(connection)


def find(connection: Connection, version: int) -> Configuration:
    """One version, or ``NotFound``."""
    row = connection.execute(select(configurations).where(configurations.c.version == version)).one_or_none()
    if row is None:
        raise NotFound(f"version {version} of the configuration not found")
    return _configuration(row)


def page(connection: Connection, *, limit: int, before: int | None = None) -> list[Configuration]:
    """At most ``limit`` versions, newest first, from those before the version ``before``."""
    query = select(configurations).order_by(configurations.c.version.desc()).limit(limit)
    if before is not None:
        query = query.where(configurations.c.version < before)
    return [_configuration(row) for row in connection.execute(query)]


def decision_policies(connection: Connection, *, limit: int, before: int | None = None) -> list[Configuration]:
    """At most ``limit`` versions that changed the decision policy, newest first, from before the version ``before``."""
    c = configurations.c
    previous = func.lag(c.decisions).over(order_by=c.version)
    changed = select(c.version, c.decisions.is_distinct_from(previous).label("changed")).subquery()
    query = select(configurations).join(changed, changed.c.version == c.version).where(changed.c.changed)
    if before is not None:
        query = query.where(c.version < before)
    return [_configuration(row) for row in connection.execute(query.order_by(c.version.desc()).limit(limit))]


def add_version(
    connection: Connection,
    thresholds: Thresholds,
    alert_policy: AlertPolicy,
    *,
    event_types: Mapping[str, EventType] | None = None,
    decisions: DecisionPolicy | None = None,
    changed_at: datetime,
    changed_by: str,
    reason: str,
) -> Configuration:
    """Put a new version in force. Registered event types and the decision policy stay as they are unless given."""
    last = lock(connection)
    new = Configuration(
        version=1 if last is None else last.version + 1,
        thresholds=thresholds,
        alert_policy=alert_policy,
        event_types=dict(event_types if event_types is not None else last.event_types if last else {}),
        decisions=decisions or (last.decisions if last else DecisionPolicy()),
        changed_at=changed_at,
        changed_by=changed_by,
        reason=reason,
    )
    connection.execute(insert(configurations).values(**new.model_dump(mode="json") | {"changed_at": changed_at}))
    return new


def ensure_first(connection: Connection, thresholds: Thresholds, *, now: datetime) -> Configuration:
    """The version in force; in a new database, a first one made from the settings."""
    found = current(connection)
    if found is not None:
        return found
    return add_version(
        connection,
        thresholds,
        AlertPolicy(),
        changed_at=now,
        changed_by="system",
        reason="first start, from the environment's settings",
    )
