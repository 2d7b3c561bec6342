"""Rules, their versions and stages, and what of them is in force."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from risk.domain.assessment import LEVELS
from risk.rules.evaluator import Mode, Rule, RuleDefinition
from risk.rules.lists import ListEntry
from risk.store.db import revisions
from risk.store.db.tables import rule_stages, rule_versions, rules
from risk.store.rules import lists
from risk.store.rules.versioned import Head, StageChange, VersionedStore

__all__ = ["RuleHead", "RuleVersion", "StageChange", "active", "archived_by_name", "current"]

revision = revisions.revision


class RuleVersion(RuleDefinition):
    """A definition with its place in the history of its rule."""

    version: int
    created_at: datetime
    created_by: str


RuleHead = Head[RuleVersion]


def _to_row(definition: RuleDefinition) -> dict[str, Any]:
    values = definition.model_dump(include=set(RuleDefinition.model_fields))
    return values | {"min_level": None if definition.min_level is None else definition.min_level.rank}


def _from_row(values: Mapping[str, Any]) -> RuleVersion:
    level = values["min_level"]
    kept = {name: values[name] for name in RuleVersion.model_fields}
    return RuleVersion.model_validate(kept | {"min_level": None if level is None else LEVELS[level]})


_store = VersionedStore[RuleDefinition, RuleVersion](
    "rule", (rules, rule_versions, rule_stages), "rule_id", _to_row, _from_row
)
page, find, find_to_change = _store.page, _store.find, _store.find_to_change
find_named = _store.find_named
version, versions, stages = _store.version, _store.versions, _store.stages
create, edit, change_stage, roll_back = _store.create, _store.edit, _store.change_stage, _store.roll_back


def current(connection: Connection) -> tuple[int, list[Rule], list[ListEntry]]:
    """The revision, and the rules (live or in shadow) and list entries that are in force at it.

    A change between the queries makes the revision too old, never too new: the next look loads again.
    """
    found = revision(connection)
    return found, active(connection), lists.entries_in_force(connection)


def archived_by_name(connection: Connection, wanted: Collection[str]) -> dict[str, bool]:
    """Of these names those that rules have, and whether the rule is archived."""
    given, s = any_(literal(sorted(wanted), ARRAY(Text))), rule_stages.c
    rows = connection.execute(
        select(rules.c.name, s.archived)
        .join(rule_stages, (s.rule_id == rules.c.id) & (s.number == rules.c.stage))
        .where(rules.c.name == given)
    )
    return {row.name: row.archived for row in rows}


def active(connection: Connection) -> list[Rule]:
    """The versions that are live or in shadow, by name of their rule."""
    s, v = rule_stages.c, rule_versions.c
    query = (
        select(rules.c.id, rules.c.name, *_store.stage_columns, rule_versions)
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
