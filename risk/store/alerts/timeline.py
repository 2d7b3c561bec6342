"""Everything that ever happened to each alert, written with the change itself and never altered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, insert, select

from risk.alerts.alert import Alert
from risk.alerts.workflow import Action, FromTo, changes
from risk.store.db.tables import alert_timeline


class TimelineEntry(BaseModel):
    """One change of an alert: who, when, what, and each value before and after. ``version`` is the alert's after it."""

    version: int
    at: datetime
    actor: str
    action: Action
    changes: dict[str, FromTo]
    note: str | None


class Change(NamedTuple):
    """A change that is made: the alert before it (None if there was none) and after."""

    action: Action
    actor: str
    before: Alert | None
    after: Alert
    note: str | None = None


def append(connection: Connection, made: Sequence[Change]) -> None:
    """Write changes down, in the transaction that makes them."""
    rows = [
        {
            "alert_id": change.after.id,
            "version": change.after.version,
            "at": change.after.updated_at,
            "actor": change.actor,
            "action": change.action,
            "changes": {name: value.model_dump() for name, value in changes(change.before, change.after).items()},
            "note": change.note,
        }
        for change in made
    ]
    if rows:
        connection.execute(insert(alert_timeline), rows)


def of_alert(connection: Connection, alert_id: UUID, *, limit: int) -> list[TimelineEntry]:
    """The last ``limit`` things that happened to an alert, oldest first."""
    c = alert_timeline.c
    columns = [c[name] for name in TimelineEntry.model_fields]
    rows = connection.execute(
        select(*columns).where(c.alert_id == alert_id).order_by(c.version.desc()).limit(limit)
    ).all()
    return [TimelineEntry.model_validate(row._asdict()) for row in reversed(rows)]


def last(connection: Connection, alert_id: UUID) -> str:
    """What was done last, in words, such as ``ada@example.com acknowledged it at 2026-01-31 09:30:00 UTC``."""
    c = alert_timeline.c
    row = connection.execute(
        select(c.actor, c.action, c.at).where(c.alert_id == alert_id).order_by(c.version.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return ""
    what = {Action.GREW: "added events to it", Action.NOTED: "noted something on it"}
    return f"{row.actor} {what.get(row.action, f'{row.action} it')} at {row.at:%Y-%m-%d %H:%M:%S} UTC"
