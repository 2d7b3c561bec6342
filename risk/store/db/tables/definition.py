"""Definitions of features, with versions and stages as rules have them; what the engine keeps of each."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

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

# Which versions are computed, since when: written with every change of a stage, and never changed. Vectors name theirs.
definition_sets = Table(
    "definition_sets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("members", JSONB, nullable=False, comment="in the order of their values in a vector"),
    moment("created_at"),
)

# Written by the engine: a definition whose states hold every event that is stored.
definition_states = Table(
    "definition_states",
    metadata,
    Column("signature", Text, primary_key=True),
    Column("sequence", BigInteger, nullable=False, comment="the last event that the backfill counted"),
    Column("events", BigInteger, nullable=False),
    Column("keys", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    moment("finished_at"),
)

# Written by the engine: what a definition would have been at the events that were scored before it was computed.
definition_values = Table(
    "definition_values",
    metadata,
    Column("signature", Text, nullable=False),
    Column("first_sequence", BigInteger, nullable=False),
    Column("last_sequence", BigInteger, nullable=False),
    Column("sequences", ARRAY(BigInteger), nullable=False),
    Column("values", ARRAY(Double), nullable=False),
    PrimaryKeyConstraint("signature", "first_sequence"),
)
