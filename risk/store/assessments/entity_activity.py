"""Queries for the recent activity of an entity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from risk.domain.assessment import LEVELS
from risk.domain.entities import EntityKind
from risk.domain.errors import NotFound
from risk.domain.event_ids import EventId
from risk.monitoring.entity_activity import NEWEST, Activity, Seen, summarise
from risk.store.assessments.assessments import plain
from risk.store.assessments.counting_label import fraud_of
from risk.store.assessments.named_by import is_of
from risk.store.db.tables import assessments


def of(connection: Connection, kind: EntityKind, identifier: str) -> Activity:
    """The newest 1,000 assessments of ``identifier``, summed up, or ``NotFound``."""
    c = assessments.c
    other = c.counterparty_id if kind is EntityKind.ACCOUNT else c.account_id
    own = is_of(kind, identifier)
    columns = [
        c.event_id,
        c.sender_event_id,
        c.event_source,
        c.event_type,
        c.occurred_at,
        c.score,
        c.level,
        other,
        c.amount,
        c.currency,
    ]
    newest = (
        select(*columns, c.channel, c.country, c.device_id, fraud_of(c.event_id))
        .where(own)
        .order_by(c.sequence.desc())
        .limit(NEWEST)
    )
    seen = [_seen(tuple(row)) for row in connection.execute(newest)]
    if not seen:
        raise NotFound(
            f"no event of the {kind.replace('_', ' ')} {identifier} is scored; one just sent is there within a second"
        )
    complete = len(seen) < NEWEST
    first_at = min(one.occurred_at for one in seen)
    if not complete:
        first = select(c.occurred_at).where(own).order_by(c.sequence).limit(1)
        first_at = min(first_at, connection.scalars(first).one())
    return summarise(identifier, seen, first_at, complete=complete)


def _seen(values: Sequence[Any]) -> Seen:
    event_id, text, source, event_type, occurred_at, score, level, other, amount, *rest = values
    paid = None if amount is None else plain(amount)
    return Seen(
        EventId.stored(event_id, text, source), event_type, occurred_at, score, LEVELS[level], other, paid, *rest
    )
