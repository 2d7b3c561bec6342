"""Alerts: one an account or a campaign instead of a flood, and states that go one way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.alerts.alert import TRANSITIONS, Alert, AlertStatus, Disposition, GroupKey, check_transition
from risk.alerts.grouping import MOST_REASONS, Finding, Grouped, Link, Stored, Subject, group, raise_alert
from risk.alerts.policy import AlertPolicy, Campaign, Grouping
from risk.alerts.workflow import Act, reopen, resolve
from risk.domain.assessment import Reason, RiskLevel
from risk.domain.errors import Conflict

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
POLICY = AlertPolicy()


def found(minutes: float = 0, **changes: Any) -> Finding:
    at = NOW + timedelta(minutes=minutes)
    codes = changes.pop("reasons", ["velocity_1h"])
    reasons = [Reason(code=code, text=f"{code} of {minutes}", contribution=3.0 - i) for i, code in enumerate(codes)]
    return Finding.model_validate(
        {
            "event_id": uuid4(),
            "sequence": 1,
            "event_type": "payment",
            "occurred_at": at,
            "received_at": at,
            "scored_at": at,
            "account_id": "account-1",
            "score": 0.7,
            "level": RiskLevel.HIGH,
            "reasons": reasons,
        }
        | changes
    )


def grouped(*findings: Finding, policy: AlertPolicy = POLICY, **stored: Any) -> Grouped:
    return group(findings, Stored(**stored), policy)


def test_all_that_is_wrong_with_an_account_is_one_alert() -> None:
    takeover = [
        found(0, reasons=["new_device", "night"], amount="10", currency="EUR"),
        found(
            30, reasons=["amount", "new_device"], amount="2.50", currency="EUR", score=0.95, level=RiskLevel.CRITICAL
        ),
        found(3000, reasons=["country"], amount="7", currency="USD"),
    ]
    (alert,) = grouped(*takeover).changed
    assert (alert.event_count, alert.level, alert.top_score) == (3, RiskLevel.CRITICAL, 0.95)
    assert alert.top_event_id == takeover[1].event_id
    assert [(one.code, one.contribution, one.event_count) for one in alert.reasons] == [
        ("amount", 3.0, 1),
        ("country", 3.0, 1),
        ("new_device", 3.0, 2),
        ("night", 2.0, 1),
    ]
    assert (alert.reason_code, alert.reason_text) == ("amount", "amount of 30")
    assert [(one.currency, one.amount) for one in alert.at_risk] == [("EUR", Decimal("12.50")), ("USD", Decimal(7))]


@pytest.mark.parametrize("other", [found(10_081), found(1, account_id="account-2")])
def test_another_account_or_past_the_window_is_another_alert(other: Finding) -> None:
    assert len(grouped(found(), other).changed) == 2


def test_the_window_follows_the_last_event_and_is_configuration() -> None:
    hour = AlertPolicy(grouping=Grouping(window_minutes=60))
    assert len(grouped(found(0), found(50), found(100), policy=hour).changed) == 1
    assert len(grouped(found(0), found(60), policy=hour).changed) == 2


@pytest.mark.parametrize(
    ("key", "same"),
    [
        (GroupKey.DEVICE, {"device_id": "d"}),
        (GroupKey.COUNTERPARTY, {"counterparty_id": "shop"}),
        (GroupKey.RULE, {"reasons": ["amount", "rule_burst"]}),
    ],
)
def test_the_key_is_configuration_and_what_lacks_it_goes_by_account(key: GroupKey, same: dict[str, Any]) -> None:
    policy = AlertPolicy(grouping=Grouping(key=key, device=None, counterparty=None))
    accounts = [found(i, account_id=f"a{i}", **same) for i in range(3)]
    (alert,) = grouped(*accounts, policy=policy).changed
    assert (alert.group_key, alert.account_count) == (key, 3)
    assert [one.group_key for one in grouped(found(account_id="b"), policy=policy).changed] == [GroupKey.ACCOUNT]


def card_testing(accounts: int, *, first: int = 0, **changes: Any) -> list[Finding]:
    values: dict[str, Any] = {"device_id": "bot", "amount": "1", "currency": "EUR"}
    return [found(i, account_id=f"card-{i}", **values | changes) for i in range(first, first + accounts)]


def links_of(result: Grouped) -> list[Link]:
    return [link for link in result.links if link.subject == Subject(GroupKey.DEVICE, "bot")]


def test_card_testing_through_one_device_is_one_alert_with_its_accounts_inside() -> None:
    (alert,) = grouped(*card_testing(20), found(5, account_id="card-3", device_id="bot")).changed
    assert (alert.group_key, alert.group_value) == (GroupKey.DEVICE, "bot")
    assert (alert.account_count, alert.event_count) == (20, 21)
    assert alert.at_risk[0].amount == 20


def test_a_campaign_takes_over_the_alerts_that_came_before_it_was_seen() -> None:
    first = grouped(*card_testing(2))
    assert len(first.changed) == 2
    second = grouped(*card_testing(2, first=2), alerts=first.changed, links=links_of(first))
    (campaign,) = second.changed
    assert (campaign.account_count, campaign.event_count, campaign.at_risk[0].amount) == (4, 4, Decimal(4))
    assert {one.id for one in second.merged} == {one.id for one in first.changed}
    assert {(one.status, one.merged_into) for one in second.merged} == {(AlertStatus.RESOLVED, campaign.id)}
    with pytest.raises(Conflict, match=str(campaign.id)):
        reopen(second.merged[0], Act("ada", NOW), POLICY.service_levels)


def test_a_campaign_takes_no_alert_that_somebody_has_or_that_holds_more() -> None:
    first = grouped(*card_testing(3, device_id=None))
    changes: list[dict[str, Any]] = [{"assignee": "ada"}, {"event_count": 2}, {}]
    taken, more, free = (alert.model_copy(update=change) for alert, change in zip(first.changed, changes, strict=True))
    links = [
        Link(one.id, Subject(GroupKey.DEVICE, "bot"), one.account_id, 1, one.last_occurred_at)
        for one in (taken, more, free)
    ]
    second = grouped(*card_testing(1, first=3), alerts=[taken, more, free], links=links)
    assert [one.id for one in second.merged] == [free.id]


def test_a_household_is_no_campaign_and_what_is_far_apart_neither() -> None:
    assert len(grouped(*card_testing(2)).changed) == 2
    apart = [found(1_440 * i, account_id=f"a{i}", device_id="d") for i in range(5)]
    assert len(grouped(*apart).changed) == 5


def test_a_compromised_shop_is_one_alert() -> None:
    at_shop = [found(i, account_id=f"a{i}", counterparty_id="shop") for i in range(5)]
    (alert,) = grouped(*at_shop).changed
    assert (alert.group_key, alert.account_count) == (GroupKey.COUNTERPARTY, 5)
    off = AlertPolicy(grouping=Grouping(counterparty=None))
    assert len(grouped(*at_shop, policy=off).changed) == 5


def judged(*findings: Finding, disposition: Disposition = Disposition.FALSE_POSITIVE, days: int = 30) -> Alert:
    (alert,) = grouped(*findings).changed
    act = Act("ada", NOW)
    return resolve(alert, act, POLICY.service_levels, disposition, suppress_until=NOW + timedelta(days=days))


def test_after_a_disposition_the_same_finding_does_not_come_back() -> None:
    resolved = judged(found(reasons=["amount", "night"]))
    again = found(60, reasons=["amount", "country"])
    result = grouped(again, alerts=[resolved])
    assert (result.changed, result.suppressed) == ([], [(again.event_id, resolved.id)])


@pytest.mark.parametrize(
    "new",
    [
        found(60, reasons=["country", "amount"]),
        found(60, reasons=["amount"], level=RiskLevel.CRITICAL, score=0.9),
        found(60 * 24 * 31, reasons=["amount"]),
        found(60, reasons=["amount"], account_id="account-2"),
    ],
    ids=["a new kind of evidence", "more severe", "past its time", "another account"],
)
def test_what_is_new_is_not_suppressed(new: Finding) -> None:
    resolved = judged(found(reasons=["amount", "night"]))
    (alert,) = grouped(new, alerts=[resolved]).changed
    assert alert.id != resolved.id


def test_an_acknowledged_alert_goes_on_counting() -> None:
    acknowledged = raise_alert(found()).model_copy(update={"status": AlertStatus.ACKNOWLEDGED})
    (alert,) = grouped(found(5), alerts=[acknowledged]).changed
    assert (alert.id, alert.event_count, alert.status) == (acknowledged.id, 2, AlertStatus.ACKNOWLEDGED)


def test_raised_again_for_the_same_event_it_is_the_same_alert() -> None:
    event = found(event_id=UUID(int=7))
    assert raise_alert(event).id == raise_alert(event).id


def test_an_alert_tells_of_so_many_reasons_at_most() -> None:
    (alert,) = grouped(*(found(i, reasons=[f"r{i}"]) for i in range(30))).changed
    assert len(alert.reasons) == MOST_REASONS


@given(
    st.lists(
        st.tuples(st.floats(0, 30_000), st.sampled_from("abcdef"), st.sampled_from(["x", "y", None])), max_size=40
    ),
    st.sampled_from(GroupKey),
)
def test_no_event_is_lost_or_counted_twice(what: list[tuple[float, str, str | None]], key: GroupKey) -> None:
    campaign = Campaign(min_accounts=3, window_minutes=600)
    policy = AlertPolicy(grouping=Grouping(key=key, window_minutes=600, device=campaign, counterparty=campaign))
    made = [found(at, account_id=who, device_id=device, counterparty_id="s") for at, who, device in what]
    result = grouped(*made, policy=policy)
    assert sum(alert.event_count for alert in result.changed) == len(made)
    assert [event_id for event_id, _ in result.members] == [item.event_id for item in made]
    inside: dict[UUID, set[str]] = {}
    for item, (_, alert_id) in zip(made, result.members, strict=True):
        inside.setdefault(alert_id, set()).add(item.account_id)
    assert {alert.id: alert.account_count for alert in result.changed} == {
        alert_id: len(accounts) for alert_id, accounts in inside.items()
    }


@pytest.mark.parametrize("present", AlertStatus)
@pytest.mark.parametrize("wanted", AlertStatus)
def test_only_the_listed_transitions_are_allowed(present: AlertStatus, wanted: AlertStatus) -> None:
    if wanted in TRANSITIONS[present]:
        check_transition(present, wanted)
    else:
        with pytest.raises(Conflict, match=f"the alert is {present}"):
            check_transition(present, wanted)
