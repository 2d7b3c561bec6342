"""Alerts: one with a count instead of a flood, and states that go one way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.alerts.alert import TRANSITIONS, AlertStatus, check_transition, group, raise_alert
from risk.domain.assessment import AssessmentSummary, Reason, RiskLevel
from risk.domain.errors import Conflict
from risk.domain.events import EventType

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def assessed(minutes: float = 0, **changes: Any) -> AssessmentSummary:
    at = NOW + timedelta(minutes=minutes)
    reason = Reason(code=changes.pop("reason", "velocity_1h"), text="too many", contribution=3.0)
    return AssessmentSummary(
        **{
            "event_id": uuid4(),
            "sequence": 1,
            "event_type": EventType.PAYMENT,
            "occurred_at": at,
            "received_at": at,
            "scored_at": at,
            "account_id": "account-1",
            "score": 0.7,
            "level": RiskLevel.HIGH,
            "reasons": [reason],
        }
        | changes
    )


def test_the_same_account_and_reason_within_the_hour_are_one_alert_with_the_highest_level() -> None:
    burst = [assessed(0), assessed(10, score=0.95, level=RiskLevel.CRITICAL), assessed(59)]
    (alert,), members = group(burst, [])
    assert (alert.event_count, alert.level, alert.top_score) == (3, RiskLevel.CRITICAL, 0.95)
    assert alert.top_event_id == burst[1].event_id
    assert {alert_id for _, alert_id in members} == {alert.id}


@pytest.mark.parametrize("other", [assessed(61), assessed(1, account_id="account-2"), assessed(1, reason="new_device")])
def test_another_hour_account_or_reason_is_another_alert(other: AssessmentSummary) -> None:
    assert len(group([assessed(), other], []).changed) == 2


def test_an_alert_that_was_resolved_is_left_alone() -> None:
    resolved = raise_alert(assessed()).model_copy(update={"status": AlertStatus.RESOLVED})
    (alert,), _ = group([assessed(5)], [resolved])
    assert alert.id != resolved.id


def test_an_acknowledged_alert_goes_on_counting() -> None:
    acknowledged = raise_alert(assessed()).model_copy(update={"status": AlertStatus.ACKNOWLEDGED})
    (alert,), _ = group([assessed(5)], [acknowledged])
    assert (alert.id, alert.event_count, alert.status) == (acknowledged.id, 2, AlertStatus.ACKNOWLEDGED)


def test_raised_again_for_the_same_event_it_is_the_same_alert() -> None:
    event = assessed(event_id=UUID(int=7))
    assert raise_alert(event).id == raise_alert(event).id


@given(st.lists(st.tuples(st.floats(0, 300), st.sampled_from("abc"), st.sampled_from(["x", "y"])), max_size=40))
def test_no_event_is_lost_or_counted_twice(what: list[tuple[float, str, str]]) -> None:
    made = [assessed(minutes, account_id=account, reason=reason) for minutes, account, reason in what]
    changed, members = group(made, [])
    assert sum(alert.event_count for alert in changed) == len(made)
    assert [event_id for event_id, _ in members] == [item.event_id for item in made]


@pytest.mark.parametrize("present", AlertStatus)
@pytest.mark.parametrize("wanted", AlertStatus)
def test_only_the_listed_transitions_are_allowed(present: AlertStatus, wanted: AlertStatus) -> None:
    if wanted in TRANSITIONS[present]:
        check_transition(present, wanted)
    else:
        with pytest.raises(Conflict, match=f"the alert is {present}"):
            check_transition(present, wanted)
