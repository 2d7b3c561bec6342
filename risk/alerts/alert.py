"""Alerts: what is put before an analyst, the states it goes through, and what makes two of them one.

Assessments of the same account with the same leading reason within an hour are one alert with a count,
never a flood; it keeps the highest level it has seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple, Self
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, model_validator

from risk.alerts.priority import rank, significance
from risk.domain.assessment import AssessmentSummary, Probability, RiskLevel
from risk.domain.errors import Conflict

GROUP_WINDOW = timedelta(hours=1)
NO_REASON = "score"
_NAMESPACE = UUID("6f0d1c2e-9a39-4c47-8f0b-3a2f6d1b7c55")


class AlertStatus(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Disposition(StrEnum):
    """What the analyst found it to be."""

    CONFIRMED_RISK = "confirmed_risk"
    FALSE_POSITIVE = "false_positive"
    INCONCLUSIVE = "inconclusive"


TRANSITIONS: dict[AlertStatus, frozenset[AlertStatus]] = {
    AlertStatus.OPEN: frozenset({AlertStatus.ACKNOWLEDGED, AlertStatus.RESOLVED}),
    AlertStatus.ACKNOWLEDGED: frozenset({AlertStatus.RESOLVED, AlertStatus.OPEN}),
    AlertStatus.RESOLVED: frozenset({AlertStatus.OPEN}),
}


class ServiceLevel(BaseModel):
    """How long an alert may stay open, and then acknowledged, before its deadline is missed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    acknowledge_minutes: Annotated[int, Field(ge=1, le=43_200)]
    resolve_minutes: Annotated[int, Field(ge=1, le=43_200)]


class ServiceLevels(BaseModel):
    """The deadlines of each level. They hold for what happens from then on: no deadline that is set moves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    LOW: ServiceLevel = ServiceLevel(acknowledge_minutes=1_440, resolve_minutes=10_080)
    MEDIUM: ServiceLevel = ServiceLevel(acknowledge_minutes=480, resolve_minutes=4_320)
    HIGH: ServiceLevel = ServiceLevel(acknowledge_minutes=60, resolve_minutes=1_440)
    CRITICAL: ServiceLevel = ServiceLevel(acknowledge_minutes=15, resolve_minutes=240)

    @model_validator(mode="after")
    def _not_slower_for_the_riskier(self) -> Self:
        given: list[ServiceLevel] = [getattr(self, level) for level in RiskLevel]
        for name in ("acknowledge_minutes", "resolve_minutes"):
            minutes = [getattr(one, name) for one in given]
            if minutes != sorted(minutes, reverse=True):
                raise ValueError(f"{name} must not rise with the level: {', '.join(map(str, minutes))}")
        return self

    def due(self, status: AlertStatus, level: RiskLevel, since: datetime) -> datetime | None:
        """When an alert that has had ``status`` since then must have left it; None once it is resolved."""
        if status is AlertStatus.RESOLVED:
            return None
        promised: ServiceLevel = getattr(self, level)
        minutes = promised.acknowledge_minutes if status is AlertStatus.OPEN else promised.resolve_minutes
        return since + timedelta(minutes=minutes)


class AlertPolicy(BaseModel):
    """Which assessments raise alerts, and how soon people deal with them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_level: RiskLevel = RiskLevel.HIGH
    service_levels: ServiceLevels = ServiceLevels()


