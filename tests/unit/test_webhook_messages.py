"""What receivers are told, how it is signed, and where it may go."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from uuid import uuid4

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from risk.alerts.grouping import raise_alert
from risk.alerts.webhook_filter import WebhookFilter
from risk.alerts.webhook_messages import LONGEST_WAIT, TEST, WebhookEvent, event_of, linked, slack_message, wait_after
from risk.alerts.webhook_signature import secret, sign
from risk.alerts.webhook_url import check_url, is_public
from risk.alerts.workflow import Action
from risk.domain.errors import InvalidInput
from tests.integration.test_api.support import finding, make_assessment

KEY = "k" * 32


def test_the_published_library_verifies_what_is_signed_here() -> None:
    one = secret(KEY, uuid4(), 1)
    body = json.dumps({"type": "alert.opened"}).encode()
    headers = sign([one], "msg_1", datetime.now(UTC), body)
    assert Webhook(one).verify(body, headers) == {"type": "alert.opened"}
    for odd, others in ((body + b" ", {}), (body, {"webhook-id": "msg_2"}), (body, {"webhook-timestamp": "1"})):
        with pytest.raises(WebhookVerificationError):
            Webhook(one).verify(odd, headers | others)
    late = sign([one], "msg_1", datetime.now(UTC) - timedelta(hours=1), body)
    with pytest.raises(WebhookVerificationError):
        Webhook(one).verify(body, late)


def test_each_webhook_and_each_generation_has_its_own_secret() -> None:
    one, two = uuid4(), uuid4()
    made = {secret(KEY, one, 1), secret(KEY, one, 2), secret(KEY, two, 1), secret(KEY[::-1] + "x", one, 1)}
    assert len(made) == 4
    assert secret(KEY, one, 1) == secret(KEY, one, 1)


def test_every_action_is_told_as_some_event() -> None:
    of_alerts = {event for event in WebhookEvent if event.startswith("alert.")}
    assert {event_of(action) for action in Action} == of_alerts


def test_waits_double_up_to_two_hours_and_are_spread() -> None:
    first = timedelta(seconds=5)
    assert wait_after(1, first, 0.5) == first
    assert wait_after(4, first, 0.5) == first * 8
    assert wait_after(1_000, first, 0.5) == LONGEST_WAIT
    assert wait_after(1, first, 0.0) < first < wait_after(1, first, 0.99)


def test_an_overturned_decision_says_what_holds_now_and_links_to_its_event() -> None:
    overturn = {"decided": "decline", "action": "approve", "reason": "<known>", "made_by": "ada", "undone_by": "bob"}
    data: dict[str, Any] = {"event_id": "order/1", "event_source": "key:shop", "account_id": "eve"}
    data["overturn"] = overturn
    given = linked("decision.overturned", data, "https://risk.example.com/")
    assert given["url"] == "https://risk.example.com/explore?event=order%2F1%7Ckey%253Ashop"
    message = slack_message("decision.overturned", given)
    assert message["text"] == "decision overturned: approve event order/1 of account eve"
    assert "*Why*\n&lt;known&gt;" in str(message["blocks"][1]).replace("\\n", "\n")
    restored = slack_message("decision.restored", data)
    assert restored["text"] == "decision restored: decline event order/1 of account eve"
    assert "bob" in str(restored)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fd00::1",
     "::ffff:10.0.0.1", "2002:a00:1::", "64:ff9b::a00:1", "ff02::1", "2001::1", "255.255.255.255", "192.168.1.1"],
)  # fmt: skip
def test_addresses_of_the_inside_are_not_public_however_they_are_written(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(ip_address(address))


def test_plain_http_is_for_this_machine_only_and_only_where_it_is_allowed() -> None:
    check_url("https://hooks.example.com/risk?x=1", private=False)
    check_url("http://localhost:9000/", private=True)
    check_url("https://10.0.0.1/", private=True)
    for url in ("http://localhost:9000/", "https://127.0.0.1./", "https://app.localhost/"):
        with pytest.raises(InvalidInput):
            check_url(url, private=False)
    with pytest.raises(InvalidInput):
        check_url("http://10.0.0.1/", private=True)


def test_slack_gets_no_link_and_no_mention_from_the_text_of_an_event() -> None:
    data: dict[str, Any] = {
        "id": "1", "version": 3, "level": "HIGH", "account_id": "<@U1>", "reason_text": "<!here> & <http://x|y>",
        "top_score": 0.75, "event_count": 2, "account_count": 3, "at_risk": [{"amount": "12.5", "currency": "EUR"}],
        "status": "open", "assignee": None, "due_at": None, "disposition": None,
    }  # fmt: skip
    message = slack_message("alert.opened", data)
    marked = [field["text"] for block in message["blocks"] for field in block.get("fields", [])]
    assert message["text"] == "HIGH alert opened: account &lt;@U1&gt;"
    assert marked[0] == "*Reason*\n&lt;!here&gt; &amp; &lt;http://x|y&gt;"
    assert "*At risk*\n12.5 EUR" in marked
    assert "*Accounts*\n3" in marked
    assert slack_message(TEST, {})["blocks"]


def test_a_message_queued_before_alerts_counted_accounts_is_still_sent() -> None:
    data: dict[str, Any] = {
        "id": "1", "version": 3, "level": "HIGH", "account_id": "ada", "reason_text": "new device", "top_score": 0.75,
        "event_count": 2, "status": "open", "assignee": None, "due_at": None, "disposition": None,
    }  # fmt: skip
    assert slack_message("alert.opened", data)["text"] == "HIGH alert opened: account ada"


def test_a_message_links_to_its_alert_where_the_dashboard_has_an_address() -> None:
    data: dict[str, Any] = {"id": "a1", "version": 1, "level": "HIGH", "account_id": "ada", "reason_text": "x"}
    data |= {
        "top_score": 0.7,
        "event_count": 1,
        "status": "open",
        "assignee": None,
        "due_at": None,
        "disposition": None,
    }
    given = linked("alert.opened", data, "https://risk.example.com/")
    assert given["url"] == "https://risk.example.com/alerts?status=all&alert=a1"
    assert "<https://risk.example.com/alerts?status=all&amp;alert=a1|Alert a1>" in str(
        slack_message("alert.opened", given)
    )
    assert linked("alert.opened", data, "") == data
    assert linked(TEST, {"webhook_id": "w"}, "https://risk.example.com") == {"webhook_id": "w"}


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ({}, True),
        ({"min_level": "HIGH"}, True),
        ({"min_level": "CRITICAL"}, False),
        ({"event_types": ["payment", "login"]}, True),
        ({"event_types": ["login"]}, False),
        ({"countries": ["de"]}, True),
        ({"countries": ["AT"]}, False),
        ({"min_amount": 100}, True),
        ({"min_amount": 110}, False),
        ({"min_level": "HIGH", "countries": ["DE"], "min_amount": 110}, False),
    ],
)
def test_a_filter_tells_of_alerts_that_meet_every_condition(conditions: dict[str, Any], told: bool) -> None:
    one = make_assessment(1, 0.7, country="DE", amount="120", currency="USD")  # 102.56 EUR
    assert WebhookFilter.model_validate(conditions).matches(raise_alert(finding(one))) is told


def test_an_alert_without_an_amount_is_below_any_least_amount() -> None:
    alert = raise_alert(finding(make_assessment(1, 0.7, amount=None, currency=None)))
    assert not WebhookFilter(min_amount=0.01).matches(alert)
    assert WebhookFilter(min_amount=0).matches(alert)
