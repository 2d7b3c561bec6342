"""Connections: an account, the counterparties of its latest events, and other accounts they share."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Row, Text, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from risk.alerts.alert import Disposition
from risk.domain.assessment import LEVELS, RiskLevel
from risk.domain.entities import EntityKind
from risk.store.alerts.alerts import UNRESOLVED
from risk.store.db.tables import alert_links, alerts, assessments

LOOKED_AT = 500
"""How many of the account's latest events are examined; of each counterparty, half as many."""
MAX_COUNTERPARTIES = 7
MAX_ACCOUNTS = 4
"""Other accounts returned per counterparty."""
_HIGH = RiskLevel.HIGH.rank


_SHOWN = (EntityKind.ACCOUNT, EntityKind.COUNTERPARTY)


class Neighbour(BaseModel):
    """An account or a counterparty with its unresolved and confirmed alerts."""

    kind: EntityKind
    id: str
    unresolved: int
    confirmed: int


class Dealing(BaseModel):
    """An account's events with a counterparty, among those examined; ``risky`` are HIGH or CRITICAL."""

    account_id: str
    counterparty_id: str
    events: int
    risky: int
    level: RiskLevel
    last_occurred_at: datetime


class Neighbourhood(BaseModel):
    """The account's dealings first, the riskiest first; ``events`` says how many of its events were looked at."""

    account_id: str
    events: int
    nodes: list[Neighbour]
    links: list[Dealing]


class _Place(NamedTuple):
    kind: EntityKind
    id: str


def around(connection: Connection, account_id: str, counterparty_id: str | None) -> Neighbourhood:
    """The neighbourhood of an account; always includes ``counterparty_id`` if the account dealt with it."""
    events, own = _own(connection, account_id, counterparty_id)
    others = _others(connection, account_id, [link.counterparty_id for link in own])
    links = [*own, *others]
    places = dict.fromkeys([_Place(EntityKind.ACCOUNT, account_id)])
    places |= dict.fromkeys(_Place(EntityKind.COUNTERPARTY, link.counterparty_id) for link in own)
    places |= dict.fromkeys(_Place(EntityKind.ACCOUNT, link.account_id) for link in others)
    ids = {kind: {place.id for place in places if place.kind is kind} for kind in _SHOWN}
    known = {kind: _alerts(connection, kind, ids[kind]) for kind in _SHOWN}
    nodes = []
    for kind, name in places:
        unresolved, confirmed = known[kind].get(name, (0, 0))
        nodes.append(Neighbour(kind=kind, id=name, unresolved=unresolved, confirmed=confirmed))
    return Neighbourhood(account_id=account_id, events=events, nodes=nodes, links=links)


def _told(c: Any) -> tuple[ColumnElement[Any], ...]:
    return (
        func.count().label("events"),
        func.count().filter(c.level >= _HIGH).label("risky"),
        func.max(c.level).label("level"),
        func.max(c.occurred_at).label("last_occurred_at"),
    )


def _own(connection: Connection, account_id: str, wanted: str | None) -> tuple[int, list[Dealing]]:
    a = assessments.c
    latest = (
        select(a.counterparty_id, a.level, a.occurred_at)
        .where(a.account_id == account_id)
        .order_by(a.sequence.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    c = latest.c
    found = select(c.counterparty_id, *_told(c)).group_by(c.counterparty_id)
    rows = connection.execute(found).all()
    named = [row for row in rows if row.counterparty_id is not None]
    named.sort(key=lambda row: (row.counterparty_id == wanted, row.level, row.events), reverse=True)
    links = [_dealing(row, account_id=account_id) for row in named[:MAX_COUNTERPARTIES]]
    return sum(row.events for row in rows), links


def _others(connection: Connection, account_id: str, counterparties: list[str]) -> list[Dealing]:
    if not counterparties:
        return []
    a = assessments.c
    given = select(func.unnest(literal(counterparties, ARRAY(Text))).label("counterparty_id")).subquery()
    latest = (
        select(a.account_id, a.level, a.occurred_at)
        .where(a.counterparty_id == given.c.counterparty_id)
        .order_by(a.sequence.desc())
        .limit(LOOKED_AT // 2)
        .correlate(given)
        .lateral()
    )
    c = latest.c
    rank = func.row_number().over(
        partition_by=given.c.counterparty_id, order_by=(func.max(c.level).desc(), func.count().desc(), c.account_id)
    )
    ranked = (
        select(given.c.counterparty_id, c.account_id, *_told(c), rank.label("place"))
        .select_from(given.join(latest, true()))
        .where(c.account_id != account_id)
        .group_by(given.c.counterparty_id, c.account_id)
        .subquery()
    )
    order = (ranked.c.level.desc(), ranked.c.events.desc(), ranked.c.account_id)
    rows = connection.execute(select(ranked).where(ranked.c.place <= MAX_ACCOUNTS).order_by(*order))
    return [_dealing(row) for row in rows]


def _dealing(row: Row[Any], **known: str) -> Dealing:
    return Dealing.model_validate({**row._asdict(), **known, "level": LEVELS[row.level]})


def _alerts(connection: Connection, kind: EntityKind, names: Collection[str]) -> dict[str, tuple[int, int]]:
    c, at = alerts.c, alert_links.c
    rows = connection.execute(
        select(
            at.value,
            func.count(c.id.distinct()).filter(UNRESOLVED),
            func.count(c.id.distinct()).filter(c.disposition == Disposition.CONFIRMED_RISK),
        )
        .join(alerts, c.id == at.alert_id)
        .where(at.key == kind.value, at.value == func.any(literal(sorted(names), ARRAY(Text))))
        .group_by(at.value)
    )
    return {found: (unresolved, confirmed) for found, unresolved, confirmed in rows}
