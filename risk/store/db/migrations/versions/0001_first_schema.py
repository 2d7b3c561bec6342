"""The first schema: assessments, alerts, labels, dead letters, the engine's state, users, configuration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_events",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_alert_events")),
    )
    op.create_index(op.f("ix_alert_events_alert_id"), "alert_events", ["alert_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("top_event_id", sa.Uuid(), nullable=False),
        sa.Column("top_score", sa.Double(), nullable=False),
        sa.Column("first_occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'acknowledged', 'resolved')", name=op.f("ck_alerts_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "ix_alerts_group",
        "alerts",
        ["account_id", "reason_code"],
        unique=False,
        postgresql_where=sa.text("status <> 'resolved'"),
    )
    op.create_index(op.f("ix_alerts_opened_at_id"), "alerts", ["opened_at", "id"], unique=False)
    op.create_table(
        "assessment_counts",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "level", name=op.f("pk_assessment_counts")),
    )
    op.create_table(
        "assessment_keys",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_assessment_keys")),
    )
    op.create_table(
        "assessments",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("counterparty_id", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("device_id", sa.Text(), nullable=True),
        sa.Column("ip", postgresql.INET(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False, comment="rank of RiskLevel: 0 LOW to 3 CRITICAL"),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("features", postgresql.ARRAY(sa.Double()), nullable=False),
        sa.Column("feature_set", sa.SmallInteger(), nullable=False),
        sa.Column("scorer", sa.Text(), nullable=False),
        sa.Column("config_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "scored_at", name=op.f("pk_assessments")),
        postgresql_partition_by="RANGE (scored_at)",
    )
    op.create_index(op.f("ix_assessments_account_id_sequence"), "assessments", ["account_id", "sequence"], unique=False)
    op.create_index(
        op.f("ix_assessments_counterparty_id_sequence"), "assessments", ["counterparty_id", "sequence"], unique=False
    )
    op.create_index(op.f("ix_assessments_occurred_at"), "assessments", ["occurred_at"], unique=False)
    op.create_index(
        "ix_assessments_risky", "assessments", ["sequence"], unique=False, postgresql_where=sa.text("level >= 2")
    )
    op.create_index(op.f("ix_assessments_sequence"), "assessments", ["sequence"], unique=False)
    op.create_table(
        "configurations",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("thresholds", postgresql.JSONB(), nullable=False),
        sa.Column("alert_policy", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_configurations")),
    )
    op.create_table(
        "dead_letters",
        sa.Column("source", sa.Text(), nullable=False, comment="shard or partition, with the epoch of its stream"),
        sa.Column("position", sa.Text(), nullable=False, comment="sequence number or offset in the source"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="slug: invalid, duplicate, future, oversized"),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True, comment="when the record could be read that far"),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("raw_bytes", sa.Integer(), nullable=False, comment="length before it was cut"),
        sa.PrimaryKeyConstraint("source", "position", name=op.f("pk_dead_letters")),
    )
    op.create_index(op.f("ix_dead_letters_event_id"), "dead_letters", ["event_id"], unique=False)
    op.create_index(op.f("ix_dead_letters_received_at"), "dead_letters", ["received_at"], unique=False)
    op.create_table(
        "labels",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fraud", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "known_at", "source", name=op.f("pk_labels")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "epoch",
            sa.BigInteger(),
            nullable=False,
            comment="rises with every holder; a writer checks that it is still its own",
        ),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "offsets",
        sa.Column("epoch", sa.Text(), nullable=False, comment="which incarnation of the stream: emulators start anew"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", "source", name=op.f("pk_offsets")),
    )
    op.create_table(
        "profile_watermark",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_profile_watermark_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_watermark")),
    )
    op.create_table(
        "profiles",
        sa.Column("kind", sa.Text(), nullable=False, comment="account or counterparty"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_profiles")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False, comment="lower case"),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'analyst', 'viewer')", name=op.f("ck_users_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )


def downgrade() -> None:
    for table in (
        "users",
        "profiles",
        "profile_watermark",
        "offsets",
        "leases",
        "labels",
        "dead_letters",
        "configurations",
        "assessments",
        "assessment_keys",
        "assessment_counts",
        "alerts",
        "alert_events",
    ):
        op.drop_table(table)
