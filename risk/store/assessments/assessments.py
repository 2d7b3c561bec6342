"""Queries for assessments, which the engine alone writes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Row, Uuid, any_, func, literal, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from risk.domain.assessment import LEVELS, Assessment, AssessmentSummary, RiskLevel
from risk.domain.decisions import ACTIONS, DecisionAction
from risk.domain.entities import EntityKind
from risk.domain.errors import NotFound
from risk.domain.event_ids import EventId
from risk.store.assessments.named_by import is_of
from risk.store.assessments.overturns import overturned
from risk.store.db.chunks import chunks
from risk.store.db.tables import assessment_counts, assessment_keys, assessments, decision_counts

_MORE = ("decision_because", "config_version", "sender_event_id")
"""What a decision is made of, beside its action, and an id."""
SUMMARY = [assessments.c[name] for name in dict.fromkeys([*AssessmentSummary.model_fields, *_MORE])]
"""The columns of an AssessmentSummary."""
_WHOLE = [assessments.c[name] for name in dict.fromkeys([*Assessment.model_fields, *_MORE])]
CHUNK = 1_000
"""Rows per chunk of long reads."""


@dataclass(frozen=True)
class Filter:
    """Which assessments to list; ``since`` (inclusive) and ``until`` bound when the events occurred."""

    since: datetime | None = None
    until: datetime | None = None
    level: RiskLevel | None = None
    min_level: RiskLevel | None = None
    event_type: str | None = None
    account_id: str | None = None
    counterparty_id: str | None = None
    min_score: float | None = None
    decision: DecisionAction | None = None
    overturned: bool | None = None
    entities: tuple[tuple[EntityKind, str], ...] = ()


class Order(StrEnum):
    """The sort order of history, ascending, or descending with ``-``; ties by when they were scored."""

    SCORED_LAST = "-scored_at"
    SCORED_FIRST = "scored_at"
    OCCURRED_LAST = "-occurred_at"
    OCCURRED_FIRST = "occurred_at"
    # Not ascending by level: high ones would only be found behind all others.
    SCORE_HIGHEST = "-score"

    @property
    def by(self) -> str:
        """The column."""
        return self.value.removeprefix("-")

    @property
    def downwards(self) -> bool:
        """Whether the greatest is first."""
        return self.value.startswith("-")


class Place(NamedTuple):
    """A keyset position: the sort value (None if sorted by sequence only), and the sequence."""

    value: datetime | float | None
    sequence: int


def place(order: Order, of: AssessmentSummary) -> Place:
    """Where ``of`` stands in ``order``."""
    return Place(None if order.by == "scored_at" else getattr(of, order.by), of.sequence)


def plain(amount: Decimal) -> Decimal:
    """``amount`` with its original decimals: the column has six."""
    return Decimal(f"{amount.normalize():f}")


def _values(row: Row[Any]) -> dict[str, Any]:
    values = row._asdict()
    amount = values["amount"]
    values["event_id"] = EventId.stored(values["event_id"], values.pop("sender_event_id"), values["event_source"])
    values["event_source"] = values["event_id"].source
    return values | {
        "level": LEVELS[values["level"]],
        "amount": None if amount is None else plain(amount),
        "decision": decision_of(values),
    }


def decision_of(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The decision in the columns of an assessment, as JSON has it."""
    if values["decision"] is None:
        return None
    return {
        "action": ACTIONS[values["decision"]].value,
        "policy_version": values["config_version"],
        "because": values["decision_because"],
    }


