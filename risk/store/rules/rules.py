"""Rules, their versions and stages. Versions and stages are append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.domain.assessment import LEVELS
from risk.domain.errors import Conflict, NotFound
from risk.rules.evaluator import Mode, Rule, RuleDefinition
from risk.rules.lifecycle import RuleStatus, Stage
from risk.rules.lists import ListEntry
from risk.store.db import revisions
from risk.store.db.revisions import touch
from risk.store.db.tables import rule_stages, rule_versions, rules
from risk.store.rules import lists

revision = revisions.revision
_STAGE = [rule_stages.c[name] for name in Stage.model_fields]


class RuleVersion(RuleDefinition):
    """A definition with its place in the history of its rule."""

    version: int
    created_at: datetime
    created_by: str


class StageChange(BaseModel):
    """A stage of a rule: who put it in force, when and why. ``back_to`` is what a rollback restores."""

    model_config = ConfigDict(frozen=True)

    number: int
    stage: Stage
    back_to: int | None
    changed_at: datetime
    changed_by: str
    reason: str


class RuleHead(BaseModel):
    """A rule without its history: where it stands, and its newest version."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    stage: Stage
    stage_number: int
    latest: RuleVersion
    created_at: datetime
    created_by: str


def current(connection: Connection) -> tuple[int, list[Rule], list[ListEntry]]:
    """The revision, and the rules (live or in shadow) and list entries that are in force at it.

    A change between the queries makes the revision too old, never too new: the next look loads again.
    """
    found = revision(connection)
    return found, active(connection), lists.entries_in_force(connection)


def active(connection: Connection) -> list[Rule]:
    """The versions that are live or in shadow, by name of their rule."""
    s, v = rule_stages.c, rule_versions.c
    query = (
        select(rules.c.id, rules.c.name, *_STAGE, rule_versions)
        .join(rule_stages, (s.rule_id == rules.c.id) & (s.number == rules.c.stage))
        .join(
            rule_versions, (v.rule_id == rules.c.id) & or_(v.version == s.live_version, v.version == s.shadow_version)
        )
        .order_by(rules.c.name, v.version)
    )
    return [_rule(row) for row in connection.execute(query)]


def _rule(row: Any) -> Rule:
    live = row.version == row.live_version
    return Rule(
        row.id,
        row.version,
        row.name,
        Mode.LIVE if live else Mode.SHADOW,
        row.percent if live else 0,
        row.expression,
        row.points,
        None if row.min_level is None else LEVELS[row.min_level],
        row.reason_text,
    )


def _version(values: dict[str, Any]) -> RuleVersion:
    level = values["min_level"]
    kept = {name: values[name] for name in RuleVersion.model_fields}
    return RuleVersion.model_validate(kept | {"min_level": None if level is None else LEVELS[level]})


def _stage(row: Row[Any]) -> Stage:
    return Stage.model_validate({column.name: row._mapping[column] for column in _STAGE})


def _heads() -> Select[Any]:
    s, v = rule_stages.c, rule_versions.c
    return (
        select(rules, *_STAGE, rule_versions)
        .join(rule_stages, (s.rule_id == rules.c.id) & (s.number == rules.c.stage))
        .join(rule_versions, (v.rule_id == rules.c.id) & (v.version == rules.c.latest_version))
    )


def _head(row: Row[Any]) -> RuleHead:
    found = row._mapping
    return RuleHead(
        id=found[rules.c.id],
        name=found[rules.c.name],
        stage=_stage(row),
        stage_number=found[rules.c.stage],
        latest=_version({column.name: found[column] for column in rule_versions.c}),
        created_at=found[rules.c.created_at],
        created_by=found[rules.c.created_by],
    )


def page(connection: Connection, status: RuleStatus | None, *, limit: int, after: str = "") -> list[RuleHead]:
    """At most ``limit`` rules in order of name, from those after the name ``after``."""
    s = rule_stages.c
    query = _heads().where(rules.c.name > after).order_by(rules.c.name).limit(limit)
    if status is RuleStatus.ARCHIVED:
        query = query.where(s.archived)
    elif status is RuleStatus.LIVE:
        query = query.where(s.live_version.is_not(None))
    elif status is RuleStatus.SHADOW:
        query = query.where(s.live_version.is_(None), s.shadow_version.is_not(None))
    elif status is RuleStatus.DRAFT:
        query = query.where(s.live_version.is_(None), s.shadow_version.is_(None), ~s.archived)
    return [_head(row) for row in connection.execute(query)]


def find_to_change(connection: Connection, rule_id: UUID) -> RuleHead:
    """One rule, or ``NotFound``; others who would change a rule or list wait until this transaction ends."""
    touch(connection)
    return find(connection, rule_id)


