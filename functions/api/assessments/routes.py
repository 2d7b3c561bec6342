"""Assessments: live view, history, one assessment, statistics."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from functions.api.assessments.event_reference import UNKNOWN, StoredEvent
from functions.api.assessments.schemas import AssessmentDetail, AssessmentPage, RiskOverview, RiskStats
from functions.api.assessments.service import assessment_detail, listed, live_assessments, risk_overview, risk_stats
from functions.api.http.conventions import paging
from functions.api.http.dependencies import AuditDep, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from risk.domain.assessment import AssessmentSummary, RiskLevel
from risk.domain.decisions import DecisionAction
from risk.domain.entities import MAX_VALUE, EntityKind, normal_value
from risk.domain.event_types import EventTypeName
from risk.domain.field_rules import Identifier, Moment
from risk.domain.permissions import Permission
from risk.store.assessments import assessments
from risk.store.assessments.assessments import Order

MAX_MINUTES = 24 * 60
MAX_OVERVIEW_MINUTES = 60

router = APIRouter(prefix=f"{PREFIX}/risk", tags=["risk"], dependencies=[require(Permission.RISK_READ)])
Level = Annotated[RiskLevel | None, Query(description="Only this level.")]
Named = Annotated[
    str | None,
    Query(max_length=MAX_VALUE, pattern=r"^[^\x00]*$", description="Only events that name it, exactly."),
]
MinLevel = Annotated[RiskLevel | None, Query(description="This level and those above it.")]


@router.get("/live")
def get_live(
    services: ServicesDep, connection: Database, limit: paging.Limit = paging.DEFAULT_LIMIT, min_level: MinLevel = None
) -> AssessmentPage:
    """List the newest assessments. Later ones arrive over the WebSocket."""
    found = live_assessments(services.live, connection, limit, min_level)
    return AssessmentPage(items=listed(connection, found), next_cursor=None)


@router.get("/stats")
def get_risk_stats(
    services: ServicesDep,
    connection: Database,
    now: Now,
    minutes: Annotated[int, Query(ge=1, le=MAX_MINUTES, description="How far back, the present minute included.")] = 60,
) -> RiskStats:
    """Count assessments by level and minute."""
    return risk_stats(services.live, connection, now, minutes)


@router.get("/overview")
def get_risk_overview(
    connection: Database,
    now: Now,
    minutes: Annotated[int, Query(ge=1, le=MAX_OVERVIEW_MINUTES, description="How far back.")] = 15,
) -> RiskOverview:
    """Summarize the newest assessments: score distribution, top reasons and accounts of the risky ones."""
    return risk_overview(connection, now, minutes)


def wanted(
    since: Annotated[
        Moment | None, Query(alias="from", description="Events that occurred then or later (RFC 3339).")
    ] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Events that occurred before then.")] = None,
    level: Level = None,
    min_level: MinLevel = None,
    event_type: EventTypeName | None = None,
    account_id: Annotated[Identifier | None, Query()] = None,
    counterparty_id: Annotated[Identifier | None, Query()] = None,
    min_score: Annotated[float | None, Query(ge=0, le=1)] = None,
    decision: Annotated[DecisionAction | None, Query(description="What was decided of it when scored.")] = None,
    overturned: Annotated[bool | None, Query(description="Whether an overturn of its decision holds.")] = None,
    device_id: Named = None,
    ip: Annotated[
        str | None, Query(max_length=MAX_VALUE, description="An address, or a range in CIDR notation.")
    ] = None,
    card: Named = None,
    email: Named = None,
    email_domain: Named = None,
) -> assessments.Filter:
    """Filters of assessments, from the query string."""
    given = {
        EntityKind.DEVICE: device_id,
        EntityKind.IP: ip,
        EntityKind.CARD: card,
        EntityKind.EMAIL: email,
        EntityKind.EMAIL_DOMAIN: email_domain,
    }
    return assessments.Filter(
        since=since,
        until=until,
        level=level,
        min_level=min_level,
        event_type=event_type,
        account_id=account_id,
        counterparty_id=counterparty_id,
        min_score=min_score,
        decision=decision,
        overturned=overturned,
        entities=tuple((kind, normal_value(kind, value)) for kind, value in given.items() if value is not None),
    )


def personal(wanted: assessments.Filter) -> dict[str, str | None]:
    """What a filter tells of people, for the audit log."""
    named = {kind.value: value for kind, value in wanted.entities}
    return {"account_id": wanted.account_id, "counterparty_id": wanted.counterparty_id, **named}


Wanted = Annotated[assessments.Filter, Depends(wanted)]


@router.get("/history")
def get_history(
    connection: Database,
    audit: AuditDep,
    wanted: Wanted,
    sort: Annotated[
        Order,
        Query(description="What it is sorted by, with `-` the greatest first. A cursor is for its own order."),
    ] = Order.SCORED_LAST,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> AssessmentPage:
    """Search all assessments, filtered and sorted; last scored first by default."""
    audit(personal=personal(wanted))
    after = None if cursor is None else _place(sort, cursor)
    found = assessments.page(connection, wanted, limit=limit + 1, order=sort, after=after)
    items = found[:limit]
    more = len(found) > limit
    return AssessmentPage(items=listed(connection, items), next_cursor=_cursor(sort, items[-1]) if more else None)


def _place(sort: Order, cursor: str) -> assessments.Place:
    kind = {"occurred_at": datetime, "score": float}.get(sort.by)
    if kind is None:
        return assessments.Place(None, paging.to_sequence(cursor))
    return assessments.Place(*paging.to_place(sort, cursor, kind))


def _cursor(sort: Order, last: AssessmentSummary) -> str:
    value, sequence = assessments.place(sort, last)
    return paging.from_sequence(sequence) if value is None else paging.from_place(sort, value, sequence)


@router.get("/{event_id:path}", responses=UNKNOWN)
def get_assessment(event: StoredEvent, connection: Database, audit: AuditDep) -> AssessmentDetail:
    """Get everything that is known about one scored event."""
    found = assessments.get(connection, event)
    audit()
    return assessment_detail(connection, found)
