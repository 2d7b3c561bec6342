"""Webhook deliveries, from the transaction that creates them to the receiver's answer.

A message is a row written together with its change, so none is lost. For one alert a
receiver gets messages in order: a later one waits until the earlier is delivered or abandoned.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import orjson
from pydantic import BaseModel
from sqlalchemy import Connection, Row, delete, insert, or_, select, text, update
from sqlalchemy.sql import exists

from risk.alerts.alert import Alert
from risk.alerts.webhook_filter import WebhookFilter
from risk.alerts.webhook_messages import TEST, WebhookEvent, event_of
from risk.alerts.workflow import Action
from risk.domain.assessment import AssessmentSummary
from risk.domain.decisions import Overturn
from risk.domain.errors import NotFound
from risk.store.alerts.timeline import Change
from risk.store.db.tables import webhook_deliveries, webhooks

CLAIM = timedelta(seconds=60)
"""How long a sender may hold a message before another may take it."""


class DeliveryStatus(StrEnum):
    """The state of a message."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class Delivery(BaseModel):
    """One message to one receiver, and its delivery. ``error`` is of the last attempt."""

    id: UUID
    webhook_id: UUID
    sequence: int
    event: str
    alert_id: UUID | None
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    queued_at: datetime
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    response_status: int | None
    error: str | None

    @property
    def message_id(self) -> str:
        """The message id that the receiver sees; the same for every attempt."""
        return f"msg_{self.id.hex}"


class Claimed(Delivery):
    """A message that is being sent."""

    payload: str


d = webhook_deliveries.c
_COLUMNS = [d[name] for name in Delivery.model_fields]
_PENDING = d.status == DeliveryStatus.PENDING.value


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery.model_validate(row._asdict())


def enqueue(connection: Connection, made: Sequence[Change]) -> None:
    """Enqueue messages about these changes, in the transaction that makes them.

    A growing alert has at most one unsent message, with its newest state.
    """
    if not made:
        return
    receivers = _receivers(connection)
    messages = [
        (change, _row(webhook_id, event, change.after))
        for change in made
        for event in [event_of(change.action).value]
        for webhook_id, events, chosen in receivers
        if event in events and chosen.matches(change.after)
    ]
    grown = [row for change, row in messages if change.action is Action.GREW]
    merged = _merge(connection, grown) if grown else set()
    rows = [row for _, row in messages if (row["webhook_id"], row["alert_id"]) not in merged]
    if rows:
        connection.execute(insert(webhook_deliveries), rows)


def _receivers(connection: Connection) -> list[tuple[UUID, list[str], WebhookFilter]]:
    c = webhooks.c
    return [
        (webhook_id, events, WebhookFilter.model_validate(chosen))
        for webhook_id, events, chosen in connection.execute(select(c.id, c.events, c.filter).where(c.enabled))
    ]


def enqueue_overturn(
    connection: Connection, overturn: Overturn, event: AssessmentSummary, base_amount: float | None
) -> None:
    """Enqueue messages about an overturn of this event's decision, or about its undoing, in the same transaction."""
    undone = overturn.undone_at is not None
    kind = (WebhookEvent.RESTORED if undone else WebhookEvent.OVERTURNED).value
    at = overturn.undone_at or overturn.made_at
    payload = _payload(kind, at, event.model_dump(mode="json") | {"overturn": overturn.model_dump(mode="json")})
    rows = [
        _message(webhook_id, kind, payload, at, None)
        for webhook_id, events, chosen in _receivers(connection)
        if kind in events and chosen.meets(event.level, event.event_type, event.country, base_amount)
    ]
    if rows:
        connection.execute(insert(webhook_deliveries), rows)


