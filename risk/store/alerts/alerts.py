"""Queries for alerts. The engine opens and grows them; ``risk.store.alerts.workflow`` stores analysts' actions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Uuid,
    any_,
    func,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from risk.alerts.alert import Alert, AlertStatus, GroupKey
from risk.alerts.grouping import Subject
from risk.domain.assessment import LEVELS, AssessmentSummary, RiskLevel
from risk.domain.decisions import ACTIONS, DecisionAction
from risk.domain.errors import NotFound
from risk.domain.event_ids import EventId
from risk.store.assessments.assessments import CHUNK, SUMMARY, summary
from risk.store.assessments.overturns import overturned
from risk.store.db.chunks import chunks
from risk.store.db.tables import alert_events, alert_links, alerts, assessment_keys, assessments

UNRESOLVED = alerts.c.status != literal_column("'resolved'")
"""Literal, so that a generic plan can use the partial indexes of unresolved alerts."""


class Sort(StrEnum):
    """In which order alerts are listed: last opened first, first the one to deal with first, or by a column.

    With ``-`` the greatest comes first. What has no amount, country or counterparty counts as the least.
    """

    OPENED = "opened"
    RANK = "rank"
    AMOUNT = "amount"
    AMOUNT_LARGEST = "-amount"
    COUNTRY = "country"
    COUNTRY_LAST = "-country"
    COUNTERPARTY = "counterparty_id"
    COUNTERPARTY_LAST = "-counterparty_id"

    @property
    def column(self) -> str:
        """The column, without the direction."""
        return self.value.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return self.value.startswith("-")


_NO_AMOUNT = -1.0
_KEYS: dict[str, ColumnElement[Any]] = {
    "amount": func.coalesce(alerts.c.base_amount, literal_column("-1")),
    "country": func.coalesce(alerts.c.country, literal_column("''")),
    "counterparty_id": func.coalesce(alerts.c.counterparty_id, literal_column("''")),
}
"""As the indexes have them."""
MOST_COUNTED = 10_000


class AlertCounts(BaseModel):
    """How many alerts of a filter are open and acknowledged. ``more`` says that the count ended at 10,000 alerts."""

    open: int
    acknowledged: int
    more: bool


class AlertAccount(BaseModel):
    """An account inside an alert, with its number of events."""

    account_id: str
    event_count: int
    last_occurred_at: datetime


@dataclass(frozen=True)
class Filter:
    """Which alerts are wanted; ``assignee`` empty means nobody's.

    ``min_amount`` is in the reporting currency. Times of ``since`` and ``until`` are of opening.
    """

    status: AlertStatus | None = None
    level: RiskLevel | None = None
    min_level: RiskLevel | None = None
    decision: DecisionAction | None = None
    overturned: bool | None = None
    account_id: str | None = None
    counterparty_id: str | None = None
    country: str | None = None
    min_amount: float | None = None
    assignee: str | None = None
    breached: bool | None = None
    snoozed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None


def from_row(row: Row[Any]) -> Alert:
    """The alert in a row of the table."""
    return from_values(row._asdict())


def from_values(values: Mapping[str, Any]) -> Alert:
    """The alert in the columns of a row."""
    known = {name: value for name, value in values.items() if name in Alert.model_fields}
    return Alert.model_validate({**known, **_shown(values)})


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    amount, due_at = values["amount"], values["due_at"]
    top = EventId.stored(values["top_event_id"], values["top_sender_event_id"], values["top_event_source"])
    return {
        "top_event_id": top,
        "top_event_source": top.source,
        "level": LEVELS[values["level"]],
        "decision": None if values["decision"] is None else ACTIONS[values["decision"]],
        # The column has six decimals; restore those of the event.
        "amount": None if amount is None else Decimal(f"{amount.normalize():f}"),
        "breached": values["breached_at"] is not None or (due_at is not None and due_at <= datetime.now(UTC)),
    }


def to_row(alert: Alert) -> dict[str, Any]:
    """The columns of the table that hold ``alert``."""
    at_risk = [one.model_dump(mode="json") for one in alert.at_risk]
    text, source = alert.top_event_id.columns
    decision = None if alert.decision is None else alert.decision.rank
    return alert.model_dump(exclude={"breached"}) | {
        "level": alert.level.rank,
        "at_risk": at_risk,
        "decision": decision,
        "top_event_id": alert.top_event_id.key,
        "top_sender_event_id": text,
        "top_event_source": source,
    }


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    c = alerts.c
    given: list[tuple[Column[Any], Callable[[Any, Any], ColumnElement[bool]], object]] = [
        (c.status, operator.eq, wanted.status),
        (c.level, operator.eq, wanted.level and wanted.level.rank),
        (c.level, operator.ge, wanted.min_level and wanted.min_level.rank),
        (c.decision, operator.eq, wanted.decision and wanted.decision.rank),
        (c.opened_at, operator.ge, wanted.since),
        (c.opened_at, operator.lt, wanted.until),
    ]
    found = [
        c.merged_into.is_(None),
        *(compare(column, value) for column, compare, value in given if value is not None),
    ]
    if wanted.overturned is not None:
        inside = alert_events.c
        some = select(inside.alert_id).where(inside.suppressed.is_(False), overturned(inside.event_id))
        found.append(c.id.in_(some) if wanted.overturned else c.id.not_in(some))
    if wanted.account_id is not None:
        found.append(holds(Subject(GroupKey.ACCOUNT, wanted.account_id)))
    if wanted.counterparty_id is not None:
        found.append(holds(Subject(GroupKey.COUNTERPARTY, wanted.counterparty_id)))
    if wanted.country is not None:
        found.append(_KEYS["country"] == wanted.country)
    if wanted.min_amount is not None:
        found.append(_KEYS["amount"] >= wanted.min_amount)
    if wanted.assignee is not None:
        found.append(c.assignee == wanted.assignee if wanted.assignee else c.assignee.is_(None))
    if wanted.breached is not None:
        breached = func.coalesce(c.breached_at, c.due_at) <= func.now()
        found.append(breached.is_(True) if wanted.breached else breached.is_not(True))
    if wanted.snoozed is not None:
        found.append(c.snoozed_until > func.now() if wanted.snoozed else awake(func.now()))
    return found


def holds(subject: Subject) -> ColumnElement[bool]:
    """Whether an alert has events of ``subject``."""
    at = alert_links.c
    inside = select(at.alert_id).where(at.key == subject.key, at.value == subject.value).distinct()
    return alerts.c.id == any_(func.array(inside.scalar_subquery(), type_=ARRAY(Uuid)))


def awake(now: Any) -> ColumnElement[bool]:
    """Whether an alert is not snoozed at ``now``."""
    return or_(alerts.c.snoozed_until.is_(None), alerts.c.snoozed_until <= now)


def query(wanted: Filter) -> Select[Any]:
    """The rows of matching alerts, unordered."""
    return select(alerts).where(*_conditions(wanted))


def page(
    connection: Connection, wanted: Filter, *, limit: int, before: tuple[datetime, UUID] | None = None
) -> list[Alert]:
    """At most ``limit`` alerts, newest opened first, from those after ``before`` (moment, id) in that order."""
    c = alerts.c
    found = query(wanted).order_by(c.opened_at.desc(), c.id.desc()).limit(limit)
    if before is not None:
        found = found.where(tuple_(c.opened_at, c.id) < before)
    return [from_row(row) for row in connection.execute(found)]


def queue(
    connection: Connection, wanted: Filter, *, limit: int, before: tuple[float, UUID] | None = None
) -> list[Alert]:
    """At most ``limit`` unresolved alerts by priority, after ``before`` (rank, id)."""
    c = alerts.c
    found = query(wanted).where(UNRESOLVED).order_by(c.rank.desc(), c.id.desc()).limit(limit)
    if before is not None:
        found = found.where(tuple_(c.rank, c.id) < before)
    return [from_row(row) for row in connection.execute(found)]


def sort_key(sort: Sort, alert: Alert) -> float | str:
    """The value by which ``sort``, an order by a column, places ``alert``."""
    if sort.column == "amount":
        return _NO_AMOUNT if alert.base_amount is None else alert.base_amount
    return (alert.country if sort.column == "country" else alert.counterparty_id) or ""


def sorted_page(
    connection: Connection, wanted: Filter, sort: Sort, *, limit: int, after: tuple[float | str, UUID] | None = None
) -> list[Alert]:
    """At most ``limit`` alerts in the order of a column, from those after ``after`` (``sort_key``, id) on."""
    key, identifier = _KEYS[sort.column], alerts.c.id
    order = (key.desc(), identifier.desc()) if sort.descending else (key, identifier)
    found = query(wanted).order_by(*order).limit(limit)
    if after is not None:
        place = tuple_(key, identifier)
        found = found.where(place < after if sort.descending else place > after)
    return [from_row(row) for row in connection.execute(found)]


def counts(connection: Connection, wanted: Filter) -> AlertCounts:
    """Count the unresolved alerts of ``wanted`` by status, whatever status it names."""
    c = alerts.c
    some = replace(wanted, status=None)
    found = select(c.status).where(*_conditions(some), UNRESOLVED).limit(MOST_COUNTED + 1).subquery()
    rows = connection.execute(select(found.c.status, func.count().label("number")).group_by(found.c.status))
    by_status: dict[str, int] = {row.status: row.number for row in rows}
    return AlertCounts(
        open=by_status.get(AlertStatus.OPEN, 0),
        acknowledged=by_status.get(AlertStatus.ACKNOWLEDGED, 0),
        more=sum(by_status.values()) > MOST_COUNTED,
    )


def stream(connection: Connection, wanted: Filter) -> Generator[dict[str, Any]]:
    """Every matching alert, newest first, as values of the fields of Alert; read in chunks.

    Close it before the transaction ends, unless it was read to its end.
    """
    for chunk in chunks(connection, query(wanted), [alerts.c.opened_at, alerts.c.id], CHUNK):
        for row in chunk:
            values = row._asdict()
            yield {**values, **_shown(values)}


def find(connection: Connection, alert_id: UUID) -> Alert:
    """The alert with this id, or ``NotFound``."""
    row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).one_or_none()
    if row is None:
        raise NotFound(f"alert {alert_id} not found")
    return from_row(row)


def events_of(connection: Connection, alert_id: UUID, *, limit: int) -> list[AssessmentSummary]:
    """At most ``limit`` assessments of an alert's events, last scored first."""
    keys, c = assessment_keys.c, assessments.c
    rows = connection.execute(
        select(*SUMMARY)
        .join(assessment_keys, (keys.event_id == c.event_id) & (keys.scored_at == c.scored_at))
        .join(alert_events, alert_events.c.event_id == keys.event_id)
        .where(alert_events.c.alert_id == alert_id, alert_events.c.suppressed.is_(False))
        .order_by(c.sequence.desc())
        .limit(limit)
    )
    return [summary(row) for row in rows]


