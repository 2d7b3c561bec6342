"""Who may say where a label or an event comes from: names with a colon are the system's own, and carry a proof.

Everybody who may write to the stream can send both. The API alone has the key of the proof, so that nobody else says
something in the name of an analyst or an alert, or takes an id of an API key's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import NamedTuple, TypeVar

from risk.domain.event_ids import STREAM
from risk.domain.events import Event, Label, to_json

OUTSIDE_PATTERN = r"^[^\W_][\w .,/()&+#-]*$"
"""Names that anybody may use: without a colon, or what looks like one."""
_OUTSIDE = re.compile(OUTSIDE_PATTERN)
Record = TypeVar("Record", Event, Label)


class SentId(NamedTuple):
    """What an event claims: that ``text`` is an id of ``source``."""

    source: str
    text: str
    proof: str | None = None


Claim = Label | SentId


def is_outside(claim: Claim) -> bool:
    """Whether the source of ``claim`` is one that anybody may name."""
    return claim.source == STREAM or _OUTSIDE.match(claim.source) is not None


def prove(record: Record, key: str) -> Record:
    """The record with the proof that its source takes, if it takes one."""
    claim = record if isinstance(record, Label) else SentId(record.event_source, record.event_id.text)
    return record if is_outside(claim) else record.model_copy(update={"proof": _proof(claim, key)})


def is_genuine(claim: Claim, key: str) -> bool:
    """Whether the source of ``claim`` is anybody's, or the holder of ``key`` sent it. Without a key nobody is."""
    if is_outside(claim):
        return True
    return bool(key) and hmac.compare_digest((claim.proof or "").encode(), _proof(claim, key).encode())


def _proof(claim: Claim, key: str) -> str:
    if isinstance(claim, Label):
        told = b"label\0" + to_json(claim.model_copy(update={"proof": None}))
    else:
        told = f"event\0{claim.source}\0{claim.text}".encode()
    return hmac.new(key.encode(), told, hashlib.sha256).hexdigest()
