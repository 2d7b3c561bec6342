"""The timeline of each alert: appended with each change, never altered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, Uuid, any_, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

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
    """A change: the alert before it (None if new) and after."""

    action: Action
    actor: str
    before: Alert | None
    after: Alert
    note: str | None = None


def append(connection: Connection, made: Sequence[Change]) -> None:
    """Append changes, in the transaction that makes them."""
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
    """The last ``limit`` changes of an alert, oldest first."""
    c = alert_timeline.c
    columns = [c[name] for name in TimelineEntry.model_fields]
    rows = connection.execute(
        select(*columns).where(c.alert_id == alert_id).order_by(c.version.desc()).limit(limit)
    ).all()
    return [TimelineEntry.model_validate(row._asdict()) for row in reversed(rows)]


_MOVES = (Action.ACKNOWLEDGED, Action.RESOLVED, Action.REOPENED, Action.UNDONE)


def last_move(connection: Connection, alert_id: UUID) -> tuple[Action, dict[str, FromTo]]:
    """The latest change of an alert's status that was not undone, and its details."""
    c = alert_timeline.c
    rows = connection.execute(
        select(c.action, c.changes).where(c.alert_id == alert_id, c.action.in_(_MOVES)).order_by(c.version.desc())
    )
    undone = 0
    for row in rows:
        if row.action == Action.UNDONE:
            undone += 1
        elif undone:
            undone -= 1
        else:
            return Action(row.action), {name: FromTo.model_validate(value) for name, value in row.changes.items()}
    return Action.OPENED, {}


def last(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The latest action on each, in words: ``ada@example.com acknowledged it at 2026-01-31 09:30:00 UTC``."""
    if not ids:
        return {}
    c = alert_timeline.c
    rows = connection.execute(
        select(c.alert_id, c.actor, c.action, c.at)
        .ext(distinct_on(c.alert_id))
        .where(c.alert_id == any_(literal(list(ids), ARRAY(Uuid))))
        .order_by(c.alert_id, c.version.desc())
    )
    what = {Action.GREW: "added events to it", Action.NOTED: "noted something on it"}
    said = {
        row.alert_id: f"{row.actor} {what.get(row.action, f'{row.action} it')} at {row.at:%Y-%m-%d %H:%M:%S} UTC"
        for row in rows
    }
    return {alert_id: said.get(alert_id, "") for alert_id in ids}
