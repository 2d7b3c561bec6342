"""What keys, filters and rules read of an event: its fields, its attributes by path, and what is derived of them.

An event is given as its JSON has it. What it lacks is None; the empty text counts as lacking.

Derived are ``family`` and ``amount_flow`` (what the type of the event is registered as; as it is shipped, where the
engine has not said), ``outcome`` (how it ended: ``succeeded``, ``failed``, ``declined`` or the sender's own word, from
``attributes.outcome``, ``attributes.status``, or a true or false ``attributes.success`` or ``approved``), ``card``
(``attributes.card``, ``card_id``, ``card_token`` or ``card_fingerprint``) and ``email_domain``
(``attributes.email_domain``, or what follows the @ of ``attributes.email``). Keys may also be of a season, by which
an event is compared with others of the same time: ``hour_of_day`` (``0`` to ``23``) and ``hour_of_week`` (``0`` is
Monday, 00:00 to 01:00), in UTC.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from risk.domain.event_types import SHIPPED_TYPES

Event = Mapping[str, Any]
ReadText = Callable[[Event], str | None]
ReadNumber = Callable[[Event], float | None]

FIELDS = ("event_type", "account_id", "counterparty_id", "currency", "channel", "device_id", "ip", "country")
DERIVED = ("outcome", "card", "email_domain", "family", "amount_flow")
SEASONS = ("hour_of_day", "hour_of_week")
ATTRIBUTE = "attributes."

_CARDS = ("card", "card_id", "card_token", "card_fingerprint")
_OUTCOMES = {
    **dict.fromkeys(("success", "succeeded", "approved", "accepted", "ok", "completed"), "succeeded"),
    **dict.fromkeys(("fail", "failed", "failure", "error", "invalid"), "failed"),
    **dict.fromkeys(("decline", "declined", "denied", "refused", "rejected", "blocked"), "declined"),
}
_PATH = re.compile(r"attributes(\.[A-Za-z_][A-Za-z0-9_]{0,63}){1,4}")


def is_readable(name: str) -> bool:
    """Whether ``name`` is a field, a derived field, a season, or the path of an attribute."""
    return name in FIELDS or name in DERIVED or name in SEASONS or _PATH.fullmatch(name) is not None


def text_reader(name: str) -> ReadText:
    """A function that reads ``name`` of an event as text; integers and booleans become text."""
    if name in _DERIVED:
        return _DERIVED[name]
    if not name.startswith(ATTRIBUTE):
        return lambda event: event.get(name) or None
    read = _attribute(name)

    def of_attribute(event: Event) -> str | None:
        value = read(event)
        if isinstance(value, str):
            return value or None
        return str(value).lower() if isinstance(value, (int, float)) else None

    return of_attribute


def number_reader(name: str) -> ReadNumber:
    """Reads ``name``, ``amount`` or the path of an attribute as a finite number; true is 1 and false 0."""
    read = (lambda event: event.get(name)) if name == "amount" else _attribute(name)

    def of_number(event: Event) -> float | None:
        value = read(event)
        if value is None or (isinstance(value, str) and name != "amount"):
            return None
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            return None
        return number if math.isfinite(number) else None

    return of_number


def _attribute(path: str) -> Callable[[Event], Any]:
    names = path.split(".")[1:]
    if len(names) == 1:
        (only,) = names
        return lambda event: (event.get("attributes") or {}).get(only)

    def nested(event: Event) -> Any:
        found: Any = event.get("attributes")
        for name in names:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    return nested


def _outcome(event: Event) -> str | None:
    attributes = event.get("attributes")
    if not attributes:
        return None
    for name in ("outcome", "status"):
        word = attributes.get(name)
        if isinstance(word, str) and word:
            word = word.strip().lower()
            return _OUTCOMES.get(word, word)
    for name, no in (("success", "failed"), ("approved", "declined")):
        if isinstance(attributes.get(name), bool):
            return "succeeded" if attributes[name] else no
    return None


def _card(event: Event) -> str | None:
    attributes = event.get("attributes")
    if attributes:
        for name in _CARDS:
            value = attributes.get(name)
            if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
                return str(value)
    return None


def _email_domain(event: Event) -> str | None:
    attributes = event.get("attributes")
    if not attributes:
        return None
    domain = attributes.get("email_domain")
    if not isinstance(domain, str):
        email = attributes.get("email")
        domain = email.rpartition("@")[2] if isinstance(email, str) and "@" in email else ""
    return domain.strip().rstrip(".").lower() or None


def _family(event: Event) -> str | None:
    found: str | None = event.get("family")
    return found or SHIPPED_TYPES.find(event.get("event_type", "")).family.value


def _amount_flow(event: Event) -> str | None:
    found: str | None = event.get("amount_flow")
    return found or SHIPPED_TYPES.find(event.get("event_type", "")).amounts.value


def _time(event: Event) -> datetime:
    at = event["occurred_at"]
    return (at if isinstance(at, datetime) else datetime.fromisoformat(at)).astimezone(UTC)


def _hour_of_day(event: Event) -> str:
    return str(_time(event).hour)


def _hour_of_week(event: Event) -> str:
    at = _time(event)
    return str(24 * at.weekday() + at.hour)


_DERIVED: dict[str, ReadText] = {
    "outcome": _outcome, "card": _card, "email_domain": _email_domain, "family": _family, "amount_flow": _amount_flow,
    "hour_of_day": _hour_of_day, "hour_of_week": _hour_of_week,
}  # fmt: skip
