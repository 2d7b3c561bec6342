"""Webhook messages about alerts: content, signature and retry schedule.

Messages follow the Standard Webhooks specification (https://www.standardwebhooks.com): ``webhook-id`` stays
the same however often a message is sent, and ``webhook-signature`` is an HMAC-SHA256 over id, timestamp and
body. Secrets are derived from one key that only the API and the sender have, so that no database and no
backup of one holds any; a new generation makes a new secret, and for a day messages carry both signatures.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from risk.alerts.workflow import Action
from risk.domain.errors import InvalidInput

OVERLAP = timedelta(hours=24)
LONGEST_WAIT = timedelta(hours=2)
_NAT64 = ip_network("64:ff9b::/96")
# IPv4-compatible addresses, NAT64 of a network's own, and site-local ones: Python's versions differ on them.
_NEVER_PUBLIC = [ip_network(text) for text in ("::/96", "64:ff9b:1::/48", "fec0::/10", "100::/64", "2001:db8::/32")]


class WebhookKind(StrEnum):
    """What a receiver understands: signed messages, or those of a Slack-compatible incoming webhook."""

    STANDARD = "standard"
    SLACK = "slack"


class WebhookEvent(StrEnum):
    """What a receiver can be told of."""

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
    """What receivers are told when this happens to an alert."""
    return _OF_ACTION.get(action, WebhookEvent.UPDATED)


def secret(key: str, webhook_id: UUID, generation: int) -> str:
    """The secret of a receiver, as it is shown once: ``whsec_`` and 32 bytes in base64."""
    derived = hmac.digest(key.encode(), f"webhook:{webhook_id}:{generation}".encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(derived).decode()


def sign(secrets: list[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that prove where ``body`` comes from: one signature for each of ``secrets``."""
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [
        "v1," + base64.b64encode(hmac.digest(base64.b64decode(one.removeprefix("whsec_")), signed, "sha256")).decode()
        for one in secrets
    ]
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}


def wait_after(attempts: int, first: timedelta, jitter: float) -> timedelta:
    """How long to wait after so many failed attempts: doubling to two hours; ``jitter`` in [0, 1) spreads by a half."""
    doubled: int = 2 ** min(attempts - 1, 20)
    wait = min(first * doubled, LONGEST_WAIT)
    return wait * (0.75 + jitter / 2)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise InvalidInput(f"this is not a URL: {error}", field="url") from error
    return parts


def check_url(url: str, *, private: bool) -> None:
    """Raise ``InvalidInput`` unless messages may be sent to ``url``.

    HTTPS only, with no name or password in it and no address that is not public. With ``private`` also
    addresses of the inside, and plain HTTP to this machine.
    """
    parts = _parts(url)
    host = (parts.hostname or "").rstrip(".")
    if not host or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidInput("this is not a URL; give one such as https://hooks.example.com/risk", field="url")
    try:
        address: IPv4Address | IPv6Address | None = ip_address(host)
    except ValueError:
        address = None
    local = host == "localhost" or host.endswith(".localhost") or (address is not None and address.is_loopback)
    if parts.scheme != "https" and not (private and parts.scheme == "http" and local):
        raise InvalidInput("must begin with https://", field="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput("must not hold a name, a password or a fragment", field="url")
    if not private and (local or (address is not None and not is_public(address))):
        raise InvalidInput("must be a public address", field="url")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the internet, whatever it is wrapped in (mapped, compatible, 6to4, NAT64)."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or any(address in network for network in _NEVER_PUBLIC):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def slack_message(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """What a Slack-compatible incoming webhook shows of a message: a line of text, and blocks that say more."""
    if kind == TEST:
        text = "Test of the risk notifications: it works."
        return {"text": text, "blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}]}
    what = kind.removeprefix("alert.")
    head = f"{data['level']} alert {what}: account {data['account_id']}"
    facts = {
        "Reason": data["reason_text"],
        "Score": f"{data['top_score']:.2f}",
        "Events": data["event_count"],
        # Messages queued before alerts had these fields are still sent.
        "Accounts": accounts if (accounts := data.get("account_count", 1)) > 1 else None,
        "At risk": ", ".join(f"{one['amount']} {one['currency'] or ''}".strip() for one in data.get("at_risk", ())),
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
                "elements": [{"type": "mrkdwn", "text": f"Alert {data['id']}, version {data['version']}"}],
            },
        ],
    }


def _escaped(text: str) -> str:
    """What Slack asks for, so that no text of an event becomes a link or a mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
