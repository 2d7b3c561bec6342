"""What people do with alerts, stored: one locked row, one new version, one line in its timeline, together.

Locked: of two people who act at once the second sees what the first did, and is told who did what when.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from risk.alerts import workflow
from risk.alerts.alert import Alert, Disposition, ServiceLevels
from risk.alerts.workflow import Act, Action, DispositionReason
from risk.domain.assessment import RiskLevel
from risk.domain.errors import Conflict, NotFound, Stale
from risk.store.alerts import timeline, webhook_deliveries
from risk.store.alerts.alerts import UNRESOLVED, awake, from_row, to_row
from risk.store.alerts.timeline import Change
from risk.store.config import configurations
from risk.store.db.tables import alerts

MAX_BREACHES = 200


def service_levels(connection: Connection) -> ServiceLevels:
    """The deadlines in force."""
    found = configurations.current(connection)
    return ServiceLevels() if found is None else found.alert_policy.service_levels


def record(connection: Connection, made: list[Change]) -> None:
    """Write down changes, and what webhooks are told of them, in the transaction that makes them."""
    timeline.append(connection, made)
    webhook_deliveries.enqueue(connection, made)


def save(connection: Connection, made: Change) -> Alert:
    """Store a change of a locked alert."""
    before, after = made.before, made.after
    values = to_row(after)
    # The version guards what the lock already does: nothing that was not seen is written over.
    done = connection.execute(
        update(alerts).where(alerts.c.id == after.id, alerts.c.version == (before or after).version).values(**values)
    )
    if done.rowcount != 1:
        raise Conflict(f"alert {after.id} was changed by somebody else at the same moment; read it again")
    record(connection, [made])
    return after


def _locked(connection: Connection, wanted: Select[tuple[object, ...]]) -> Alert | None:
    row: Row[tuple[object, ...]] | None = connection.execute(wanted).one_or_none()
    return None if row is None else from_row(row)


def _change(
    connection: Connection,
    alert_id: UUID,
    act: Act,
    action: Action,
    change: Callable[[Alert], Alert],
    note: str | None = None,
) -> Alert:
    before = _locked(connection, select(alerts).where(alerts.c.id == alert_id).with_for_update())
    if before is None:
        raise NotFound(f"there is no alert {alert_id}")
    try:
        after = change(before)
    except (Conflict, Stale) as refusal:
        said = timeline.last(connection, alert_id)
        raise type(refusal)(f"{refusal.detail} ({said})" if said else refusal.detail) from refusal
    return save(connection, Change(action, act.by, before, after, note))


def acknowledge(connection: Connection, alert_id: UUID, act: Act, note: str | None = None) -> Alert:
    """Someone looks at an open alert. ``NotFound``, or ``Conflict`` saying what is allowed instead."""
    levels = service_levels(connection)
    return _change(
        connection,
        alert_id,
        act,
        Action.ACKNOWLEDGED,
        lambda alert: workflow.acknowledge(alert, act, levels, note),
        note,
    )


def resolve(
    connection: Connection,
    alert_id: UUID,
    act: Act,
    disposition: Disposition,
    reason: DispositionReason | None = None,
    note: str | None = None,
) -> Alert:
    """The alert is judged. ``NotFound``, or ``Conflict`` saying what is allowed instead."""
    levels = service_levels(connection)
    return _change(
        connection,
        alert_id,
        act,
        Action.RESOLVED,
        lambda alert: workflow.resolve(alert, act, levels, disposition, reason, note),
        note,
    )


def reopen(connection: Connection, alert_id: UUID, act: Act, note: str | None = None) -> Alert:
    """An acknowledgement or a resolution is taken back. ``NotFound``, or ``Conflict``."""
    levels = service_levels(connection)
    return _change(
        connection, alert_id, act, Action.REOPENED, lambda alert: workflow.reopen(alert, act, levels, note), note
    )


def assign(connection: Connection, alert_id: UUID, act: Act, assignee: str | None) -> Alert:
    """The alert is someone's, or nobody's. ``NotFound``, or ``Conflict`` saying whose it is."""
    action = Action.ASSIGNED if assignee else Action.UNASSIGNED
    return _change(connection, alert_id, act, action, lambda alert: workflow.assign(alert, act, assignee))


def snooze(connection: Connection, alert_id: UUID, act: Act, until: datetime, note: str | None = None) -> Alert:
    """The alert is put off. ``NotFound``, ``InvalidInput``, or ``Conflict``."""
    return _change(
        connection, alert_id, act, Action.SNOOZED, lambda alert: workflow.snooze(alert, act, until, note), note
    )


def wake(connection: Connection, alert_id: UUID, act: Act) -> Alert:
    """A snooze ends early. ``NotFound``, or ``Conflict``."""
    return _change(connection, alert_id, act, Action.WOKEN, lambda alert: workflow.wake(alert, act))


def note(connection: Connection, alert_id: UUID, act: Act, text: str) -> Alert:
    """Something is written down, whatever the state. ``NotFound``."""
    return _change(connection, alert_id, act, Action.NOTED, lambda alert: workflow.note(alert, act, text), text)


def claim_next(connection: Connection, act: Act, *, min_level: RiskLevel | None = None) -> Alert | None:
    """Give the caller the alert to deal with first of those that are nobody's; None if there is none.

    Alerts that another is claiming at this moment are passed over: nobody waits, no two get the same.
    """
    wanted = select(alerts).where(UNRESOLVED, alerts.c.assignee.is_(None), awake(act.at))
    if min_level:
        wanted = wanted.where(alerts.c.level >= min_level.rank)
    ranked = wanted.order_by(alerts.c.rank.desc(), alerts.c.id.desc()).limit(1)
    before = _locked(connection, ranked.with_for_update(skip_locked=True))
    if before is None:
        return None
    return save(connection, Change(Action.ASSIGNED, act.by, before, workflow.assign(before, act, act.by)))


def find_breaches(connection: Connection, now: datetime, *, limit: int = MAX_BREACHES) -> list[Alert]:
    """Mark at most ``limit`` alerts whose deadline was missed since the last look, and give them: each once.

    Those that somebody is changing at this moment are left for the next look.
    """
    c = alerts.c
    rows = connection.execute(
        select(alerts)
        .where(UNRESOLVED, c.due_at <= now, c.breached_at.is_distinct_from(c.due_at))
        .order_by(c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    made = [
        Change(Action.BREACHED, workflow.SYSTEM, alert, workflow.breach(alert, now))
        for alert in (from_row(row) for row in rows)
    ]
    if made:
        columns = ("version", "updated_at", "breached_at")
        connection.execute(
            update(alerts).where(c.id == bindparam("_id")).values({name: bindparam(f"_{name}") for name in columns}),
            [
                {"_id": change.after.id} | {f"_{name}": getattr(change.after, name) for name in columns}
                for change in made
            ],
        )
        record(connection, made)
    return [change.after for change in made]
