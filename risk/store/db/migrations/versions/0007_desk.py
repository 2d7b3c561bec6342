"""Alerts as a desk: rank, money, deadlines, assignment, snooze, reasons of dispositions, and the timeline."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNRESOLVED = "status <> 'resolved'"
COLUMNS: tuple[sa.Column[object], ...] = (
    sa.Column("counterparty_id", sa.Text()),
    sa.Column("amount", sa.Numeric(precision=18, scale=6), comment="the largest of its events"),
    sa.Column("currency", sa.Text()),
    sa.Column("rank", sa.Double(), nullable=False, server_default=sa.text("0"), comment="see risk/alerts/priority.py"),
    sa.Column("due_at", sa.DateTime(timezone=True)),
    sa.Column("breached_at", sa.DateTime(timezone=True), comment="the latest deadline that was missed"),
    sa.Column("assignee", sa.Text()),
    sa.Column("assigned_at", sa.DateTime(timezone=True)),
    sa.Column("snoozed_until", sa.DateTime(timezone=True)),
    sa.Column("snoozed_by", sa.Text()),
    sa.Column("disposition_reason", sa.Text()),
)
INDEXES = (
    ("ix_alerts_account_id_opened_at", ["account_id", "opened_at"], None),
    ("ix_alerts_counterparty_id_opened_at", ["counterparty_id", "opened_at"], "counterparty_id IS NOT NULL"),
    ("ix_alerts_queue", ["rank", "id"], UNRESOLVED),
    ("ix_alerts_unassigned", ["rank", "id"], f"{UNRESOLVED} AND assignee IS NULL"),
    ("ix_alerts_due", ["due_at"], f"{UNRESOLVED} AND breached_at IS DISTINCT FROM due_at"),
)


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("alerts", column)
    # As risk/alerts/priority.py has it, without money: what the events of older alerts amounted to is not looked up.
    op.execute(
        "UPDATE alerts SET rank = log(2, (greatest(top_score, 0.001) * power(2, level))::numeric)::float8"
        " - extract(epoch FROM opened_at - timestamptz '2026-01-01 00:00:00+00')::float8 / 28800"
    )
    for name, columns, where in INDEXES:
        op.create_index(name, "alerts", columns, postgresql_where=sa.text(where) if where else None)
    op.create_table(
        "alert_timeline",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the alert, after the change"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False, comment="a person's address, engine or system"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False, comment="by field: before, after"),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("alert_id", "version", name=op.f("pk_alert_timeline")),
    )


def downgrade() -> None:
    op.drop_table("alert_timeline")
    for name, _, _ in reversed(INDEXES):
        op.drop_index(name, "alerts")
    for column in reversed(COLUMNS):
        op.drop_column("alerts", column.name)
