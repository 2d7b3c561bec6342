"""Webhook messages: their types, their text for Slack, and when a failed one is sent again."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from risk.alerts.workflow import Action
from risk.domain.event_ids import STREAM

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
    OVERTURNED = "decision.overturned"
    RESTORED = "decision.restored"


TEST = "webhook.test"
"""The type of a message that an Admin sends to try a receiver out."""

_DECISIONS = frozenset({WebhookEvent.OVERTURNED, WebhookEvent.RESTORED})
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
    """``data`` of a message with ``url``, where the dashboard shows its subject; as it is without a site or subject."""
    if kind == TEST or not site_url:
        return data
    return data | {"url": f"{site_url.rstrip('/')}/{_page(kind, data)}"}


def _page(kind: str, data: dict[str, Any]) -> str:
    if kind in _DECISIONS:
        return f"explore?event={quote(_reference(data), safe='')}"
    return f"alerts?status=all&alert={data['id']}"


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
    if kind in _DECISIONS:
        return _decision_message(kind, data)
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


def _reference(data: dict[str, Any]) -> str:
    """An event in an address of the dashboard: its id, and after a bar whose it is."""
    text, source = data["event_id"], data["event_source"]
    return text if source == STREAM and "|" not in text else f"{text}|{quote(source, safe='')}"


def _decision_message(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    overturn = data["overturn"]
    holds = overturn["action"] if kind == WebhookEvent.OVERTURNED else overturn["decided"]
    by = overturn["made_by"] if kind == WebhookEvent.OVERTURNED else overturn["undone_by"]
    verb = kind.removeprefix("decision.")
    head = f"decision {verb}: {holds} event {data['event_id']} of account {data['account_id']}"
    facts = {"Decided": overturn["decided"], "Holds now": holds, "By": by, "Why": overturn["reason"]}
    url = data.get("url")
    name = f"Event {data['event_id']}"
    shown = f"<{_escaped(url)}|{_escaped(name)}>" if url else _escaped(name)
    fields = [{"type": "mrkdwn", "text": f"*{fact}*\n{_escaped(str(value))[:1_900]}"} for fact, value in facts.items()]
    return {
        "text": _escaped(head),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": head[:150]}},
            {"type": "section", "fields": fields},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": shown}]},
        ],
    }


def _name(data: dict[str, Any]) -> str:
    url = data.get("url")
    return f"<{_escaped(url)}|Alert {data['id']}>" if url else f"Alert {data['id']}"


def _escaped(text: str) -> str:
    """Text escaped for Slack, so that no text of an event becomes a link or a mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
