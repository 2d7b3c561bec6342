"""Queries for the events of an entity, and for what it shares with others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection, Row, func, select

from risk.alerts.alert import Alert
from risk.domain.assessment import LEVELS, RiskLevel
from risk.domain.entities import EntityKind
from risk.store.alerts.alerts import from_row
from risk.store.assessments.named_by import COLUMNS, is_of
from risk.store.db.tables import alert_events, alerts, assessments

LOOKED_AT = 1_000
"""How many of an entity's latest events are examined for shared entities and alerts."""
LOOKED_AT_FOR_ONE = 20_000
"""How many when only one kind is requested, such as all accounts of a device."""
_HIGH = RiskLevel.HIGH.rank
_A = assessments.c


class Shared(BaseModel):
    """An entity met in the same events: in how many, how many of them HIGH or CRITICAL, and the highest level."""

    value: str
    events: int
    risky: int
    level: RiskLevel
    last_at: datetime


class SharedKind(BaseModel):
    """The entities of a kind that share events with an entity, riskiest first; ``total`` counts all."""

    kind: EntityKind
    total: int
    items: list[Shared]


class Sharing(BaseModel):
    """What an entity shares with others, of its latest ``events``; ``complete`` if there are no older ones."""

    kind: EntityKind
    value: str
    events: int
    complete: bool
    level: RiskLevel
    kinds: list[SharedKind]


def sharing(
    connection: Connection, kind: EntityKind, value: str, *, most: int, only: EntityKind | None = None
) -> Sharing:
    """What an entity shares: at most ``most`` entities of each other kind, or of the kind ``only``."""
    others = [other for other in EntityKind if other is not kind and only in {None, other}]
    text = {other: func.host(column) if other is EntityKind.IP else column for other, column in COLUMNS.items()}
    newest = LOOKED_AT if only is None else LOOKED_AT_FOR_ONE
    rows = connection.execute(
        select(_A.level, _A.occurred_at, *(text[other].label(other.value) for other in others))
        .where(is_of(kind, value))
        .order_by(_A.sequence.desc())
        .limit(newest)
    ).all()
    return Sharing(
        kind=kind,
        value=value,
        events=len(rows),
        complete=len(rows) < newest,
        level=LEVELS[max((row.level for row in rows), default=0)],
        kinds=[found for other in others if (found := _grouped(other, rows, most)).total],
    )


def _grouped(kind: EntityKind, rows: Iterable[Row[Any]], most: int) -> SharedKind:
    met: dict[str, list[Row[Any]]] = {}
    for row in rows:
        value = getattr(row, kind.value)
        if value is not None:
            met.setdefault(value, []).append(row)
    found = [
        Shared(
            value=value,
            events=len(events),
            risky=sum(event.level >= _HIGH for event in events),
            level=LEVELS[max(event.level for event in events)],
            last_at=max(event.occurred_at for event in events),
        )
        for value, events in met.items()
    ]
    found.sort(key=lambda one: (-one.level.rank, -one.risky, -one.events, one.value))
    return SharedKind(kind=kind, total=len(found), items=found[:most])


def alerts_of(connection: Connection, kind: EntityKind, value: str, *, most: int) -> list[Alert]:
    """The alerts that hold any of an entity's latest events, last opened first."""
    latest = select(_A.event_id).where(is_of(kind, value)).order_by(_A.sequence.desc()).limit(LOOKED_AT).subquery()
    holding = (
        select(alert_events.c.alert_id)
        .join(latest, latest.c.event_id == alert_events.c.event_id)
        .where(alert_events.c.suppressed.is_(False))
    )
    c = alerts.c
    query = select(alerts).where(c.id.in_(holding)).order_by(c.opened_at.desc(), c.id.desc()).limit(most)
    return [from_row(row) for row in connection.execute(query)]
