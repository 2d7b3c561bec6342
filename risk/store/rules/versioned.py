"""Versioned objects that are put in force in stages: rules, and definitions of features.

A kind has three tables: heads (name, newest version, stage in force), versions and stages. Versions and stages are
append-only. Every change raises the revision, by which the engine detects changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Row, Select, Table, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.domain.errors import Conflict, NotFound
from risk.rules.lifecycle import RuleStatus, Stage
from risk.store.db.revisions import touch

Columns = Mapping[str, Any]


class Version(Protocol):
    """A stored version: the fields common to all kinds."""

    @property
    def version(self) -> int:
        """Its number, from 1."""

    @property
    def created_by(self) -> str:
        """Its author."""


V = TypeVar("V", bound=Version)
D = TypeVar("D", bound=BaseModel)


class StageChange(BaseModel):
    """A stage: who put it in force, when and why. ``back_to`` is what a rollback restores."""

    model_config = ConfigDict(frozen=True)

    number: int
    stage: Stage
    back_to: int | None
    changed_at: datetime
    changed_by: str
    reason: str


@dataclass(frozen=True)
class Head(Generic[V]):
    """A rule or a definition without its history: where it stands, and its newest version."""

    id: UUID
    name: str
    stage: Stage
    stage_number: int
    stage_by: str
    stage_reason: str
    latest: V
    created_at: datetime
    created_by: str


class VersionedStore(Generic[D, V]):
    """The queries of one kind, which is called ``noun``. ``owner`` is the column that names the head of a version.

    ``to_row`` gives the columns of what an author wrote, ``from_row`` a version of its columns and ``name``.
    """

    def __init__(
        self,
        noun: str,
        tables: tuple[Table, Table, Table],
        owner: str,
        to_row: Callable[[D], Columns],
        from_row: Callable[[Columns], V],
    ) -> None:
        self.noun = noun
        self._heads, self._versions, self._stages = tables
        self._owner = owner
        self._to_row, self._from_row = to_row, from_row
        self.stage_columns = [self._stages.c[name] for name in Stage.model_fields]

    def page(self, connection: Connection, status: RuleStatus | None, *, limit: int, after: str = "") -> list[Head[V]]:
        """At most ``limit`` in order of name, from those after the name ``after``."""
        s = self._stages.c
        query = self._select().where(self._heads.c.name > after).order_by(self._heads.c.name).limit(limit)
        if status is RuleStatus.ARCHIVED:
            query = query.where(s.archived)
        elif status is RuleStatus.LIVE:
            query = query.where(s.live_version.is_not(None))
        elif status is RuleStatus.SHADOW:
            query = query.where(s.live_version.is_(None), s.shadow_version.is_not(None))
        elif status is RuleStatus.DRAFT:
            query = query.where(s.live_version.is_(None), s.shadow_version.is_(None), ~s.archived)
        return [self._head(row) for row in connection.execute(query)]

    def find_to_change(self, connection: Connection, head_id: UUID) -> Head[V]:
        """One, or ``NotFound``; others who would change something wait until this transaction ends."""
        touch(connection)
        return self.find(connection, head_id)

    def find(self, connection: Connection, head_id: UUID) -> Head[V]:
        """One, or ``NotFound``."""
        row = connection.execute(self._select().where(self._heads.c.id == head_id)).one_or_none()
        if row is None:
            raise NotFound(f"{self.noun} {head_id} not found")
        return self._head(row)

    def find_named(self, connection: Connection, name: str) -> Head[V] | None:
        """The one with this name, if there is one."""
        row = connection.execute(self._select().where(self._heads.c.name == name)).one_or_none()
        return None if row is None else self._head(row)

    def versions(self, connection: Connection, head_id: UUID) -> list[V]:
        """All versions, newest first."""
        query = self._select_versions(head_id).order_by(self._versions.c.version.desc())
        return [self._from_row(row._asdict()) for row in connection.execute(query)]

    def version(self, connection: Connection, head_id: UUID, number: int) -> V:
        """One version, or ``NotFound``."""
        query = self._select_versions(head_id).where(self._versions.c.version == number)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"version {number} of the {self.noun} {head_id} not found")
        return self._from_row(row._asdict())

    def stages(self, connection: Connection, head_id: UUID) -> list[StageChange]:
        """All stages that it was in, newest first."""
        s = self._stages.c
        query = select(self._stages).where(s[self._owner] == head_id).order_by(s.number.desc())
        return [
            StageChange.model_validate(row._asdict() | {"stage": self.stage_of(row)})
            for row in connection.execute(query)
        ]

    def create(self, connection: Connection, name: str, written: D, *, by: str, at: datetime) -> UUID:
        """Add a draft, or raise ``Conflict`` if its name is taken."""
        touch(connection)
        head_id: UUID | None = connection.scalar(
            upsert(self._heads)
            .values(id=uuid4(), name=name, latest_version=1, stage=1, created_at=at, created_by=by)
            .on_conflict_do_nothing()
            .returning(self._heads.c.id)
        )
        if head_id is None:
            raise Conflict(f"there is a {self.noun} {name} already; choose another name, or edit that one")
        self._add_version(connection, head_id, 1, written, by=by, at=at)
        self._add_stage(connection, head_id, 1, Stage(), None, by=by, at=at, reason="created")
        return head_id

    def edit(
        self, connection: Connection, head: Head[V], written: D, *, base_version: int, by: str, at: datetime
    ) -> None:
        """Add a version (``head`` found to change); what is live or in shadow stays.

        ``Conflict`` unless it was made from the newest.
        """
        newest = head.latest.version
        if base_version != newest:
            raise Conflict(
                f"the newest version is {newest} by {head.latest.created_by}, not {base_version}; look at it first"
            )
        if head.stage.archived:
            raise Conflict(f"the {self.noun} is archived; move it to draft first")
        self._add_version(connection, head.id, newest + 1, written, by=by, at=at)
        heads = self._heads
        connection.execute(update(heads).where(heads.c.id == head.id).values(latest_version=newest + 1))

    def change_stage(
        self, connection: Connection, head: Head[V], stage: Stage, *, by: str, at: datetime, reason: str
    ) -> None:
        """Put a new stage in force (``head`` found to change); a rollback will restore the present one."""
        s = self._stages.c
        newest = connection.scalar(select(func.max(s.number)).where(s[self._owner] == head.id)) or 0
        self._add_stage(connection, head.id, newest + 1, stage, head.stage_number, by=by, at=at, reason=reason)

    def roll_back(self, connection: Connection, head: Head[V], *, by: str, at: datetime, reason: str) -> Stage:
        """Put the stage before the present one in force again; ``Conflict`` if there is none."""
        history = {change.number: change for change in self.stages(connection, head.id)}
        back_to = history[head.stage_number].back_to
        if back_to is None:
            raise Conflict(f"there is nothing to go back to: the {self.noun} is as it was made")
        before = history[back_to]
        number = max(history) + 1
        self._add_stage(connection, head.id, number, before.stage, before.back_to, by=by, at=at, reason=reason)
        return before.stage

    def stage_of(self, row: Row[Any]) -> Stage:
        """The stage in a row that has its columns."""
        return Stage.model_validate({column.name: row._mapping[column] for column in self.stage_columns})

    def _select(self) -> Select[Any]:
        h, s, v = self._heads.c, self._stages.c, self._versions.c
        return (
            select(
                self._heads,
                *self.stage_columns,
                s.changed_by.label("stage_by"),
                s.reason.label("stage_reason"),
                self._versions,
            )
            .join(self._stages, (s[self._owner] == h.id) & (s.number == h.stage))
            .join(self._versions, (v[self._owner] == h.id) & (v.version == h.latest_version))
        )

    def _select_versions(self, head_id: UUID) -> Select[Any]:
        owner = self._versions.c[self._owner]
        joined = select(self._versions, self._heads.c.name).join(self._heads, self._heads.c.id == owner)
        return joined.where(owner == head_id)

    def _head(self, row: Row[Any]) -> Head[V]:
        found, h = row._mapping, self._heads.c
        columns = {column.name: found[column] for column in self._versions.c} | {"name": found[h.name]}
        return Head(
            id=found[h.id],
            name=found[h.name],
            stage=self.stage_of(row),
            stage_number=found[h.stage],
            stage_by=found["stage_by"],
            stage_reason=found["stage_reason"],
            latest=self._from_row(columns),
            created_at=found[h.created_at],
            created_by=found[h.created_by],
        )

    def _add_version(
        self, connection: Connection, head_id: UUID, number: int, written: D, *, by: str, at: datetime
    ) -> None:
        values = {**self._to_row(written), self._owner: head_id, "version": number}
        connection.execute(insert(self._versions).values(**values, created_at=at, created_by=by))

    def _add_stage(
        self,
        connection: Connection,
        head_id: UUID,
        number: int,
        stage: Stage,
        back_to: int | None,
        *,
        by: str,
        at: datetime,
        reason: str,
    ) -> None:
        values = stage.model_dump() | {self._owner: head_id, "number": number, "back_to": back_to, "reason": reason}
        connection.execute(insert(self._stages).values(**values, changed_at=at, changed_by=by))
        connection.execute(update(self._heads).where(self._heads.c.id == head_id).values(stage=number))
