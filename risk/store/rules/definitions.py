"""Definitions of features, their versions and stages, and what of them is in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, func, or_, select

from risk.features.definitions.definition import Definition, DefinitionBody, DefinitionName
from risk.store.db.tables import definition_stages, definition_versions, definitions
from risk.store.rules.versioned import Head, VersionedStore


class DefinitionVersion(Definition):
    """A definition with its place in its history."""

    version: int
    created_at: datetime
    created_by: str

    @property
    def definition(self) -> Definition:
        """What it computes, without its history."""
        return Definition.model_validate(self.model_dump(include=set(Definition.model_fields)))


DefinitionHead = Head[DefinitionVersion]


def _to_row(written: DefinitionBody) -> dict[str, Any]:
    return {"body": written.model_dump(mode="json", include=set(DefinitionBody.model_fields))}


def _from_row(values: Mapping[str, Any]) -> DefinitionVersion:
    kept = {name: values[name] for name in ("name", "version", "created_at", "created_by")}
    return DefinitionVersion.model_validate(values["body"] | kept)


_store = VersionedStore[DefinitionBody, DefinitionVersion](
    "definition", (definitions, definition_versions, definition_stages), "definition_id", _to_row, _from_row
)
page, find, find_to_change = _store.page, _store.find, _store.find_to_change
version, versions, stages = _store.version, _store.versions, _store.stages
create, edit, change_stage, roll_back = _store.create, _store.edit, _store.change_stage, _store.roll_back


class Active(NamedTuple):
    """A version that is live, or backfilled and not (yet) live."""

    definition_id: UUID
    version: int
    live: bool
    definition: Definition


def active(connection: Connection) -> list[Active]:
    """The versions that are computed, by name."""
    s, v = definition_stages.c, definition_versions.c
    query = (
        select(definitions.c.name, s.live_version, definition_versions)
        .join(definition_stages, (s.definition_id == definitions.c.id) & (s.number == definitions.c.stage))
        .join(
            definition_versions,
            (v.definition_id == definitions.c.id) & or_(v.version == s.live_version, v.version == s.shadow_version),
        )
        .order_by(definitions.c.name, v.version)
    )
    return [
        Active(row.definition_id, row.version, row.version == row.live_version, _from_row(row._asdict()).definition)
        for row in connection.execute(query)
    ]


def count_live(connection: Connection) -> int:
    """How many definitions have a live version."""
    s = definition_stages.c
    query = (
        select(func.count())
        .select_from(definitions)
        .join(definition_stages, (s.definition_id == definitions.c.id) & (s.number == definitions.c.stage))
        .where(s.live_version.is_not(None))
    )
    return connection.scalar(query) or 0


__all__ = ["Active", "DefinitionHead", "DefinitionName", "DefinitionVersion", "active", "count_live"]
