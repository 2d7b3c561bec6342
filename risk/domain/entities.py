"""Entities: the values that events name and share, such as accounts, devices and cards."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network

from pydantic_core import PydanticCustomError

from risk.domain import field_rules
from risk.domain.errors import InvalidInput

MAX_VALUE = 256
"""The most characters of a value that is found; what events hold beyond it is not indexed."""
_MOST_WIDE = {4: 16, 6: 32}
"""The shortest prefix, in bits, of a range of addresses by version: a wider one holds everybody."""


class EntityKind(StrEnum):
    """What a value names. Card, e-mail and its domain come from attributes: see ``risk.features.event_values``."""

    ACCOUNT = "account"
    COUNTERPARTY = "counterparty"
    DEVICE = "device"
    IP = "ip"
    CARD = "card"
    EMAIL = "email"
    EMAIL_DOMAIN = "email_domain"


def normal_value(kind: EntityKind, value: str) -> str:
    """``value`` as events of ``kind`` hold it; an ``ip`` may be a range, in CIDR notation. ``InvalidInput`` if none."""
    value = value.strip()
    if kind is EntityKind.IP:
        found = address_range(value)
        if found is None:
            raise InvalidInput("must be an address, or a range such as 10.1.0.0/16", field="value")
        if found.prefixlen < _MOST_WIDE[found.version]:
            raise InvalidInput(f"must be a range of /{_MOST_WIDE[found.version]} or narrower", field="value")
        return str(found.network_address) if found.prefixlen == found.max_prefixlen else str(found)
    if kind in {EntityKind.EMAIL, EntityKind.EMAIL_DOMAIN}:
        return value.lower().lstrip("@") if kind is EntityKind.EMAIL_DOMAIN else value.lower()
    if kind is EntityKind.CARD:
        return value
    try:
        return field_rules.identifier(value)
    except PydanticCustomError as error:
        raise InvalidInput("must be visible characters", field="value") from error


def address_range(text: str) -> IPv4Network | IPv6Network | None:
    """The range that ``text`` is, an address being one of itself alone; None if it is neither."""
    try:
        if "/" not in text:
            text = field_rules.address(text)
        found = ip_network(text, strict=False)
    except (ValueError, PydanticCustomError):
        return None
    return None if isinstance(found, IPv6Network) and found.network_address.scope_id else found
