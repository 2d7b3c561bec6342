"""Rules with their versions, stages and hits; lists with their entries; the revision of both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "rules_revision",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_rules_revision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules_revision")),
    )
    _create_rules()
    _create_lists()


def _create_rules() -> None:
    op.create_table(
        "rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("latest_version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False, comment="number of the stage in force, in rule_stages"),
        _moment("created_at"),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sa.UniqueConstraint("name", name=op.f("uq_rules_name")),
    )
    op.create_table(
        "rule_versions",
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("expression", sa.Text(), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("min_level", sa.SmallInteger(), nullable=True, comment="rank of RiskLevel: 0 LOW to 3 CRITICAL"),
        sa.Column("reason_text", sa.Text(), nullable=False),
        _moment("created_at"),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "version", name=op.f("pk_rule_versions")),
    )
    op.create_table(
        "rule_stages",
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("live_version", sa.Integer(), nullable=True),
        sa.Column("percent", sa.SmallInteger(), nullable=False),
        sa.Column("shadow_version", sa.Integer(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("back_to", sa.Integer(), nullable=True, comment="number of the stage that a rollback restores"),
        _moment("changed_at"),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "number", name=op.f("pk_rule_stages")),
    )
    op.create_table(
        "rule_hits",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        _moment("scored_at"),
        sa.CheckConstraint("mode IN ('live', 'shadow')", name=op.f("ck_rule_hits_mode")),
        sa.PrimaryKeyConstraint("event_id", "rule_id", "rule_version", name=op.f("pk_rule_hits")),
    )
    op.create_index(op.f("ix_rule_hits_rule_id_scored_at"), "rule_hits", ["rule_id", "scored_at"], unique=False)
    op.create_index(op.f("ix_rule_hits_scored_at"), "rule_hits", ["scored_at"], unique=False)


def _create_lists() -> None:
    op.create_table(
        "lists",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        _moment("created_at"),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("purpose IN ('allow', 'deny', 'watch')", name=op.f("ck_lists_purpose")),
        sa.CheckConstraint(
            "subject IN ('account', 'counterparty', 'device', 'ip', 'country')", name=op.f("ck_lists_subject")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lists")),
    )
    op.create_table(
        "list_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        _moment("expires_at", nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("added_at"),
        sa.Column("added_by", sa.Text(), nullable=False),
        _moment("removed_at", nullable=True),
        sa.Column("removed_by", sa.Text(), nullable=True),
        sa.Column("removal_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_entries")),
    )
    op.create_index(
        "uq_list_entries_present",
        "list_entries",
        ["list_name", "value"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("list_entries", "lists", "rule_hits", "rule_stages", "rule_versions", "rules", "rules_revision"):
        op.drop_table(table)
