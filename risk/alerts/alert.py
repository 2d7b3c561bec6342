"""Alerts: their states, their content, and which events belong to the same alert."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from risk.domain.assessment import Probability, RiskLevel
from risk.domain.decisions import DecisionAction
from risk.domain.errors import Conflict
from risk.domain.event_ids import STREAM, EventSource, TopEventIdField


class AlertStatus(StrEnum):
    """The status of an alert."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Disposition(StrEnum):
    """The analyst's conclusion."""

    CONFIRMED_RISK = "confirmed_risk"
    FALSE_POSITIVE = "false_positive"
    INCONCLUSIVE = "inconclusive"


class GroupKey(StrEnum):
    """What the events of one alert have in common."""

    ACCOUNT = "account"
    DEVICE = "device"
    COUNTERPARTY = "counterparty"
    RULE = "rule"


TRANSITIONS: dict[AlertStatus, frozenset[AlertStatus]] = {
    AlertStatus.OPEN: frozenset({AlertStatus.ACKNOWLEDGED, AlertStatus.RESOLVED}),
    AlertStatus.ACKNOWLEDGED: frozenset({AlertStatus.RESOLVED, AlertStatus.OPEN}),
    AlertStatus.RESOLVED: frozenset({AlertStatus.OPEN}),
}


class AlertReason(BaseModel):
    """A reason of an alert's events: text and contribution (log-odds) from the event where it is strongest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    text: str
    contribution: float
    event_count: Annotated[int, Field(ge=1)]


class AmountAtRisk(BaseModel):
    """The sum of an alert's amounts in one currency."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str | None
    amount: Decimal


class Alert(BaseModel):
    """One thing to look at: all that is wrong with one account, or a campaign with its accounts inside.

    Its events share ``group_key``: ``group_value`` is the account, device, counterparty or code of a rule.
    ``top_event_id`` and ``top_score`` are of its riskiest event; so are ``account_id``, ``counterparty_id``,
    ``country`` and ``event_type``: who acted, whom it acted on, where and how. ``decision`` is the strictest of its
    events'. ``reasons`` are merged over them, most telling first; ``reason_code`` and ``reason_text`` are of the first.
    ``at_risk`` sums amounts by currency, the largest first; ``amount`` is the largest of one event, ``base_amount`` the
    same in the reporting currency. Alerts are dealt with in order of ``rank``, highest first. ``due_at`` is when the
    present status must have been left; ``breached`` whether this deadline, or an earlier one (``breached_at``), was
    missed. One that became part of a campaign is resolved and has ``merged_into``. Until ``suppressed_until`` a
    resolved one suppresses the same finding: ``suppressed_count`` events so far. ``version`` rises with every change;
    times are UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    group_key: GroupKey
    group_value: str
    account_id: str
    account_count: Annotated[int, Field(ge=1)] = 1
    counterparty_id: str | None = None
    country: str | None = None
    event_type: str | None = None
    reason_code: str
    reason_text: str
    reasons: list[AlertReason]
    level: RiskLevel
    decision: DecisionAction | None = None
    status: AlertStatus
    event_count: Annotated[int, Field(ge=1)]
    top_event_source: EventSource = STREAM
    top_event_id: TopEventIdField
    top_score: Probability
    amount: Decimal | None = None
    currency: str | None = None
    base_amount: float | None = None
    at_risk: list[AmountAtRisk] = []
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
    merged_into: UUID | None = None
    suppressed_until: datetime | None = None
    suppressed_count: Annotated[int, Field(ge=0)] = 0
    note: str | None = None
    version: int = 1


def check_transition(present: AlertStatus, wanted: AlertStatus) -> None:
    """Raise ``Conflict``, listing the allowed states, unless an alert may go from ``present`` to ``wanted``."""
    allowed = TRANSITIONS[present]
    if wanted not in allowed:
        choices = " or ".join(sorted(allowed))
        raise Conflict(f"the alert is {present}; from there it can become {choices}, not {wanted}")
