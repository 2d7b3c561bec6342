"""What people may do with alerts, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from risk.alerts import workflow
from risk.alerts.alert import Alert, AlertStatus, Disposition
from risk.alerts.grouping import Finding, add_to, raise_alert
from risk.alerts.policy import AlertPolicy, ServiceLevels
from risk.alerts.workflow import MAX_SNOOZE, REASONS, Act, Action, DispositionReason
from risk.domain.assessment import RiskLevel, Thresholds
from risk.domain.errors import Conflict, InvalidInput, Stale, Unseen

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
LEVELS = ServiceLevels()
ADA, BOB = Act("ada@x", NOW + timedelta(minutes=1)), Act("bob@x", NOW + timedelta(minutes=2))


def assessed(score: float = 0.7, *, minutes: float = 0, **changes: Any) -> Finding:
    at = NOW + timedelta(minutes=minutes)
    values: dict[str, Any] = {
        "event_id": uuid4(),
        "sequence": 1,
        "event_type": "payment",
        "occurred_at": at,
        "received_at": at,
        "scored_at": at,
        "account_id": "a",
        "score": score,
        "level": Thresholds().level(score),
        "reasons": [],
    }
    return Finding.model_validate(values | changes)


@pytest.fixture
def alert() -> Alert:
    return raise_alert(assessed())


def test_deadlines_follow_the_level_and_the_state(alert: Alert) -> None:
    assert alert.due_at == NOW + timedelta(minutes=LEVELS.HIGH.acknowledge_minutes)
    taken = workflow.acknowledge(alert, ADA, LEVELS)
    assert taken.due_at == ADA.at + timedelta(minutes=LEVELS.HIGH.resolve_minutes)
    assert workflow.resolve(taken, ADA, LEVELS, Disposition.INCONCLUSIVE).due_at is None


def test_backfilled_events_have_no_deadline_until_one_of_now_joins_them() -> None:
    old = assessed(0.99, occurred_at=NOW - timedelta(days=3_000))
    backfilled = raise_alert(old)
    assert backfilled.due_at is None
    assert add_to(backfilled, assessed(0.99, occurred_at=NOW - timedelta(days=8))).due_at is None
    joined = add_to(backfilled, assessed(minutes=3))
    assert joined.level is RiskLevel.CRITICAL
    assert joined.due_at == NOW + timedelta(minutes=3 + LEVELS.CRITICAL.acknowledge_minutes)
    live = raise_alert(assessed())
    assert add_to(live, old).due_at == live.due_at


def test_a_missed_deadline_stays_known(alert: Alert) -> None:
    late = Act("ada@x", NOW + timedelta(hours=2))
    taken = workflow.acknowledge(alert, late, LEVELS)
    assert (taken.breached, taken.breached_at) == (True, alert.due_at)
    assert workflow.resolve(taken, late, LEVELS, Disposition.INCONCLUSIVE).breached


def test_who_acknowledges_what_is_nobodys_has_it(alert: Alert) -> None:
    assert workflow.acknowledge(alert, ADA, LEVELS).assignee == "ada@x"
    bobs = workflow.assign(alert, BOB, "bob@x")
    assert workflow.acknowledge(bobs, ADA._replace(seen=bobs.version), LEVELS).assignee == "bob@x"


def test_reopening_takes_everything_back(alert: Alert) -> None:
    judged = workflow.resolve(alert, ADA, LEVELS, Disposition.FALSE_POSITIVE, DispositionReason.TRAVEL)
    again = workflow.reopen(judged, BOB, LEVELS)
    assert (again.status, again.disposition, again.disposition_reason, again.resolved_by) == ("open", None, None, None)
    assert again.due_at == BOB.at + timedelta(minutes=LEVELS.HIGH.acknowledge_minutes)
    assert again.version == 3
    with pytest.raises(Conflict, match="the alert is open; from there it can become acknowledged or resolved"):
        workflow.reopen(again, BOB, LEVELS)


def test_undone_a_resolution_leaves_no_trace_but_the_timeline_and_the_deadline_goes_on(alert: Alert) -> None:
    taken = workflow.acknowledge(alert, ADA, LEVELS)
    assert taken.due_at is not None
    late = Act("ada@x", taken.due_at + timedelta(hours=1))
    judged = workflow.resolve(taken, late, LEVELS, Disposition.CONFIRMED_RISK, DispositionReason.MULE)
    undone = workflow.undo(judged, late, Action.RESOLVED, workflow.changes(taken, judged))
    assert undone.due_at == taken.due_at
    assert undone.model_dump(exclude={"version", "updated_at", "breached", "breached_at"}) == taken.model_dump(
        exclude={"version", "updated_at", "breached", "breached_at"}
    )
    assert undone.breached  # an hour late before, it is an hour late after
    again = workflow.undo(undone, late, Action.ACKNOWLEDGED, workflow.changes(alert, taken))
    assert (again.status, again.assignee, again.due_at) == (alert.status, None, alert.due_at)
    with pytest.raises(Conflict, match="only an acknowledgement or a resolution can be undone"):
        workflow.undo(alert, late, Action.OPENED, {})


def test_undoing_leaves_what_somebody_changed_since(alert: Alert) -> None:
    taken = workflow.acknowledge(alert, ADA, LEVELS)
    given = workflow.assign(taken, Act("bob@x", NOW, taken.version), "bob@x")
    undone = workflow.undo(given, BOB, Action.ACKNOWLEDGED, workflow.changes(alert, taken))
    assert (undone.status, undone.assignee) == ("open", "bob@x")


def test_what_another_holds_is_taken_only_by_who_has_seen_that(alert: Alert) -> None:
    bobs = workflow.assign(alert, BOB, "bob@x")
    for assignee in ("ada@x", None):
        with pytest.raises(Unseen, match="assigned to bob@x; send its ETag"):
            workflow.assign(bobs, ADA, assignee)
    taken = workflow.acknowledge(bobs, BOB, LEVELS)
    away = workflow.snooze(taken, BOB, BOB.at + timedelta(hours=1))
    unseen: list[Callable[[], Alert]] = [
        lambda: workflow.resolve(bobs, ADA, LEVELS, Disposition.INCONCLUSIVE),
        lambda: workflow.acknowledge(bobs, ADA, LEVELS),
        lambda: workflow.reopen(taken, ADA, LEVELS),
        lambda: workflow.undo(taken, ADA, Action.ACKNOWLEDGED, workflow.changes(bobs, taken)),
        lambda: workflow.snooze(taken, ADA, ADA.at + timedelta(hours=1)),
        lambda: workflow.wake(away, ADA),
    ]
    for act in unseen:
        with pytest.raises(Unseen, match="assigned to bob@x"):
            act()
    judged = workflow.resolve(taken, BOB, LEVELS, Disposition.INCONCLUSIVE)
    assert workflow.reopen(judged, ADA, LEVELS).status == "open"  # nobody works on what is resolved
    seen = ADA._replace(seen=bobs.version)
    assert workflow.assign(bobs, seen, "ada@x").assignee == "ada@x"
    assert workflow.assign(bobs, BOB, None).assigned_at is None
    with pytest.raises(Stale):
        workflow.assign(bobs, ADA._replace(seen=1), "ada@x")
    with pytest.raises(Conflict, match="already"):
        workflow.assign(bobs, BOB, "bob@x")


def test_a_snooze_moves_the_deadline_and_ends_by_itself_or_early(alert: Alert) -> None:
    until = ADA.at + timedelta(hours=5)
    away = workflow.snooze(alert, ADA, until)
    assert away.due_at == until
    with pytest.raises(Conflict, match="snoozed until 2026-06-01 14:01:00 UTC by ada@x"):
        workflow.snooze(away, BOB, until)
    assert workflow.wake(away, BOB).snoozed_until is None
    with pytest.raises(Conflict, match="not snoozed"):
        workflow.wake(away, Act("bob@x", until))
    for odd in (ADA.at, ADA.at + MAX_SNOOZE + timedelta(seconds=1)):
        with pytest.raises(InvalidInput, match="7 days"):
            workflow.snooze(alert, ADA, odd)


def test_a_more_severe_event_wakes_and_hastens_and_the_same_does_not(alert: Alert) -> None:
    away = workflow.snooze(alert, ADA, ADA.at + timedelta(hours=5))
    same = add_to(away, assessed(0.72, minutes=3))
    assert (same.snoozed_until, same.due_at) == (away.snoozed_until, away.due_at)
    worse = add_to(away, assessed(0.9, minutes=3))
    assert worse.snoozed_until is None
    assert worse.due_at == NOW + timedelta(minutes=3 + LEVELS.CRITICAL.acknowledge_minutes)
    assert worse.rank > away.rank


def test_an_alert_keeps_the_largest_of_its_amounts() -> None:
    alert = raise_alert(assessed(amount="50", currency="EUR"))
    alert = add_to(alert, assessed(minutes=1, amount="900", currency="JPY"))
    assert (alert.amount, alert.currency) == (Decimal(50), "EUR")
    alert = add_to(alert, assessed(minutes=2, amount="60", currency="USD"))
    assert (alert.amount, alert.currency) == (Decimal(60), "USD")


@pytest.mark.parametrize(("disposition", "reason"), list(product(Disposition, DispositionReason)))
def test_only_a_reason_of_its_disposition_is_taken(
    alert: Alert, disposition: Disposition, reason: DispositionReason
) -> None:
    if reason in REASONS[disposition]:
        assert workflow.resolve(alert, ADA, LEVELS, disposition, reason).disposition_reason is reason
    else:
        with pytest.raises(InvalidInput, match="choose of") as refused:
            workflow.resolve(alert, ADA, LEVELS, disposition, reason)
        assert refused.value.field == "reason"


def test_a_resolved_alert_takes_notes_and_nothing_else(alert: Alert) -> None:
    judged = workflow.resolve(alert, ADA, LEVELS, Disposition.INCONCLUSIVE)
    assert workflow.note(judged, BOB, "so").note == "so"
    refused: list[Callable[[], Alert]] = [
        lambda: workflow.assign(judged, BOB, "bob@x"),
        lambda: workflow.snooze(judged, BOB, BOB.at + timedelta(hours=1)),
        lambda: workflow.wake(judged, BOB),
    ]
    for action in refused:
        with pytest.raises(Conflict, match="reopened or noted"):
            action()


def test_changes_tell_each_value_before_and_after(alert: Alert) -> None:
    told = workflow.changes(alert, workflow.acknowledge(alert, ADA, LEVELS))
    assert {(name, one.before, one.after) for name, one in told.items() if name != "due_at"} == {
        ("status", "open", "acknowledged"),
        ("assignee", None, "ada@x"),
    }


def test_an_older_policy_gets_the_default_deadlines_and_odd_ones_are_refused() -> None:
    assert AlertPolicy.model_validate({"min_level": "HIGH"}).service_levels == ServiceLevels()
    faster_low = {"LOW": {"acknowledge_minutes": 1, "resolve_minutes": 20_000}}
    with pytest.raises(ValidationError, match="must not rise with the level"):
        ServiceLevels.model_validate(faster_low)
    assert ServiceLevels().due(AlertStatus.RESOLVED, RiskLevel.HIGH, NOW) is None