_MERGE = text(
    """
    WITH grown AS (
        SELECT * FROM unnest(CAST(:webhooks AS uuid[]), CAST(:alerts AS uuid[]), CAST(:events AS text[]),
                             CAST(:payloads AS text[])) AS g (webhook_id, alert_id, event, payload)
    ), last AS (
        SELECT found.id, grown.event, grown.payload FROM grown CROSS JOIN LATERAL (
            SELECT id FROM webhook_deliveries
            WHERE webhook_id = grown.webhook_id AND alert_id = grown.alert_id AND status = 'pending'
            ORDER BY sequence DESC LIMIT 1
        ) AS found
    )
    UPDATE webhook_deliveries AS d SET payload = last.payload FROM last
    WHERE d.id = last.id AND d.event = last.event AND d.status = 'pending' AND d.attempts = 0
      AND d.claimed_until IS NULL
    RETURNING d.webhook_id, d.alert_id
    """
)


def _merge(connection: Connection, grown: Sequence[dict[str, Any]]) -> set[tuple[UUID, UUID]]:
    """Update unsent messages of the same kind to the newest states of their alerts.

    Returns the webhook and the alert of each.
    """
    columns = {"webhooks": "webhook_id", "alerts": "alert_id", "events": "event", "payloads": "payload"}
    values = {name: [row[column] for row in grown] for name, column in columns.items()}
    return {(webhook_id, alert_id) for webhook_id, alert_id in connection.execute(_MERGE, values)}


def enqueue_test(connection: Connection, webhook_id: UUID, *, by: str, at: datetime) -> Delivery:
    """Enqueue a test message."""
    row = _message(webhook_id, TEST, _payload(TEST, at, {"webhook_id": str(webhook_id), "sent_by": by}), at, None)
    return _delivery(connection.execute(insert(webhook_deliveries).values(row).returning(*_COLUMNS)).one())


def _payload(event: str, at: datetime, data: dict[str, Any]) -> str:
    return orjson.dumps({"type": event, "timestamp": at, "data": data}).decode()


def _row(webhook_id: UUID, event: str, alert: Alert) -> dict[str, Any]:
    payload = _payload(event, alert.updated_at, alert.model_dump(mode="json"))
    return _message(webhook_id, event, payload, alert.updated_at, alert.id)


def _message(webhook_id: UUID, event: str, payload: str, at: datetime, alert_id: UUID | None) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "webhook_id": webhook_id,
        "event": event,
        "alert_id": alert_id,
        "payload": payload,
        "created_at": at,
        "queued_at": at,
        "next_attempt_at": at,
    }


def waiting(connection: Connection, now: datetime) -> list[UUID]:
    """The receivers with messages due now that nobody is sending."""
    c = webhooks.c
    unclaimed = or_(d.claimed_until.is_(None), d.claimed_until <= now)
    due = exists().where(d.webhook_id == c.id, _PENDING, d.next_attempt_at <= now, unclaimed)
    unpaused = or_(c.paused_until.is_(None), c.paused_until <= now)
    return list(connection.scalars(select(c.id).where(c.enabled, unpaused, due)))


