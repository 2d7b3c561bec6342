"""Alerts: the queue, one alert, statistics."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from functions.api.alerts.schemas import AlertDetail, AlertEvent, AlertPage, Reasons, ReasonsOfDisposition
from functions.api.http.conventions import etags, paging
from functions.api.http.dependencies import AuditDep, CurrentCaller, Database, Now, require
from functions.api.http.routing import PREFIX
from risk.alerts.alert import TRANSITIONS, Alert, AlertStatus
from risk.alerts.workflow import REASONS
from risk.domain.assessment import RiskLevel
from risk.domain.decisions import DecisionAction
from risk.domain.errors import InvalidInput
from risk.domain.field_rules import EARLIEST, Country, Identifier, Moment
from risk.domain.permissions import Permission
from risk.store.alerts import alert_stats, alerts, timeline
from risk.store.alerts.alert_stats import AlertStats
from risk.store.alerts.alerts import AlertCounts, Sort
from risk.store.assessments import labels, overturns

MAX_SPAN = timedelta(days=366)
SHOWN_EVENTS = 50
SHOWN_CHANGES = 500
SHOWN_ACCOUNTS = 100
SHOWN_RELATED = 10

router = APIRouter(prefix=f"{PREFIX}/alerts", tags=["alerts"], dependencies=[require(Permission.ALERTS_READ)])


def wanted(
    caller: CurrentCaller,
    status: Annotated[AlertStatus | None, Query(description="Only those in this state.")] = None,
    level: Annotated[RiskLevel | None, Query(description="Only this level.")] = None,
    min_level: Annotated[RiskLevel | None, Query(description="This level and those above it.")] = None,
    decision: Annotated[DecisionAction | None, Query(description="Their strictest decision.")] = None,
    overturned: Annotated[
        bool | None, Query(description="Whether a decision on one of their events is overturned.")
    ] = None,
    account_id: Annotated[Identifier | None, Query()] = None,
    counterparty_id: Annotated[Identifier | None, Query()] = None,
    country: Annotated[Country | None, Query(description="Of the riskiest event (ISO 3166).")] = None,
    min_amount: Annotated[
        float | None,
        Query(ge=0, le=1e15, description="The largest amount of an event at least, in the reporting currency."),
    ] = None,
    assignee: Annotated[
        str | None,
        Query(
            max_length=254,
            pattern=r"^[^\x00]*$",
            description="Whose they are: `me`, `nobody`, or a person's address.",
        ),
    ] = None,
    breached: Annotated[bool | None, Query(description="Whether a deadline was missed.")] = None,
    snoozed: Annotated[bool | None, Query(description="Whether they are put off now.")] = None,
    since: Annotated[Moment | None, Query(alias="from", description="Opened then or later (RFC 3339).")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="Opened before then.")] = None,
) -> alerts.Filter:
    """Filters of alerts, from the query string."""
    names = {"me": caller.email, "nobody": ""}
    return alerts.Filter(
        status=status,
        level=level,
        min_level=min_level,
        decision=decision,
        overturned=overturned,
        account_id=account_id,
        counterparty_id=counterparty_id,
        country=country,
        min_amount=min_amount,
        assignee=None if assignee is None else names.get(assignee, assignee.lower()),
        breached=breached,
        snoozed=snoozed,
        since=since,
        until=until,
    )


Wanted = Annotated[alerts.Filter, Depends(wanted)]


@router.get("")
def list_alerts(
    connection: Database,
    audit: AuditDep,
    wanted: Wanted,
    sort: Annotated[
        Sort,
        Query(
            description="`opened`: newest first. `rank`: the queue, those not resolved, by risk × money × age, first "
            "the one to deal with first. `amount` (in the reporting currency), `country`, `counterparty_id`: by that "
            "column, with `-` the greatest first. A cursor is for its own order."
        ),
    ] = Sort.OPENED,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> AlertPage:
    """List alerts: newest first, in the order of the queue, or by a column."""
    audit(personal={"account_id": wanted.account_id, "counterparty_id": wanted.counterparty_id})
    if sort is Sort.OPENED:
        before = None if cursor is None else paging.to_alert(cursor)
        found = alerts.page(connection, wanted, limit=limit + 1, before=before)
    elif sort is Sort.RANK:
        if wanted.status is AlertStatus.RESOLVED:
            raise InvalidInput("what is resolved is in no queue; leave out `sort` or `status`", field="sort")
        place = None if cursor is None else paging.to_rank(cursor)
        found = alerts.queue(connection, wanted, limit=limit + 1, before=place)
    else:
        kind = float if sort.column == "amount" else str
        after = None if cursor is None else paging.to_column(sort, cursor, kind)
        found = alerts.sorted_page(connection, wanted, sort, limit=limit + 1, after=after)
    items = found[:limit]
    return AlertPage(items=items, next_cursor=_cursor(sort, items[-1]) if len(found) > limit else None)


def _cursor(sort: Sort, last: Alert) -> str:
    if sort is Sort.OPENED:
        return paging.from_alert(last.opened_at, last.id)
    if sort is Sort.RANK:
        return paging.from_rank(last.rank, last.id)
    return paging.from_column(sort, alerts.sort_key(sort, last), last.id)


@router.get("/counts")
def count_alerts(connection: Database, wanted: Wanted) -> AlertCounts:
    """Count the unresolved alerts of a filter by status; a status in the filter is left out of account.

    Counting ends at 10,000 alerts; `more` says so.
    """
    return alerts.counts(connection, wanted)


@router.get("/stats")
def get_alert_stats(
    connection: Database,
    now: Now,
    since: Annotated[
        Moment | None,
        Query(alias="from", description="Span: alerts opened then or later (RFC 3339); 30 days, if left out."),
    ] = None,
    until: Annotated[
        Moment | None, Query(alias="to", description="Span: alerts opened before then; now, if left out.")
    ] = None,
) -> AlertStats:
    """Count alerts by status; for those opened in a time span, times to decision and dispositions.

    The counts are of this moment. A span of more than 5,000 alerts is as it was up to five minutes ago.
    """
    end = until or now
    if end < EARLIEST:
        raise InvalidInput(f"must not be before {EARLIEST:%Y-%m-%d}", field="to")
    if not timedelta() < end - (since or end - alert_stats.RECENT) <= MAX_SPAN:
        raise InvalidInput(f"must be before `to`, by {MAX_SPAN.days} days at most", field="from")
    return alert_stats.stats(connection, now, since, until)


@router.get("/reasons")
def list_reasons() -> Reasons:
    """List the reasons that a resolution may give, by disposition."""
    return Reasons(
        items=[ReasonsOfDisposition(disposition=each, reasons=list(reasons)) for each, reasons in REASONS.items()]
    )


@router.get("/{alert_id:uuid}", responses={404: {"description": "Alert not found."}})
def get_alert(alert_id: UUID, connection: Database, audit: AuditDep, response: Response) -> AlertDetail:
    """Get one alert with its details. `ETag` is its version: send it as `If-Match` with an action."""
    alert = alerts.find(connection, alert_id)
    audit()
    events = alerts.events_of(connection, alert_id, limit=SHOWN_EVENTS)
    ids = [event.event_id for event in events]
    fraud, overturned = labels.of_events(connection, ids), overturns.holding(connection, ids)
    by_account, by_counterparty = alerts.related(connection, alert, limit=SHOWN_RELATED)
    etags.show_version(response, alert.version)
    return AlertDetail(
        **alert.model_dump(),
        events=[
            AlertEvent(**event.model_dump(), fraud=fraud.get(event.event_id), overturn=overturned.get(event.event_id))
            for event in events
        ],
        accounts=alerts.accounts_of(connection, alert_id, limit=SHOWN_ACCOUNTS),
        timeline=timeline.of_alert(connection, alert_id, limit=SHOWN_CHANGES),
        related_by_account=by_account,
        related_by_counterparty=by_counterparty,
        allowed=sorted(TRANSITIONS[alert.status]),
    )
