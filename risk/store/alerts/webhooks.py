"""Webhooks: receivers, and the events each subscribes to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from risk.alerts.webhook_filter import WebhookFilter
from risk.alerts.webhook_messages import WebhookEvent, WebhookKind
from risk.domain.errors import Conflict, NotFound, Stale
from risk.store.db.locks import Hold, hold
from risk.store.db.tables import webhook_deliveries, webhooks

MOST = 20
"""The maximum number of receivers: each change of an alert is a row for each of them."""


class Webhook(BaseModel):
    """One receiver. ``failing_since`` is set while it fails; ``paused_until`` is its next attempt.

    ``secret_generation`` rises with each new secret.
    """

    id: UUID
    name: str
    kind: WebhookKind
    url: str
    events: list[WebhookEvent]
    filter: WebhookFilter
    enabled: bool
    disabled_reason: str | None
    secret_generation: int
    secret_changed_at: datetime
    failing_since: datetime | None
    paused_until: datetime | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    version: int

    def shown(self) -> Webhook:
        """The same without secrets: the path of a Slack URL is its password."""
        if self.kind is WebhookKind.STANDARD:
            return self
        parts = urlsplit(self.url)
        return self.model_copy(update={"url": f"{parts.scheme}://{parts.netloc}/…"})


_COLUMNS = [webhooks.c[name] for name in Webhook.model_fields]


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook.model_validate(row._asdict())


def create(
    connection: Connection,
    name: str,
    kind: WebhookKind,
    url: str,
    events: list[WebhookEvent],
    chosen: WebhookFilter,
    *,
    by: str,
    at: datetime,
) -> Webhook:
    """Add a receiver. ``Conflict`` if there are 20 already."""
    hold(connection, Hold.WEBHOOKS)
    if (connection.scalar(select(func.count()).select_from(webhooks)) or 0) >= MOST:
        raise Conflict(f"there are {MOST} webhooks already; delete one first")
    values = {
        "id": uuid4(),
        "name": name,
        "kind": kind,
        "url": url,
        "events": sorted(set(events)),
        "filter": chosen.model_dump(mode="json", exclude_defaults=True),
        "created_at": at,
        "created_by": by,
        "updated_at": at,
        "secret_changed_at": at,
    }
    return _webhook(connection.execute(insert(webhooks).values(values).returning(*_COLUMNS)).one())


def all_webhooks(connection: Connection) -> list[Webhook]:
    """Every receiver, the first made first."""
    return [
        _webhook(row) for row in connection.execute(select(*_COLUMNS).order_by(webhooks.c.created_at, webhooks.c.id))
    ]


def find(connection: Connection, webhook_id: UUID) -> Webhook:
    """The receiver with this id, or ``NotFound``."""
    row = connection.execute(select(*_COLUMNS).where(webhooks.c.id == webhook_id)).one_or_none()
    if row is None:
        raise NotFound(f"webhook {webhook_id} not found")
    return _webhook(row)


def change(
    connection: Connection, webhook_id: UUID, values: dict[str, Any], *, seen: int | None, at: datetime
) -> Webhook:
    """Change a receiver that is at version ``seen``, if that is given. ``NotFound`` or ``Stale``."""
    c = webhooks.c
    wanted = update(webhooks).where(c.id == webhook_id)
    if seen is not None:
        wanted = wanted.where(c.version == seen)
    row = connection.execute(
        wanted.values(**values, version=c.version + 1, updated_at=at).returning(*_COLUMNS)
    ).one_or_none()
    if row is None:
        present = find(connection, webhook_id)
        raise Stale(f"the webhook is at version {present.version}, not {seen}; read it again")
    return _webhook(row)


def rotate(connection: Connection, webhook_id: UUID, *, at: datetime) -> Webhook:
    """Rotate a receiver's secret; for a day messages are also signed with the old one."""
    values = {"secret_generation": webhooks.c.secret_generation + 1, "secret_changed_at": at}
    return change(connection, webhook_id, values, seen=None, at=at)


def remove(connection: Connection, webhook_id: UUID) -> None:
    """Remove a receiver and its messages. ``NotFound``."""
    find(connection, webhook_id)
    connection.execute(delete(webhook_deliveries).where(webhook_deliveries.c.webhook_id == webhook_id))
    connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id))


def answered(connection: Connection, webhook_id: UUID) -> None:
    """Note a receiver's success; if it was failing, all its waiting messages become due."""
    c, d = webhooks.c, webhook_deliveries.c
    recovered = connection.execute(
        update(webhooks)
        .where(c.id == webhook_id, c.failing_since.is_not(None))
        .values(failures=0, failing_since=None, paused_until=None)
    )
    if recovered.rowcount:
        connection.execute(
            update(webhook_deliveries)
            .where(d.webhook_id == webhook_id, d.status == "pending", d.next_attempt_at > func.now())
            .values(next_attempt_at=func.now())
        )


def failed(connection: Connection, webhook_id: UUID, *, now: datetime) -> int | None:
    """Note a receiver's failure; returns the number in a row, or None if it is paused already."""
    c = webhooks.c
    failures: int | None = connection.scalar(
        update(webhooks)
        .where(c.id == webhook_id, or_(c.paused_until.is_(None), c.paused_until <= now))
        .values(failures=c.failures + 1, failing_since=func.coalesce(c.failing_since, now))
        .returning(c.failures)
    )
    return failures


def pause(connection: Connection, webhook_id: UUID, until: datetime) -> None:
    """Pause a receiver until then."""
    connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(paused_until=until))


def disable(connection: Connection, webhook_id: UUID, reason: str, *, at: datetime) -> None:
    """Disable a receiver until an Admin enables it again."""
    change(connection, webhook_id, {"enabled": False, "disabled_reason": reason}, seen=None, at=at)
