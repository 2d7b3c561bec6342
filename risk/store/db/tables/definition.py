"""Definitions of features, with versions and stages as rules have them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, PrimaryKeyConstraint, SmallInteger, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from risk.store.db.tables.base import metadata, moment

definitions = Table(
    "definitions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("latest_version", Integer, nullable=False),
    Column("stage", Integer, nullable=False, comment="number of the stage in force, in definition_stages"),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
    UniqueConstraint("name"),
)

definition_versions = Table(
    "definition_versions",
    metadata,
    Column("definition_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", JSONB, nullable=False, comment="the definition as its author wrote it, without its name"),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
    PrimaryKeyConstraint("definition_id", "version"),
)

definition_stages = Table(
    "definition_stages",
    metadata,
    Column("definition_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("live_version", Integer),
    Column("percent", SmallInteger, nullable=False, comment="100 with a live version, 0 without"),
    Column("shadow_version", Integer, comment="the version that is backfilled and kept up to date, beside the live"),
    Column("archived", Boolean, nullable=False),
    Column("back_to", Integer, comment="number of the stage that a rollback restores"),
    moment("changed_at"),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("definition_id", "number"),
)
