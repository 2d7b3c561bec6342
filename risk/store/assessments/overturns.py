"""Queries for overturned decisions. The API alone writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Row, Uuid, any_, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from risk.domain.decisions import ACTIONS, DecisionAction, Overturn
from risk.domain.errors import Conflict, NotFound
from risk.domain.event_ids import EventId
from risk.store.db.tables import decision_overturns

_C = decision_overturns.c
HOLDING: ColumnElement[bool] = _C.undone_at.is_(None)


class OverturnCount(BaseModel):
    """How many decisions were overturned from ``decided`` to ``action``, and not restored since."""

    decided: DecisionAction
    action: DecisionAction
    count: int


def _overturn(row: Row[Any], event: EventId) -> Overturn:
    named = {"event_source": event.source, "event_id": event}
    ranks = {"decided": ACTIONS[row.decided], "action": ACTIONS[row.action]}
    return Overturn.model_validate(row._asdict() | named | ranks)


def of_event(connection: Connection, event: EventId) -> list[Overturn]:
    """Every overturn of the decision on ``event``, the last first; at most the first holds."""
    rows = connection.execute(
        select(decision_overturns).where(_C.event_id == event.key).order_by(_C.made_at.desc(), _C.id)
    )
    return [_overturn(row, event) for row in rows]


def holding(connection: Connection, events: Sequence[EventId]) -> dict[UUID, Overturn]:
    """The overturns that hold of these events, by the key of the event."""
    by_key = {event.key: event for event in events}
    of_these = _C.event_id == any_(literal(list(by_key), ARRAY(Uuid)))
    rows = connection.execute(select(decision_overturns).where(of_these, HOLDING))
    return {row.event_id: _overturn(row, by_key[row.event_id]) for row in rows}


def overturned(event_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an overturn of the event holds."""
    return event_id.in_(select(_C.event_id).where(HOLDING))


def add(
    connection: Connection,
    event: EventId,
    decided: DecisionAction,
    action: DecisionAction,
    reason: str,
    by: str,
    at: datetime,
) -> tuple[Overturn, bool]:
    """Overturn the decision on ``event``; also returns whether it is new: the same again changes nothing.

    ``Conflict`` if it is what was decided, or if another overturn holds.
    """
    if action is decided:
        raise Conflict(f"the decision is {decided.value} already")
    values = {"id": uuid4(), "event_id": event.key, "decided": decided.rank, "action": action.rank}
    statement = insert(decision_overturns).values(**values, reason=reason, made_by=by, made_at=at)
    made = connection.execute(
        statement.on_conflict_do_nothing(index_elements=[_C.event_id], index_where=HOLDING).returning(
            *decision_overturns.c
        )
    ).one_or_none()
    if made is not None:
        return _overturn(made, event), True
    present = holding(connection, [event]).get(event.key)
    if present is None or present.action is not action:
        said = f"to {present.action.value} by {present.made_by}" if present else "and restored at the same moment"
        raise Conflict(f"the decision was overturned {said}; undo that first")
    return present, False


def undo(connection: Connection, event: EventId, by: str, at: datetime) -> tuple[Overturn, bool]:
    """Undo the overturn that holds of ``event``; also returns whether one did: the same again changes nothing.

    ``NotFound`` if the decision was never overturned.
    """
    done = connection.execute(
        update(decision_overturns)
        .where(_C.event_id == event.key, HOLDING)
        .values(undone_by=by, undone_at=at)
        .returning(*decision_overturns.c)
    ).one_or_none()
    if done is not None:
        return _overturn(done, event), True
    earlier = of_event(connection, event)
    if not earlier:
        raise NotFound(f"the decision on event {event} was not overturned")
    return earlier[0], False


def count(connection: Connection, since: datetime) -> list[OverturnCount]:
    """Count the overturns made from ``since`` on that hold."""
    rows = connection.execute(
        select(_C.decided, _C.action, func.count().label("number"))
        .where(_C.made_at >= since, HOLDING)
        .group_by(_C.decided, _C.action)
        .order_by(_C.decided, _C.action)
    )
    return [OverturnCount(decided=ACTIONS[row.decided], action=ACTIONS[row.action], count=row.number) for row in rows]
