"""Webhook signatures, after the Standard Webhooks specification (https://www.standardwebhooks.com).

``webhook-id`` stays the same however often a message is sent; ``webhook-signature`` is an HMAC-SHA256 over id,
timestamp and body. Secrets are derived from one key that only the API and the sender have, so that no database and
no backup of one holds any; a new generation makes a new secret, and for a day messages carry both signatures.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

OVERLAP = timedelta(hours=24)
"""How long the secret before the newest still signs."""


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