def accounts_of(connection: Connection, alert_id: UUID, *, limit: int) -> list[AlertAccount]:
    """At most ``limit`` accounts inside an alert, those with most events first."""
    at = alert_links.c
    rows = connection.execute(
        select(at.account_id, at.event_count, at.last_occurred_at)
        .where(at.alert_id == alert_id, at.key == GroupKey.ACCOUNT)
        .order_by(at.event_count.desc(), at.account_id)
        .limit(limit)
    )
    return [AlertAccount.model_validate(row._asdict()) for row in rows]


def related(connection: Connection, alert: Alert, *, limit: int) -> tuple[list[Alert], list[Alert]]:
    """Other alerts of the same account, and those of other accounts with the same counterparty, newest first."""
    c = alerts.c
    others = select(alerts).where(c.id != alert.id, c.merged_into.is_(None))
    newest = others.order_by(c.opened_at.desc(), c.id.desc()).limit(limit)
    own = holds(Subject(GroupKey.ACCOUNT, alert.account_id))
    same_account = [from_row(row) for row in connection.execute(newest.where(own))]
    if alert.counterparty_id is None:
        return same_account, []
    shared = holds(Subject(GroupKey.COUNTERPARTY, alert.counterparty_id))
    return same_account, [from_row(row) for row in connection.execute(newest.where(shared, not_(own)))]