def find(connection: Connection, rule_id: UUID) -> RuleHead:
    """One rule, or ``NotFound``."""
    row = connection.execute(_heads().where(rules.c.id == rule_id)).one_or_none()
    if row is None:
        raise NotFound(f"rule {rule_id} not found")
    return _head(row)


def versions(connection: Connection, rule_id: UUID) -> list[RuleVersion]:
    """All versions of a rule, newest first."""
    v = rule_versions.c
    found = connection.execute(select(rule_versions).where(v.rule_id == rule_id).order_by(v.version.desc()))
    return [_version(row._asdict()) for row in found]


def version(connection: Connection, rule_id: UUID, number: int) -> RuleVersion:
    """One version of a rule, or ``NotFound``."""
    v = rule_versions.c
    row = connection.execute(select(rule_versions).where(v.rule_id == rule_id, v.version == number)).one_or_none()
    if row is None:
        raise NotFound(f"version {number} of the rule {rule_id} not found")
    return _version(row._asdict())


def stages(connection: Connection, rule_id: UUID) -> list[StageChange]:
    """All stages that a rule was in, newest first."""
    s = rule_stages.c
    found = connection.execute(select(rule_stages).where(s.rule_id == rule_id).order_by(s.number.desc()))
    return [StageChange.model_validate(row._asdict() | {"stage": _stage(row)}) for row in found]


def create(connection: Connection, name: str, definition: RuleDefinition, *, by: str, at: datetime) -> UUID:
    """Add a rule as a draft, or raise ``Conflict`` if its name is taken."""
    touch(connection)
    rule_id: UUID | None = connection.scalar(
        upsert(rules)
        .values(id=uuid4(), name=name, latest_version=1, stage=1, created_at=at, created_by=by)
        .on_conflict_do_nothing()
        .returning(rules.c.id)
    )
    if rule_id is None:
        raise Conflict(f"there is a rule {name} already; choose another name, or edit that one")
    _add_version(connection, rule_id, 1, definition, by=by, at=at)
    _add_stage(connection, rule_id, 1, Stage(), None, by=by, at=at, reason="created")
    return rule_id


def edit(
    connection: Connection, head: RuleHead, definition: RuleDefinition, *, base_version: int, by: str, at: datetime
) -> None:
    """Add a version to a rule (``head`` found to change); what is live or in shadow stays.

    ``Conflict`` unless it was made from the newest.
    """
    newest = head.latest.version
    if base_version != newest:
        raise Conflict(
            f"the newest version is {newest} by {head.latest.created_by}, not {base_version}; look at it first"
        )
    if head.stage.archived:
        raise Conflict("the rule is archived; move it to draft first")
    _add_version(connection, head.id, newest + 1, definition, by=by, at=at)
    connection.execute(update(rules).where(rules.c.id == head.id).values(latest_version=newest + 1))


def change_stage(connection: Connection, head: RuleHead, stage: Stage, *, by: str, at: datetime, reason: str) -> None:
    """Put a new stage of a rule in force (``head`` found to change); a rollback will restore the present one."""
    number = _next_stage(connection, head.id)
    _add_stage(connection, head.id, number, stage, head.stage_number, by=by, at=at, reason=reason)


def roll_back(connection: Connection, head: RuleHead, *, by: str, at: datetime, reason: str) -> Stage:
    """Put the stage before the present one in force again; ``Conflict`` if there is none."""
    history = {change.number: change for change in stages(connection, head.id)}
    back_to = history[head.stage_number].back_to
    if back_to is None:
        raise Conflict("there is nothing to go back to: the rule is as it was made")
    before = history[back_to]
    _add_stage(connection, head.id, max(history) + 1, before.stage, before.back_to, by=by, at=at, reason=reason)
    return before.stage


def _next_stage(connection: Connection, rule_id: UUID) -> int:
    newest = connection.scalar(select(func.max(rule_stages.c.number)).where(rule_stages.c.rule_id == rule_id))
    return (newest or 0) + 1


def _add_version(
    connection: Connection, rule_id: UUID, number: int, definition: RuleDefinition, *, by: str, at: datetime
) -> None:
    values = definition.model_dump(include=set(RuleDefinition.model_fields))
    level = definition.min_level
    values |= {"rule_id": rule_id, "version": number, "min_level": None if level is None else level.rank}
    connection.execute(insert(rule_versions).values(**values, created_at=at, created_by=by))


def _add_stage(
    connection: Connection,
    rule_id: UUID,
    number: int,
    stage: Stage,
    back_to: int | None,
    *,
    by: str,
    at: datetime,
    reason: str,
) -> None:
    values = stage.model_dump() | {"rule_id": rule_id, "number": number, "back_to": back_to, "reason": reason}
    connection.execute(insert(rule_stages).values(**values, changed_at=at, changed_by=by))
    connection.execute(update(rules).where(rules.c.id == rule_id).values(stage=number))