class Alert(BaseModel):
    """One thing to look at. ``version`` rises with every change; times are UTC.

    ``top_event_id`` and ``top_score`` are of its riskiest event, ``reason_text`` that event's first reason and
    ``counterparty_id`` whom it acted on. ``amount`` is the largest of its events' amounts. Alerts are dealt with
    in order of ``rank``, highest first. ``due_at`` is when the present status must have been left;
    ``breached`` whether this deadline, or an earlier one (``breached_at``), was missed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    account_id: str
    counterparty_id: str | None = None
    reason_code: str
    reason_text: str
    level: RiskLevel
    status: AlertStatus
    event_count: Annotated[int, Field(ge=1)]
    top_event_id: UUID
    top_score: Probability
    amount: Decimal | None = None
    currency: str | None = None
    rank: float = 0.0
    first_occurred_at: datetime
    last_occurred_at: datetime
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None = None
    breached: bool = False
    breached_at: datetime | None = None
    assignee: str | None = None
    assigned_at: datetime | None = None
    snoozed_until: datetime | None = None
    snoozed_by: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    disposition: Disposition | None = None
    disposition_reason: str | None = None
    note: str | None = None
    version: int = 1


def check_transition(present: AlertStatus, wanted: AlertStatus) -> None:
    """Raise ``Conflict``, saying what is allowed, unless an alert may go from ``present`` to ``wanted``."""
    allowed = TRANSITIONS[present]
    if wanted not in allowed:
        choices = " or ".join(sorted(allowed))
        raise Conflict(f"the alert is {present}; from there it can become {choices}, not {wanted}")


def leading_reason(assessment: AssessmentSummary) -> tuple[str, str]:
    """Code and text of the reason that an alert for ``assessment`` is grouped by."""
    if assessment.reasons:
        return assessment.reasons[0].code, assessment.reasons[0].text
    return NO_REASON, f"score {assessment.score:.2f}"


_DEFAULT_LEVELS = ServiceLevels()


def raise_alert(assessment: AssessmentSummary, levels: ServiceLevels = _DEFAULT_LEVELS) -> Alert:
    """A new alert for ``assessment``. Its id follows from the event: raised again, it is the same alert."""
    code, text = leading_reason(assessment)
    alert = Alert(
        id=uuid5(_NAMESPACE, str(assessment.event_id)),
        account_id=assessment.account_id,
        counterparty_id=assessment.counterparty_id,
        reason_code=code,
        reason_text=text,
        level=assessment.level,
        status=AlertStatus.OPEN,
        event_count=1,
        top_event_id=assessment.event_id,
        top_score=assessment.score,
        amount=assessment.amount,
        currency=assessment.currency,
        first_occurred_at=assessment.occurred_at,
        last_occurred_at=assessment.occurred_at,
        opened_at=assessment.scored_at,
        updated_at=assessment.scored_at,
        due_at=levels.due(AlertStatus.OPEN, assessment.level, assessment.scored_at),
    )
    return _ranked(alert)


def _ranked(alert: Alert) -> Alert:
    value = rank(alert.level.rank, alert.top_score, alert.amount, alert.currency, alert.opened_at)
    return alert.model_copy(update={"rank": value})


def belongs(alert: Alert, assessment: AssessmentSummary) -> bool:
    """Whether ``assessment`` is more of the same: account, leading reason, within the hour, not resolved."""
    return (
        alert.status is not AlertStatus.RESOLVED
        and alert.account_id == assessment.account_id
        and alert.reason_code == leading_reason(assessment)[0]
        and abs(assessment.occurred_at - alert.first_occurred_at) < GROUP_WINDOW
    )


def add_to(alert: Alert, assessment: AssessmentSummary, levels: ServiceLevels = _DEFAULT_LEVELS) -> Alert:
    """The alert with one more event: counted, highest level and largest amount kept.

    One that becomes more severe wakes if it was snoozed, and is due sooner if its new level says so.
    """
    riskier = assessment.score > alert.top_score
    larger = significance(assessment.amount, assessment.currency) > significance(alert.amount, alert.currency)
    changes: dict[str, object] = {
        "event_count": alert.event_count + 1,
        "first_occurred_at": min(alert.first_occurred_at, assessment.occurred_at),
        "last_occurred_at": max(alert.last_occurred_at, assessment.occurred_at),
        "updated_at": max(alert.updated_at, assessment.scored_at),
        "version": alert.version + 1,
    }
    if riskier:
        changes |= {
            "top_event_id": assessment.event_id,
            "top_score": assessment.score,
            "reason_text": leading_reason(assessment)[1],
            "counterparty_id": assessment.counterparty_id,
        }
    if larger:
        changes |= {"amount": assessment.amount, "currency": assessment.currency}
    if assessment.level.rank > alert.level.rank:
        changes |= {"level": assessment.level, "snoozed_until": None, "snoozed_by": None}
        due = levels.due(alert.status, assessment.level, assessment.scored_at)
        changes["due_at"] = min(moment for moment in (alert.due_at, due) if moment) if due else None
    return _ranked(alert.model_copy(update=changes))


class Grouped(NamedTuple):
    """What a batch did to alerts: those made or changed, and which alert each event belongs to."""

    changed: list[Alert]
    members: list[tuple[UUID, UUID]]


def group(
    assessments: Iterable[AssessmentSummary], unresolved: Iterable[Alert], levels: ServiceLevels = _DEFAULT_LEVELS
) -> Grouped:
    """Put each assessment into the alert it belongs to, or into a new one.

    ``assessments`` come in order of sequence; ``unresolved`` are the alerts of their accounts that are
    open or acknowledged. ``members`` are (event id, alert id).
    """
    alerts: dict[tuple[str, str], list[Alert]] = {}
    for alert in unresolved:
        alerts.setdefault((alert.account_id, alert.reason_code), []).append(alert)
    changed: dict[UUID, Alert] = {}
    members: list[tuple[UUID, UUID]] = []
    for assessment in assessments:
        candidates = alerts.setdefault((assessment.account_id, leading_reason(assessment)[0]), [])
        place = next((i for i, alert in enumerate(candidates) if belongs(alert, assessment)), None)
        if place is None:
            alert = raise_alert(assessment, levels)
            candidates.append(alert)
        else:
            alert = candidates[place] = add_to(candidates[place], assessment, levels)
        changed[alert.id] = alert
        members.append((assessment.event_id, alert.id))
    return Grouped(list(changed.values()), members)
