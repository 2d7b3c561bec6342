"""Webhook messages about alerts: their types, their text for Slack, and when a failed one is sent again."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any

from risk.alerts.workflow import Action

LONGEST_WAIT = timedelta(hours=2)


class WebhookKind(StrEnum):
    """The format of messages: signed, or for a Slack-compatible incoming webhook."""

    STANDARD = "standard"
    SLACK = "slack"


class WebhookEvent(StrEnum):
    """The events of which a receiver can be notified."""

    OPENED = "alert.opened"
    UPDATED = "alert.updated"
    ACKNOWLEDGED = "alert.acknowledged"
    RESOLVED = "alert.resolved"
    REOPENED = "alert.reopened"
    BREACHED = "alert.breached"


TEST = "webhook.test"
"""The type of a message that an Admin sends to try a receiver out."""

_OF_ACTION = {
    Action.OPENED: WebhookEvent.OPENED,
    Action.ACKNOWLEDGED: WebhookEvent.ACKNOWLEDGED,
    Action.RESOLVED: WebhookEvent.RESOLVED,
    Action.MERGED: WebhookEvent.RESOLVED,
    Action.REOPENED: WebhookEvent.REOPENED,
    Action.UNDONE: WebhookEvent.REOPENED,
    Action.BREACHED: WebhookEvent.BREACHED,
}


def event_of(action: Action) -> WebhookEvent:
    """The webhook event of an alert action."""
    return _OF_ACTION.get(action, WebhookEvent.UPDATED)


def linked(kind: str, data: dict[str, Any], site_url: str) -> dict[str, Any]:
    """``data`` of a message with ``url``, where the dashboard shows its alert; as it is without a site or an alert."""
    if kind == TEST or not site_url:
        return data
    return data | {"url": f"{site_url.rstrip('/')}/alerts?status=all&alert={data['id']}"}


def wait_after(attempts: int, first: timedelta, jitter: float) -> timedelta:
    """The delay after so many failed attempts: doubling up to two hours; ``jitter`` in [0, 1) spreads it by half."""
    doubled: int = 2 ** min(attempts - 1, 20)
    wait = min(first * doubled, LONGEST_WAIT)
    return wait * (0.75 + jitter / 2)


def slack_message(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """A message for a Slack-compatible incoming webhook: a line of text, and blocks with details."""
    if kind == TEST:
        text = "Test of the risk notifications: it works."
        return {"text": text, "blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}]}
    what = kind.removeprefix("alert.")
    head = f"{data['level']} alert {what}: account {data['account_id']}"
    facts = {
        "Reason": data["reason_text"],
        "Score": f"{data['top_score']:.2f}",
        "Events": data["event_count"],
        # Messages queued by earlier versions lack some fields and are still sent.
        "Accounts": accounts if (accounts := data.get("account_count", 1)) > 1 else None,
        "At risk": ", ".join(f"{one['amount']} {one['currency'] or ''}".strip() for one in data.get("at_risk", ())),
        "Decision": data.get("decision"),
        "Status": data["status"],
        "Assignee": data["assignee"],
        "Due": data["due_at"],
        "Found to be": data["disposition"],
    }
    fields = [
        {"type": "mrkdwn", "text": f"*{name}*\n{_escaped(str(value))[:1_900]}"}
        for name, value in facts.items()
        if value
    ]
    return {
        "text": _escaped(head),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": head[:150]}},
            {"type": "section", "fields": fields},
            {
                "type": "context",
                "elements": [{"type": "mrkdwn", "text": f"{_name(data)}, version {data['version']}"}],
            },
        ],
    }


def _name(data: dict[str, Any]) -> str:
    url = data.get("url")
    return f"<{_escaped(url)}|Alert {data['id']}>" if url else f"Alert {data['id']}"


def _escaped(text: str) -> str:
    """Text escaped for Slack, so that no text of an event becomes a link or a mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
