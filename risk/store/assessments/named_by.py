"""Conditions for assessments that name an entity, matching their indexes."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func
from sqlalchemy.dialects.postgresql import INET

from risk.domain.entities import EntityKind
from risk.store.db.tables import assessments

_A = assessments.c
COLUMNS: Mapping[EntityKind, ColumnElement[Any]] = {
    EntityKind.ACCOUNT: _A.account_id,
    EntityKind.COUNTERPARTY: _A.counterparty_id,
    EntityKind.DEVICE: _A.device_id,
    EntityKind.IP: _A.ip,
    EntityKind.CARD: func.event_card(_A.attributes),
    EntityKind.EMAIL: func.event_email(_A.attributes),
    EntityKind.EMAIL_DOMAIN: func.event_email_domain(_A.attributes),
}
"""The expression that holds the value of each kind."""


def is_of(kind: EntityKind, value: str) -> ColumnElement[bool]:
    """Whether an assessment names the entity, whose value is in normal form; an address may be a range."""
    column = COLUMNS[kind]
    if kind is not EntityKind.IP:
        return column == value
    network = ip_network(value)
    # As two bounds, which an index can use even in a generic plan.
    low, high = (cast(str(end), INET) for end in (network.network_address, network.broadcast_address))
    return column == low if network.num_addresses == 1 else and_(column >= low, column <= high)
