"""Groups findings into stored alerts; reads and locks are bounded in time and rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, Uuid, any_, bindparam, delete, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.alerts.alert import Alert, GroupKey
from risk.alerts.grouping import Finding, Grouped, Link, Stored, Subject, campaigns_begun, group, own_subject, subjects
from risk.alerts.policy import AlertPolicy
from risk.alerts.workflow import ENGINE, Action
from risk.store.alerts.alerts import from_row, to_row
from risk.store.alerts.timeline import Change
from risk.store.alerts.workflow import alert_policy, record
from risk.store.audit import audit_log
from risk.store.db.tables import alert_events, alert_links, alerts

MOST_LINKS = 200
"""The number of newest alerts examined to detect a campaign of a device or counterparty."""
MOST_SUPPRESSING = 8
"""The number of resolved alerts of one subject examined for suppression."""

_LINKS = text(
    """
    SELECT found.* FROM unnest(CAST(:keys AS text[]), CAST(:values AS text[])) AS wanted (key, value)
    CROSS JOIN LATERAL (
        SELECT l.alert_id, l.key, l.value, l.account_id, l.event_count, l.last_occurred_at
        FROM alert_links l JOIN alerts a ON a.id = l.alert_id
        WHERE l.key = wanted.key AND l.value = wanted.value AND l.last_occurred_at > :since
          AND a.disposition IS DISTINCT FROM 'false_positive'
        ORDER BY l.last_occurred_at DESC LIMIT :most
    ) AS found
    """
)
_IDS = text(
    """
    WITH wanted AS (SELECT * FROM unnest(CAST(:keys AS text[]), CAST(:values AS text[])) AS w (key, value))
    SELECT found.id FROM wanted CROSS JOIN LATERAL (
        SELECT id FROM alerts
        WHERE group_key = wanted.key AND group_value = wanted.value AND status <> 'resolved'
          AND last_occurred_at > :since
        ORDER BY last_occurred_at DESC LIMIT 1
    ) AS found
    UNION ALL
    SELECT found.id FROM wanted CROSS JOIN LATERAL (
        SELECT id FROM alerts
        WHERE group_key = wanted.key AND group_value = wanted.value AND suppressed_until > :now
        ORDER BY suppressed_until DESC LIMIT :most
    ) AS found
    """
)
_GROWING = ("reason_code", "reason_text", "reasons", "level", "event_count", "account_count", "account_id",
            "counterparty_id", "country", "event_type", "top_event_id", "top_sender_event_id", "top_event_source",
            "top_score", "first_occurred_at", "last_occurred_at", "updated_at", "version", "amount", "currency",
            "base_amount", "at_risk", "rank", "due_at", "snoozed_until", "snoozed_by",
            "decision")  # fmt: skip
_MERGED = ("status", "resolved_at", "resolved_by", "merged_into", "due_at", "updated_at", "version")


def group_alerts(connection: Connection, findings: Sequence[Finding], now: datetime) -> list[Alert]:
    """Open and grow alerts from ``findings``, in order of sequence; returns those that joined a campaign."""
    if not findings:
        return []
    policy = alert_policy(connection)
    stored = _read(connection, findings, policy, now)
    grouped = group(findings, stored, policy)
    before = {alert.id: alert for alert in stored.alerts}
    statement = upsert(alerts)
    if grouped.changed:
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[alerts.c.id], set_={name: statement.excluded[name] for name in _GROWING}
            ),
            [to_row(alert) for alert in grouped.changed],
        )
    _store_members(connection, grouped)
    _store_merged(connection, grouped.merged)
    changes = [
        Change(Action.OPENED if alert.id in grouped.opened else Action.GREW, ENGINE, before.get(alert.id), alert)
        for alert in grouped.changed
    ]
    changes += [Change(Action.MERGED, ENGINE, before[alert.id], alert) for alert in grouped.merged]
    record(connection, changes)
    audit_log.append_alerts(connection, grouped)
    return grouped.merged


def _read(connection: Connection, findings: Sequence[Finding], policy: AlertPolicy, now: datetime) -> Stored:
    grouping = policy.grouping
    since = min(finding.occurred_at for finding in findings) - grouping.reach
    shared = {
        subject for finding in findings for key, subject in subjects(finding).items() if key in grouping.campaigns
    }
    links = _links(connection, shared, since)
    begun = campaigns_begun(findings, links, policy)
    links = [link for link in links if link.subject in begun]
    wanted = sorted({*shared, *(own_subject(finding, grouping.key) for finding in findings)})
    ids = connection.scalars(_IDS, _columns(wanted) | {"since": since, "now": now, "most": MOST_SUPPRESSING})
    # Always lock several alerts in the same order, so that there are no deadlocks.
    locked = select(alerts).where(alerts.c.id == _any({*ids, *(link.alert_id for link in links)}))
    found = [from_row(row) for row in connection.execute(locked.order_by(alerts.c.id).with_for_update())]
    c = alert_links.c
    accounts = {finding.account_id for finding in findings} | {link.account_id for link in links}
    inside = connection.execute(
        select(c.alert_id, c.value).where(
            c.alert_id == _any({alert.id for alert in found}),
            c.key == GroupKey.ACCOUNT,
            c.value == any_(literal(sorted(accounts), ARRAY(Text))),
        )
    )
    return Stored(found, links, frozenset((alert_id, account) for alert_id, account in inside))


def _any(ids: Collection[UUID]) -> Any:
    return any_(literal(sorted(ids), ARRAY(Uuid)))


def _columns(wanted: Collection[Subject]) -> dict[str, list[str]]:
    return {"keys": [subject.key.value for subject in wanted], "values": [subject.value for subject in wanted]}


def _links(connection: Connection, wanted: Collection[Subject], since: datetime) -> list[Link]:
    if not wanted:
        return []
    rows = connection.execute(_LINKS, _columns(wanted) | {"since": since, "most": MOST_LINKS})
    return [
        Link(row.alert_id, Subject(GroupKey(row.key), row.value), row.account_id, row.event_count, row.last_occurred_at)
        for row in rows
    ]


def _store_members(connection: Connection, grouped: Grouped) -> None:
    members = [
        {"event_id": event_id, "alert_id": alert_id, "suppressed": False} for event_id, alert_id in grouped.members
    ]
    members += [
        {"event_id": event_id, "alert_id": alert_id, "suppressed": True} for event_id, alert_id in grouped.suppressed
    ]
    if members:
        connection.execute(insert(alert_events), members)
    if grouped.suppressed:
        counted = func.unnest(literal([alert_id for _, alert_id in grouped.suppressed], ARRAY(Uuid))).column_valued(
            "id"
        )
        counts = select(counted.label("id"), func.count().label("n")).group_by(counted).subquery()
        connection.execute(
            update(alerts)
            .where(alerts.c.id == counts.c.id)
            .values(suppressed_count=alerts.c.suppressed_count + counts.c.n)
        )
    _add_links(connection, grouped.links)


def _add_links(connection: Connection, links: Sequence[Link]) -> None:
    if not links:  # an empty list of rows would insert one of defaults
        return
    sums: dict[tuple[UUID, Subject, str], Link] = {}
    for link in links:
        place = (link.alert_id, link.subject, link.account_id)
        known = sums.setdefault(place, link._replace(event_count=0))
        last = max(known.last_occurred_at, link.last_occurred_at)
        sums[place] = known._replace(event_count=known.event_count + link.event_count, last_occurred_at=last)
    statement, c = upsert(alert_links), alert_links.c
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[c.key, c.value, c.account_id, c.alert_id],
            set_={
                "event_count": c.event_count + statement.excluded.event_count,
                "last_occurred_at": func.greatest(c.last_occurred_at, statement.excluded.last_occurred_at),
            },
        ),
        [
            {
                "alert_id": link.alert_id,
                "key": link.subject.key,
                "value": link.subject.value,
                "account_id": link.account_id,
                "event_count": link.event_count,
                "last_occurred_at": link.last_occurred_at,
            }
            for link in sums.values()
        ],
    )


def _store_merged(connection: Connection, merged: Sequence[Alert]) -> None:
    if not merged:
        return
    connection.execute(
        update(alerts).where(alerts.c.id == bindparam("_id")).values({name: bindparam(f"_{name}") for name in _MERGED}),
        [{"_id": alert.id} | {f"_{name}": getattr(alert, name) for name in _MERGED} for alert in merged],
    )
    into: dict[UUID, list[UUID]] = {}
    for alert in merged:
        if alert.merged_into is not None:
            into.setdefault(alert.merged_into, []).append(alert.id)
    at, e = alert_links.c, alert_events.c
    for campaign_id, ids in into.items():
        rows = connection.execute(delete(alert_links).where(at.alert_id == _any(ids)).returning(alert_links))
        _add_links(
            connection,
            [
                Link(campaign_id, Subject(GroupKey(row.key), row.value), row.account_id, row.event_count,
                     row.last_occurred_at)
                for row in rows
            ],
        )  # fmt: skip
        connection.execute(update(alert_events).where(e.alert_id == _any(ids)).values(alert_id=campaign_id))
