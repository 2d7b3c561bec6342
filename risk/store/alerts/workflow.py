"""Stores analysts' actions: locks the alert, writes its new version and its timeline entry.

Of two people who act at once, the second sees the first one's change, and is told who made it when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Uuid, any_, bindparam, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from risk.alerts import workflow
from risk.alerts.alert import Alert, AlertStatus, Disposition
from risk.alerts.policy import AlertPolicy, ServiceLevels
from risk.alerts.workflow import Act, Action, DispositionReason
from risk.domain.assessment import RiskLevel
from risk.domain.errors import Conflict, NotFound, Stale
from risk.store.alerts import timeline, webhook_deliveries
from risk.store.alerts.alerts import UNRESOLVED, awake, from_row, to_row
from risk.store.alerts.timeline import Change
from risk.store.config import configurations
from risk.store.db.tables import alerts

MAX_BREACHES = 200


def alert_policy(connection: Connection) -> AlertPolicy:
    """The alert policy in force."""
    found = configurations.current(connection)
    return AlertPolicy() if found is None else found.alert_policy


def service_levels(connection: Connection) -> ServiceLevels:
    """The deadlines in force."""
    return alert_policy(connection).service_levels


def record(connection: Connection, made: list[Change]) -> None:
    """Append changes to the timeline and enqueue webhooks, in the transaction that makes them."""
    timeline.append(connection, made)
    webhook_deliveries.enqueue(connection, made)


def save(connection: Connection, made: Sequence[Change]) -> None:
    """Store changes of locked alerts, with a constant number of round trips."""
    if not made:
        return
    c = alerts.c
    values = [
        {f"_{name}": value for name, value in to_row(change.after).items()}
        | {"_before": (change.before or change.after).version}
        for change in made
    ]
    names = [name for name in to_row(made[0].after) if name != "id"]
    # The version check backs up the lock: no unseen change is overwritten.
    done = connection.execute(
        update(alerts)
        .where(c.id == bindparam("_id"), c.version == bindparam("_before"))
        .values({name: bindparam(f"_{name}") for name in names}),
        values,
    )
    if done.rowcount != len(made):
        raise Conflict("the alert was changed by somebody else at the same moment; read it again")
    record(connection, list(made))


Refusal = NotFound | Conflict | Stale
Outcomes = dict[UUID, Alert | Refusal]
"""The outcome of an action on each alert: its new state, or the error."""


def only(outcomes: Outcomes) -> Alert:
    """The single changed alert; raises its error."""
    (outcome,) = outcomes.values()
    if isinstance(outcome, Alert):
        return outcome
    raise outcome


def _change(
    connection: Connection,
    ids: Sequence[UUID],
    act: Act,
    action: Action,
    change: Callable[[Alert], Alert],
    note: str | None = None,
) -> Outcomes:
    """Apply an action to each of these alerts independently."""
    # Always lock several alerts in the same order, so that there are no deadlocks.
    locked = select(alerts).where(alerts.c.id == any_(literal(sorted(ids), ARRAY(Uuid)))).order_by(alerts.c.id)
    before = {row.id: from_row(row) for row in connection.execute(locked.with_for_update())}
    outcomes: Outcomes = {}
    made: list[Change] = []
    refused: dict[UUID, Conflict | Stale] = {}
    for alert_id in ids:
        alert = before.get(alert_id)
        if alert is None:
            outcomes[alert_id] = NotFound(f"alert {alert_id} not found")
            continue
        try:
            after = change(alert)
        except (Conflict, Stale) as refusal:
            refused[alert_id] = refusal
            continue
        outcomes[alert_id] = after
        made.append(Change(action, act.by, alert, after, note))
    for alert_id, said in timeline.last(connection, list(refused)).items():
        why = refused[alert_id]
        outcomes[alert_id] = type(why)(f"{why.detail} ({said})" if said else why.detail)
    save(connection, made)
    return outcomes


def acknowledge(connection: Connection, ids: Sequence[UUID], act: Act, note: str | None = None) -> Outcomes:
    """Acknowledge open alerts."""
    levels = service_levels(connection)
    return _change(
        connection, ids, act, Action.ACKNOWLEDGED, lambda alert: workflow.acknowledge(alert, act, levels, note), note
    )


def resolve(
    connection: Connection,
    ids: Sequence[UUID],
    act: Act,
    disposition: Disposition,
    reason: DispositionReason | None = None,
    note: str | None = None,
    suppress_days: int | None = None,
) -> Outcomes:
    """Resolve alerts. Equal findings are suppressed for ``days``, by default as the policy says."""
    policy = alert_policy(connection)
    if suppress_days is None:
        until = policy.grouping.suppression.until(disposition, act.at)
    else:
        until = act.at + timedelta(days=suppress_days) if suppress_days else None
    levels = policy.service_levels
    return _change(
        connection,
        ids,
        act,
        Action.RESOLVED,
        lambda alert: workflow.resolve(alert, act, levels, disposition, reason, note, until),
        note,
    )


def reopen(
    connection: Connection, ids: Sequence[UUID], act: Act, note: str | None = None
) -> tuple[Outcomes, list[Alert]]:
    """Undo acknowledgements or resolutions."""
    levels = service_levels(connection)
    return _take_back(
        connection, ids, act, Action.REOPENED, lambda alert: workflow.reopen(alert, act, levels, note), note
    )


def undo(connection: Connection, alert_id: UUID, act: Act) -> tuple[Outcomes, list[Alert]]:
    """Undo the last acknowledgement or resolution of an alert."""

    def undone(alert: Alert) -> Alert:
        return workflow.undo(alert, act, *timeline.last_move(connection, alert.id))

    return _take_back(connection, [alert_id], act, Action.UNDONE, undone)


def _take_back(
    connection: Connection,
    ids: Sequence[UUID],
    act: Act,
    action: Action,
    change: Callable[[Alert], Alert],
    note: str | None = None,
) -> tuple[Outcomes, list[Alert]]:
    resolved: list[Alert] = []

    def changed(alert: Alert) -> Alert:
        after = change(alert)
        if alert.status is AlertStatus.RESOLVED:
            resolved.append(alert)
        return after

    return _change(connection, ids, act, action, changed, note), resolved


def assign(connection: Connection, ids: Sequence[UUID], act: Act, assignee: str | None) -> Outcomes:
    """Assign or unassign alerts."""
    action = Action.ASSIGNED if assignee else Action.UNASSIGNED
    return _change(connection, ids, act, action, lambda alert: workflow.assign(alert, act, assignee))


def snooze(connection: Connection, ids: Sequence[UUID], act: Act, until: datetime, note: str | None = None) -> Outcomes:
    """Snooze alerts. ``InvalidInput`` unless until a moment within the next days."""
    return _change(connection, ids, act, Action.SNOOZED, lambda alert: workflow.snooze(alert, act, until, note), note)


def wake(connection: Connection, ids: Sequence[UUID], act: Act) -> Outcomes:
    """End snoozes early."""
    return _change(connection, ids, act, Action.WOKEN, lambda alert: workflow.wake(alert, act))


def note(connection: Connection, ids: Sequence[UUID], act: Act, text: str) -> Outcomes:
    """Add a note, in any state."""
    return _change(connection, ids, act, Action.NOTED, lambda alert: workflow.note(alert, act, text), text)


def claim_next(connection: Connection, act: Act, *, min_level: RiskLevel | None = None) -> Alert | None:
    """Assign the unassigned alert of highest priority to the caller; None if there is none.

    Alerts that another is claiming are skipped: nobody waits, and no two get the same.
    """
    wanted = select(alerts).where(UNRESOLVED, alerts.c.assignee.is_(None), awake(act.at))
    if min_level:
        wanted = wanted.where(alerts.c.level >= min_level.rank)
    ranked = wanted.order_by(alerts.c.rank.desc(), alerts.c.id.desc()).limit(1)
    row = connection.execute(ranked.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    before = from_row(row)
    after = workflow.assign(before, act, act.by)
    save(connection, [Change(Action.ASSIGNED, act.by, before, after)])
    return after


def find_breaches(connection: Connection, now: datetime, *, limit: int = MAX_BREACHES) -> list[Alert]:
    """Mark and return at most ``limit`` alerts whose deadline has passed, each once.

    Alerts being changed are left for the next call.
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
