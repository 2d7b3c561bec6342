"""Turns records of ``risk-updates`` into the frames that a connection receives."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import orjson

from risk.adapters.stream_contracts import MAX_FRAME_BYTES, UpdateType, envelopes
from risk.domain.assessment import RiskLevel
from risk.domain.errors import InvalidInput
from risk.domain.permissions import Permission, Role, allows

NEEDED = {
    UpdateType.ASSESSMENTS: Permission.RISK_READ,
    UpdateType.STATS: Permission.RISK_READ,
    UpdateType.OVERTURN: Permission.RISK_READ,
    UpdateType.ALERT: Permission.ALERTS_READ,
    UpdateType.CONFIG: Permission.CONFIG_READ,
    UpdateType.MODEL: Permission.MODELS_READ,
    UpdateType.DELIVERY: Permission.WEBHOOKS_MANAGE,
    UpdateType.EXPLANATION: Permission.RISK_EXPLAIN,
    UpdateType.IMPORT: Permission.IMPORTS_MANAGE,
}
_ENVELOPE_BYTES = 100


class Updates:
    """The records of a batch, merged by type: ``add`` each envelope, then ask for ``frames``."""

    def __init__(self) -> None:
        # Items with their level: assessments are filtered by it, the rest goes to all who may read it.
        self._items: dict[UpdateType, list[tuple[RiskLevel, bytes]]] = {}
        # Explanations go only to the person who asked.
        self._personal: dict[str, list[bytes]] = {}
        self._frames = cache(self._pack)

    def add(self, envelope: bytes) -> None:
        """Add the items of one envelope; ``InvalidInput`` if it is malformed, and then none of it is added."""
        try:
            read = orjson.loads(envelope)
            kind = UpdateType(read["type"])
            items = [_item(kind, item) for item in read["items"]]
            owners = [str(item["user_id"]) for item in read["items"]] if kind is UpdateType.EXPLANATION else []
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"not an envelope of updates: {type(error).__name__}: {error}") from error
        if kind is UpdateType.EXPLANATION:
            for owner, (_, data) in zip(owners, items, strict=True):
                self._personal.setdefault(owner, []).append(data)
        else:
            self._items.setdefault(kind, []).extend(items)

    def frames(self, role: Role, min_level: RiskLevel, user_id: str) -> list[bytes]:
        """The frames for a connection of this person and role that wants assessments from ``min_level`` on."""
        personal = self._personal.get(user_id, []) if allows(role, NEEDED[UpdateType.EXPLANATION]) else []
        return [*self._frames(role, min_level), *envelopes(UpdateType.EXPLANATION, personal)]

    def _pack(self, role: Role, min_level: RiskLevel) -> list[bytes]:
        return [
            frame
            for kind, items in self._items.items()
            if allows(role, NEEDED[kind])
            for frame in envelopes(kind, _wanted(kind, items, min_level))
        ]


def _item(kind: UpdateType, item: object) -> tuple[RiskLevel, bytes]:
    if not isinstance(item, dict):
        raise TypeError("an item is an object")
    data = orjson.dumps(item)
    if len(data) > MAX_FRAME_BYTES - _ENVELOPE_BYTES:
        raise ValueError(f"an item of {len(data)} bytes fits into no frame")
    return (RiskLevel(item["level"]) if kind is UpdateType.ASSESSMENTS else RiskLevel.CRITICAL), data


def _wanted(kind: UpdateType, items: Iterable[tuple[RiskLevel, bytes]], min_level: RiskLevel) -> Iterable[bytes]:
    return (data for level, data in items if kind is not UpdateType.ASSESSMENTS or level.at_least(min_level))
