"""Search results."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from risk.domain.assessment import RiskLevel


class HitKind(StrEnum):
    """The kind of a result."""

    EVENT = "event"
    ALERT = "alert"
    ACCOUNT = "account"
    COUNTERPARTY = "counterparty"
    DEVICE = "device"
    IP = "ip"
    CARD = "card"
    EMAIL = "email"
    EMAIL_DOMAIN = "email_domain"
    RULE = "rule"
    LIST = "list"
    LIST_ENTRY = "list_entry"
    USER = "user"


class Match(StrEnum):
    """How a text matched: exactly, by prefix, or with one typo."""

    EXACT = "exact"
    PREFIX = "prefix"
    SIMILAR = "similar"


class Hit(BaseModel):
    """One thing found; ``id`` (of an event, with ``event_source``) leads to it, ``name`` is what matched.

    ``detail`` tells it from others.
    """

    model_config = ConfigDict(frozen=True)

    kind: HitKind
    id: str
    event_source: str | None = None
    name: str
    detail: str | None = None
    level: RiskLevel | None = None
    match: Match


def match_of(name: str, text: str) -> Match:
    """How ``text`` matched ``name``."""
    folded, wanted = name.lower(), text.lower()
    if folded == wanted:
        return Match.EXACT
    return Match.PREFIX if wanted in folded else Match.SIMILAR
