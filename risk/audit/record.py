"""One record of the audit log: canonical JSON (RFC 8785), with personal values kept beside it.

A record holds no personal value, only a commitment to each: the hash of a random salt and the value. Salt
and value are kept apart from it, so that erasing them leaves the record, and every proof of it, as they were.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID, uuid4

import rfc8785

VERSION = 1
SALT_BYTES = 16
ENGINE = "engine"
NOBODY = "anonymous"
SYSTEM = "system"

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class Outcome(StrEnum):
    """The outcome of an action: done, failed (a wrong password), or refused (401 and 403)."""

    SUCCESS = "success"
    FAILURE = "failure"
    REFUSED = "refused"


@dataclass(frozen=True)
class Entry:
    """One action. ``actor`` is ``user:<id>``, ``key:<id>``, ``engine``, ``system`` or ``anonymous``.

    ``subject`` is what it was done to, as ``kind:id``. ``details`` hold no personal value; those are in
    ``personal``, by the name of the field.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    outcome: Outcome = Outcome.SUCCESS
    request_id: str | None = None
    details: Mapping[str, Json] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sealed:
    """An entry in stored form: the bytes that the log proves, and salt and value of each personal field."""

    entry: Entry
    record: bytes
    personal: dict[str, tuple[bytes, str]]


def moment(at: datetime) -> str:
    """A moment as records store it: RFC 3339 in UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commitment(salt: bytes, value: str) -> str:
    """The commitment to a personal value: SHA-256 over the salt (16 bytes) and the value in UTF-8, in hexadecimal."""
    return hashlib.sha256(salt + value.encode()).hexdigest()


def seal(
    entry: Entry, *, new_id: Callable[[], UUID] = uuid4, new_salt: Callable[[int], bytes] = secrets.token_bytes
) -> Sealed:
    """The record of ``entry`` under an id of its own, and the personal values stored beside it."""
    personal = {name: (new_salt(SALT_BYTES), value) for name, value in entry.personal.items()}
    record = rfc8785.dumps(
        {
            "v": VERSION,
            "id": str(new_id()),
            "at": moment(entry.at),
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "outcome": entry.outcome.value,
            "request_id": entry.request_id,
            "details": dict(entry.details),
            "personal": {name: commitment(*kept) for name, kept in personal.items()},
        }
    )
    return Sealed(entry, record, personal)