def claim(connection: Connection, webhook_id: UUID, now: datetime) -> Claimed | None:
    """Claim the next message for a receiver, for a minute; None if there is none, or the receiver is paused."""
    c, one, earlier = webhooks.c, webhook_deliveries.alias("one").c, webhook_deliveries.alias("earlier").c
    due = (one.status == DeliveryStatus.PENDING.value) & (one.next_attempt_at <= now)
    unclaimed = or_(one.claimed_until.is_(None), one.claimed_until <= now)
    blocked = exists().where(
        earlier.webhook_id == one.webhook_id,
        earlier.alert_id == one.alert_id,
        earlier.status == DeliveryStatus.PENDING.value,
        earlier.sequence < one.sequence,
    )
    takes = exists().where(c.id == webhook_id, c.enabled, or_(c.paused_until.is_(None), c.paused_until <= now))
    first = (
        select(one.id)
        .where(one.webhook_id == webhook_id, due, unclaimed, ~blocked, takes)
        .order_by(one.sequence)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = connection.execute(
        update(webhook_deliveries)
        .where(d.id == first)
        .values(claimed_until=now + CLAIM, attempts=d.attempts + 1, last_attempt_at=now)
        .returning(*_COLUMNS, d.payload)
    ).one_or_none()
    return None if row is None else Claimed.model_validate(row._asdict())


def _finish(connection: Connection, delivery: Delivery, values: dict[str, Any]) -> None:
    # Guarded by the attempt number: a sender whose claim has expired changes nothing.
    connection.execute(
        update(webhook_deliveries)
        .where(d.id == delivery.id, _PENDING, d.attempts == delivery.attempts)
        .values(**values, claimed_until=None)
    )


def delivered(connection: Connection, delivery: Delivery, status: int) -> None:
    """Mark the message as delivered."""
    values = {"status": DeliveryStatus.DELIVERED.value, "next_attempt_at": None}
    _finish(connection, delivery, values | {"response_status": status, "error": None})


def try_again(connection: Connection, delivery: Delivery, at: datetime, *, status: int | None, error: str) -> None:
    """Schedule another attempt at the message."""
    _finish(connection, delivery, {"next_attempt_at": at, "response_status": status, "error": error})


def give_up(connection: Connection, delivery: Delivery, *, status: int | None, error: str) -> None:
    """Abandon the message, unless an Admin replays it."""
    values = {"status": DeliveryStatus.DEAD.value, "next_attempt_at": None}
    _finish(connection, delivery, values | {"response_status": status, "error": error})


def give_up_older(connection: Connection, webhook_id: UUID, queued_before: datetime, error: str) -> int:
    """Abandon every message that has waited since before then and is not being sent; returns how many."""
    done = connection.execute(
        update(webhook_deliveries)
        .where(d.webhook_id == webhook_id, _PENDING, d.queued_at < queued_before, d.claimed_until.is_(None))
        .values(status=DeliveryStatus.DEAD.value, next_attempt_at=None, error=error)
    )
    return done.rowcount


def page(
    connection: Connection, webhook_id: UUID, *, status: DeliveryStatus | None, limit: int, before: int | None
) -> list[Delivery]:
    """At most ``limit`` messages to a receiver, newest first, from those with a sequence under ``before`` on."""
    wanted = select(*_COLUMNS).where(d.webhook_id == webhook_id).order_by(d.sequence.desc()).limit(limit)
    if status is not None:
        wanted = wanted.where(d.status == status.value)
    if before is not None:
        wanted = wanted.where(d.sequence < before)
    return [_delivery(row) for row in connection.execute(wanted)]


_AGAIN = {"status": DeliveryStatus.PENDING.value, "attempts": 0, "error": None, "response_status": None}


def replay(connection: Connection, webhook_id: UUID, delivery_id: UUID, *, at: datetime) -> Delivery:
    """Send a message again with the same id; a waiting one becomes due now. ``NotFound``."""
    row = connection.execute(
        update(webhook_deliveries)
        .where(d.webhook_id == webhook_id, d.id == delivery_id)
        .values(**_AGAIN, queued_at=at, next_attempt_at=at)
        .returning(*_COLUMNS)
    ).one_or_none()
    if row is None:
        raise NotFound(f"delivery {delivery_id} of this webhook not found")
    return _delivery(row)


def replay_dead(connection: Connection, webhook_id: UUID, *, at: datetime) -> int:
    """Send all abandoned messages again, in order; returns how many."""
    done = connection.execute(
        update(webhook_deliveries)
        .where(d.webhook_id == webhook_id, d.status == DeliveryStatus.DEAD.value)
        .values(**_AGAIN, queued_at=at, next_attempt_at=at)
    )
    return done.rowcount


def forget(connection: Connection, before: datetime, *, limit: int = 10_000) -> int:
    """Delete at most ``limit`` finished or orphaned messages older than that; returns how many."""
    done = or_(d.status != DeliveryStatus.PENDING.value, d.webhook_id.not_in(select(webhooks.c.id)))
    old = select(d.id).where(done, d.created_at < before).limit(limit)
    return connection.execute(delete(webhook_deliveries).where(d.id.in_(old))).rowcount
