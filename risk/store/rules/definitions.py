"""Definitions of features, their versions and stages, and what of them is in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select

from risk.features.catalog import BUILT_IN, Catalog, Defined
from risk.features.definitions.definition import Definition, DefinitionBody
from risk.rules.lifecycle import Stage
from risk.store.db.tables import definition_sets, definition_stages, definition_versions, definitions
from risk.store.rules.versioned import Head, VersionedStore


class DefinitionVersion(Definition):
    """A definition with its place in its history."""

    version: int
    created_at: datetime
    created_by: str

    @property
    def definition(self) -> Definition:
        """The definition without its history."""
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
find_named = _store.find_named
version, versions, stages = _store.version, _store.versions, _store.stages
create, edit = _store.create, _store.edit


def change_stage(
    connection: Connection, head: DefinitionHead, stage: Stage, *, by: str, at: datetime, reason: str
) -> None:
    """Put a new stage in force, and with it a new set; a rollback will restore the present one."""
    _store.change_stage(connection, head, stage, by=by, at=at, reason=reason)
    _add_set(connection, at)


def roll_back(connection: Connection, head: DefinitionHead, *, by: str, at: datetime, reason: str) -> Stage:
    """Put the stage before the present one in force again, and with it a new set; ``Conflict`` if there is none."""
    stage = _store.roll_back(connection, head, by=by, at=at, reason=reason)
    _add_set(connection, at)
    return stage


def current(connection: Connection) -> Catalog:
    """The set of definitions in force."""
    c = definition_sets.c
    row = connection.execute(select(c.number, c.members).order_by(c.number.desc()).limit(1)).one_or_none()
    return BUILT_IN if row is None else _catalog(row.number, row.members)


def catalogs(connection: Connection, numbers: Iterable[int | None]) -> dict[int | None, Catalog]:
    """The sets with these numbers; vectors with none have no values of users' definitions."""
    wanted = {number for number in numbers if number}
    found: dict[int | None, Catalog] = {None: BUILT_IN, 0: BUILT_IN}
    if wanted:
        c = definition_sets.c
        for row in connection.execute(select(c.number, c.members).where(c.number.in_(wanted))):
            found[row.number] = _catalog(row.number, row.members)
    return found


def _catalog(number: int, members: Sequence[Mapping[str, Any]]) -> Catalog:
    return Catalog(
        number,
        tuple(
            Defined(member["version"], member["live"], Definition.model_validate(member["definition"]))
            for member in members
        ),
    )


def _add_set(connection: Connection, at: datetime) -> None:
    """Store the current set of definitions; the raised revision serializes writers."""
    members = [
        {"version": one.version, "live": one.live, "definition": one.definition.model_dump(mode="json")}
        for one in active(connection)
    ]
    newest = connection.scalar(select(func.max(definition_sets.c.number))) or 0
    connection.execute(insert(definition_sets).values(number=newest + 1, members=members, created_at=at))


def active(connection: Connection) -> list[Defined]:
    """The versions that are live, or backfilled and not (yet) live, by name."""
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
        Defined(row.version, row.version == row.live_version, _from_row(row._asdict()).definition)
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