def summary(row: Row[Any]) -> AssessmentSummary:
    """The assessment that a row of the columns ``SUMMARY`` holds."""
    values = _values(row)
    return AssessmentSummary.model_validate({name: values[name] for name in AssessmentSummary.model_fields})


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    c = assessments.c
    given: list[tuple[Column[Any], Callable[[Any, Any], ColumnElement[bool]], object]] = [
        (c.occurred_at, operator.ge, wanted.since),
        (c.occurred_at, operator.lt, wanted.until),
        (c.event_type, operator.eq, wanted.event_type),
        (c.account_id, operator.eq, wanted.account_id),
        (c.counterparty_id, operator.eq, wanted.counterparty_id),
        (c.score, operator.ge, wanted.min_score),
    ]
    conditions = [compare(column, value) for column, compare, value in given if value is not None]
    conditions += [is_of(kind, value) for kind, value in wanted.entities]
    if wanted.level:
        conditions.append(c.level == wanted.level.rank)
    if wanted.min_level:
        # Literal, so that a generic plan can use the partial index of risky assessments.
        conditions.append(c.level >= literal_column(str(wanted.min_level.rank)))
    if wanted.decision is not None:
        conditions.append(c.decision == wanted.decision.rank)
        if wanted.decision.rank:
            conditions.append(c.decision > literal_column("0"))  # as in the index
    if wanted.overturned is not None:
        holds = overturned(c.event_id)
        conditions.append(holds if wanted.overturned else ~holds)
    return conditions


def page(
    connection: Connection,
    wanted: Filter,
    *,
    limit: int,
    order: Order = Order.SCORED_LAST,
    after: Place | None = None,
) -> list[AssessmentSummary]:
    """At most ``limit`` assessments in ``order``, after the position ``after``."""
    c = assessments.c
    # Scored one after the other, they are numbered so.
    columns = [c.sequence] if order.by == "scored_at" else [c[order.by], c.sequence]
    query = select(*SUMMARY).where(*_conditions(wanted))
    if after is not None:
        compare = operator.lt if order.downwards else operator.gt
        query = query.where(compare(tuple_(*columns), tuple_(*after[-len(columns) :])))
    query = query.order_by(*(column.desc() if order.downwards else column for column in columns)).limit(limit)
    return [summary(row) for row in connection.execute(query)]


def stream(connection: Connection, wanted: Filter) -> Generator[dict[str, Any]]:
    """Every assessment wanted, last scored first, as values of the fields of AssessmentSummary; read in chunks.

    Close it before the transaction ends, unless it was read to its end.
    """
    found = select(*SUMMARY).where(*_conditions(wanted))
    for chunk in chunks(connection, found, [assessments.c.sequence], CHUNK):
        yield from map(_values, chunk)


def find(connection: Connection, event_id: UUID) -> Assessment | None:
    """The assessment of the event with this id."""
    keys = assessment_keys.c
    query = (
        select(*_WHOLE)
        .join(
            assessment_keys,
            (keys.event_id == assessments.c.event_id) & (keys.scored_at == assessments.c.scored_at),
        )
        .where(keys.event_id == event_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    values = _values(row)
    values.pop("decision_because")
    return Assessment.model_validate(values | {"ip": None if values["ip"] is None else str(values["ip"])})


def get(connection: Connection, event_id: UUID) -> Assessment:
    """The assessment of the event with this id, or ``NotFound``."""
    found = find(connection, event_id)
    if found is None:
        raise unknown(event_id)
    return found


def unknown(event_id: UUID) -> NotFound:
    """The error for an event that is not scored."""
    return NotFound(f"no event {event_id} is scored; one just sent is there within a second")


def scored(connection: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Which of ``ids`` are scored already."""
    wanted = any_(literal(list(ids), ARRAY(Uuid)))
    return set(connection.scalars(select(assessment_keys.c.event_id).where(assessment_keys.c.event_id == wanted)))


def counts(
    connection: Connection, first: datetime, last: datetime | None = None
) -> dict[datetime, dict[RiskLevel, int]]:
    """Assessments by level in the minutes from ``first`` to ``last`` (inclusive), or to now."""
    c = assessment_counts.c
    query = select(c.minute, c.level, c.count).where(c.minute >= first)
    if last is not None:
        query = query.where(c.minute <= last)
    found: dict[datetime, dict[RiskLevel, int]] = {}
    for minute, level, count in connection.execute(query):
        found.setdefault(minute, dict.fromkeys(RiskLevel, 0))[LEVELS[level]] = count
    return found


def count_by_decision(connection: Connection, first: datetime) -> dict[DecisionAction, int]:
    """How many assessments of the minutes from ``first`` on were decided in each way."""
    c = decision_counts.c
    query = select(c.decision, func.sum(c.count)).where(c.minute >= first).group_by(c.decision)
    return dict.fromkeys(DecisionAction, 0) | {ACTIONS[rank]: int(count) for rank, count in connection.execute(query)}
