"""The demo's people in the past: two rules in force, one in shadow, and handled alerts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Connection, select

from risk.alerts.alert import Alert, AlertStatus, Disposition
from risk.alerts.workflow import Act, DispositionReason
from risk.domain.assessment import RiskLevel
from risk.domain.event_ids import EventId
from risk.domain.events import Label
from risk.rules.evaluator import RuleDefinition
from risk.rules.lifecycle import Stage
from risk.store.alerts import workflow
from risk.store.alerts.alerts import from_row
from risk.store.assessments import labels
from risk.store.db.tables import alerts
from risk.store.rules import rules
from streaming.simulator import FraudKind

OPEN_HOURS = 3.0
"""Alerts newer than this may still be open."""

_RULES: tuple[tuple[str, RuleDefinition, Stage], ...] = (
    (
        "payment_burst",
        RuleDefinition(
            owner="payments team",
            description="Many payments within an hour, as in card testing.",
            expression='event.event_type == "payment" && features.count_1h >= 8.0',
            points=1.0,
            reason_text="{features.count_1h:.0f} events within an hour",
        ),
        Stage(live_version=1, percent=100),
    ),
    (
        "far_above_usual",
        RuleDefinition(
            owner="payments team",
            description="An amount far above what the account usually pays.",
            expression='event.event_type == "payment" && features.amount_to_mean_30d >= 12.0',
            min_level=RiskLevel.MEDIUM,
            reason_text="{amount} {currency} is {features.amount_to_mean_30d:.0f} times the account's 30-day mean",
        ),
        Stage(live_version=1, percent=100),
    ),
    (
        "large_at_night",
        RuleDefinition(
            owner="fraud analytics",
            description="Tried out in shadow: high amounts at night.",
            expression='event.event_type == "payment" && event.hour < 5 && features.amount_to_mean_30d >= 3.0',
            points=0.8,
            reason_text="{amount} {currency} at night",
        ),
        Stage(shadow_version=1),
    ),
)
_FOUND: Mapping[Disposition, tuple[str, ...]] = {
    Disposition.CONFIRMED_RISK: (
        "Customer did not recognise the payments. Card blocked, replacement ordered.",
        "Called the customer: the login was not theirs. Password reset, sessions ended.",
        "Same pattern as the cases of last week. Payments recalled.",
        "Confirmed with the issuer. Disputed.",
    ),
    Disposition.FALSE_POSITIVE: (
        "Customer confirmed the purchase by phone.",
        "On holiday; trip was announced in the app.",
        "New phone after a repair, confirmed by text message.",
        "Annual premium, paid every year.",
    ),
    Disposition.INCONCLUSIVE: ("Customer could not be reached twice.", "Not enough to go by; keep an eye on it."),
}


def write_rules(connection: Connection, *, by: str, at: datetime) -> None:
    """Two rules in force and one in shadow."""
    for name, definition, stage in _RULES:
        rule_id = rules.create(connection, name, definition, by=by, at=at)
        head = rules.find_to_change(connection, rule_id)
        rules.change_stage(connection, head, stage, by=by, at=at, reason="agreed in the weekly review")


class Desk:
    """Handles alerts as analysts would have, by the truth about their events."""

    def __init__(self, analysts: tuple[str, str], truth: Mapping[UUID, FraudKind], *, until: datetime) -> None:
        self._analysts = analysts
        self._truth = truth
        self._until = until
        self._random = Random(1)  # noqa: S311  (a demo)

    def work(self, connection: Connection, now: datetime) -> Iterator[Label]:
        """Resolve alerts that have been open for long enough; returns the resulting labels."""
        c = alerts.c
        rows = connection.execute(select(alerts).where(c.status == AlertStatus.OPEN, c.assignee.is_(None)))
        waiting = [from_row(row) for row in rows]
        events = labels.events_of_alerts(connection, [alert.id for alert in waiting])
        return iter([label for alert in waiting for label in self._deal(connection, alert, events[alert.id], now)])

    def _deal(self, connection: Connection, alert: Alert, events: Mapping[EventId, str], now: datetime) -> list[Label]:
        rng = self._random
        opened = max(alert.opened_at, alert.updated_at)
        taken = opened + timedelta(minutes=rng.lognormvariate(2.0, 0.8))
        resolved = taken + timedelta(minutes=rng.lognormvariate(3.5, 0.9))
        if resolved > now:
            return []
        by = self._analysts[rng.random() < 0.8]
        late = self._until - resolved < timedelta(hours=OPEN_HOURS)
        if late and rng.random() < 0.7:
            return []
        if rng.random() < 0.9:
            workflow.only(workflow.acknowledge(connection, [alert.id], Act(by, taken)))
        if late:
            return []
        disposition, reason = self._judge(alert, events)
        note = rng.choice(_FOUND[disposition]) if rng.random() < 0.7 else None
        workflow.only(workflow.resolve(connection, [alert.id], Act(by, resolved), disposition, reason, note))
        if disposition is Disposition.INCONCLUSIVE:
            return []
        fraud = disposition is Disposition.CONFIRMED_RISK
        return [
            Label(
                kind="label",
                event_source=event_id.source,
                event_id=event_id,
                fraud=fraud,
                known_at=resolved,
                source=f"alert:{alert.id}",
            )
            for event_id in events
        ]

    def _judge(self, alert: Alert, events: Mapping[EventId, str]) -> tuple[Disposition, DispositionReason]:
        rng = self._random
        if rng.random() < 0.06:
            return Disposition.INCONCLUSIVE, DispositionReason.NO_ANSWER
        kinds = [kind for event_id in events if (kind := self._truth.get(event_id)) is not None]
        if not kinds:
            travel = any("country" in reason.code for reason in alert.reasons)
            usual = DispositionReason.KNOWN_CUSTOMER_BEHAVIOUR
            return Disposition.FALSE_POSITIVE, DispositionReason.TRAVEL if travel else usual
        name = kinds[0].value
        fitting = (reason for reason in DispositionReason if reason.value in name or name in reason.value)
        return Disposition.CONFIRMED_RISK, next(fitting, DispositionReason.OTHER)
