"""Alerts: what is put before an analyst, the states it goes through, and what makes two of them one.

Assessments of the same account with the same leading reason within an hour are one alert with a count,
never a flood; it keeps the highest level it has seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

from risk.assessment import AssessmentSummary, Probability, RiskLevel
from risk.errors import Conflict

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
    AlertStatus.ACKNOWLEDGED: frozenset({AlertStatus.RESOLVED}),
    AlertStatus.RESOLVED: frozenset(),
}


class AlertPolicy(BaseModel):
    """Which assessments raise alerts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_level: RiskLevel = RiskLevel.HIGH


class Alert(BaseModel):
    """One thing to look at. ``version`` rises with every change; times are UTC.

    ``top_event_id`` and ``top_score`` are of its riskiest event, ``reason_text`` that event's first reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    account_id: str
    reason_code: str
    reason_text: str
    level: RiskLevel
    status: AlertStatus
    event_count: Annotated[int, Field(ge=1)]
    top_event_id: UUID
    top_score: Probability
    first_occurred_at: datetime
    last_occurred_at: datetime
    opened_at: datetime
    updated_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    disposition: Disposition | None = None
    note: str | None = None
    version: int = 1


def check_transition(present: AlertStatus, wanted: AlertStatus) -> None:
    """Raise ``Conflict``, saying what is allowed, unless an alert may go from ``present`` to ``wanted``."""
    allowed = TRANSITIONS[present]
    if wanted not in allowed:
        choices = " or ".join(sorted(allowed)) or "nothing further"
        raise Conflict(f"the alert is {present}; from there it can become {choices}, not {wanted}")


def leading_reason(assessment: AssessmentSummary) -> tuple[str, str]:
    """Code and text of the reason that an alert for ``assessment`` is grouped by."""
    if assessment.reasons:
        return assessment.reasons[0].code, assessment.reasons[0].text
    return NO_REASON, f"score {assessment.score:.2f}"


def raise_alert(assessment: AssessmentSummary) -> Alert:
    """A new alert for ``assessment``. Its id follows from the event: raised again, it is the same alert."""
    code, text = leading_reason(assessment)
    return Alert(
        id=uuid5(_NAMESPACE, str(assessment.event_id)),
        account_id=assessment.account_id,
        reason_code=code,
        reason_text=text,
        level=assessment.level,
        status=AlertStatus.OPEN,
        event_count=1,
        top_event_id=assessment.event_id,
        top_score=assessment.score,
        first_occurred_at=assessment.occurred_at,
        last_occurred_at=assessment.occurred_at,
        opened_at=assessment.scored_at,
        updated_at=assessment.scored_at,
    )


def belongs(alert: Alert, assessment: AssessmentSummary) -> bool:
    """Whether ``assessment`` is more of the same: account, leading reason, within the hour, not resolved."""
    return (
        alert.status is not AlertStatus.RESOLVED
        and alert.account_id == assessment.account_id
        and alert.reason_code == leading_reason(assessment)[0]
        and abs(assessment.occurred_at - alert.first_occurred_at) < GROUP_WINDOW
    )


def add_to(alert: Alert, assessment: AssessmentSummary) -> Alert:
    """The alert with one more event: counted, highest level kept."""
    riskier = assessment.score > alert.top_score
    return alert.model_copy(
        update={
            "event_count": alert.event_count + 1,
            "level": max(alert.level, assessment.level, key=lambda level: level.rank),
            "top_event_id": assessment.event_id if riskier else alert.top_event_id,
            "top_score": max(alert.top_score, assessment.score),
            "reason_text": leading_reason(assessment)[1] if riskier else alert.reason_text,
            "first_occurred_at": min(alert.first_occurred_at, assessment.occurred_at),
            "last_occurred_at": max(alert.last_occurred_at, assessment.occurred_at),
            "updated_at": assessment.scored_at,
            "version": alert.version + 1,
        }
    )


class Grouped(NamedTuple):
    """What a batch did to alerts: those made or changed, and which alert each event belongs to."""

    changed: list[Alert]
    members: list[tuple[UUID, UUID]]


def group(assessments: Iterable[AssessmentSummary], unresolved: Iterable[Alert]) -> Grouped:
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
            alert = raise_alert(assessment)
            candidates.append(alert)
        else:
            alert = candidates[place] = add_to(candidates[place], assessment)
        changed[alert.id] = alert
        members.append((assessment.event_id, alert.id))
    return Grouped(list(changed.values()), members)
