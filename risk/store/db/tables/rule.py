"""Rules with versions and stages, their hits (written by the engine), and lists with their entries."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from risk.store.db.tables.base import metadata, moment

# One row, incremented with every change of a rule or a list, so that the engine can detect changes.
rules_revision = Table(
    "rules_revision",
    metadata,
    Column("id", SmallInteger, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
)

rules = Table(
    "rules",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("latest_version", Integer, nullable=False),
    Column("stage", Integer, nullable=False, comment="number of the stage in force, in rule_stages"),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
    UniqueConstraint("name"),
)

rule_versions = Table(
    "rule_versions",
    metadata,
    Column("rule_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("expression", Text, nullable=False),
    Column("points", Double),
    Column("min_level", SmallInteger, comment="rank of RiskLevel: 0 LOW to 3 CRITICAL"),
    Column("reason_text", Text, nullable=False),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
    PrimaryKeyConstraint("rule_id", "version"),
)

rule_stages = Table(
    "rule_stages",
    metadata,
    Column("rule_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("live_version", Integer),
    Column("percent", SmallInteger, nullable=False),
    Column("shadow_version", Integer),
    Column("archived", Boolean, nullable=False),
    Column("back_to", Integer, comment="number of the stage that a rollback restores"),
    moment("changed_at"),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("rule_id", "number"),
)

rule_hits = Table(
    "rule_hits",
    metadata,
    Column("event_id", Uuid, nullable=False),
    Column("rule_id", Uuid, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("mode", Text, nullable=False),
    moment("scored_at"),
    PrimaryKeyConstraint("event_id", "rule_id", "rule_version"),
    CheckConstraint("mode IN ('live', 'shadow')", name="mode"),
    Index(None, "rule_id", "scored_at"),
    Index(None, "scored_at"),
)

lists = Table(
    "lists",
    metadata,
    Column("name", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("description", Text, nullable=False),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
    CheckConstraint("purpose IN ('allow', 'deny', 'watch')", name="purpose"),
    CheckConstraint("subject IN ('account', 'counterparty', 'device', 'ip', 'country')", name="subject"),
)

# Removed entries stay here, with who removed them and why.
list_entries = Table(
    "list_entries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("list_name", Text, nullable=False),
    Column("value", Text(collation="C"), nullable=False),
    moment("expires_at", nullable=True),
    Column("reason", Text, nullable=False),
    moment("added_at"),
    Column("added_by", Text, nullable=False),
    moment("removed_at", nullable=True),
    Column("removed_by", Text),
    Column("removal_reason", Text),
    Column(
        "revision",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="of the rules and lists, when it was added or, later, removed",
    ),
    Index("ix_list_entries_revision", "revision"),
    Index("ix_list_entries_value", text("lower(value)"), postgresql_where=text("removed_at IS NULL")),
    Index("ix_list_entries_page", "list_name", "id", postgresql_where=text("removed_at IS NULL")),
    Index("uq_list_entries_present", "list_name", "value", unique=True, postgresql_where=text("removed_at IS NULL")),
)
