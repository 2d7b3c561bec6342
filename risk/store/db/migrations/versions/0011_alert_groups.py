"""One alert an account: what its events share, its accounts, merged reasons, sums at risk, and what it suppresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMNS = (
    sa.Column(
        "group_key", sa.Text(), nullable=False, server_default=sa.text("'account'"), comment="what its events share"
    ),
    sa.Column("group_value", sa.Text(), nullable=False, server_default=sa.text("''")),
    sa.Column("account_count", sa.Integer(), nullable=False, server_default=sa.text("1")),
    sa.Column(
        "reasons",
        postgresql.JSONB(),
        nullable=False,
        server_default=sa.text("'[]'"),
        comment="merged, most telling first",
    ),
    sa.Column(
        "at_risk", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'"), comment="sums by currency"
    ),
    sa.Column("merged_into", sa.Uuid(), comment="the campaign that has its events now"),
    sa.Column("suppressed_until", sa.DateTime(timezone=True)),
    sa.Column("suppressed_count", sa.Integer(), nullable=False, server_default=sa.text("0")),
)


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("alerts", column)
    op.execute(
        """
        UPDATE alerts SET group_value = account_id,
            reasons = jsonb_build_array(jsonb_build_object(
                'code', reason_code, 'text', reason_text, 'contribution', 0, 'event_count', event_count)),
            at_risk = CASE WHEN amount IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
                'currency', currency, 'amount', trim_scale(amount)::text)) END
        """
    )
    op.alter_column("alerts", "account_id", comment="of its riskiest event", existing_nullable=False)
    op.drop_index("ix_alerts_group", "alerts")
    op.create_index(
        "ix_alerts_group",
        "alerts",
        ["group_key", "group_value", "last_occurred_at"],
        postgresql_where=sa.text("status <> 'resolved'"),
    )
    op.create_index(
        "ix_alerts_suppressing",
        "alerts",
        ["group_key", "group_value", "suppressed_until"],
        postgresql_where=sa.text("suppressed_until IS NOT NULL"),
    )
    op.add_column(
        "alert_events",
        sa.Column(
            "suppressed", sa.Boolean(), nullable=False, server_default=sa.text("false"), comment="not one of its events"
        ),
    )
    op.create_table(
        "alert_links",
        sa.Column("key", sa.Text(), nullable=False, comment="account, device or counterparty"),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("last_occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "value", "account_id", "alert_id", name="pk_alert_links"),
    )
    op.execute(
        """
        INSERT INTO alert_links SELECT 'account', account_id, account_id, id, event_count, last_occurred_at FROM alerts
        UNION ALL
        SELECT 'counterparty', counterparty_id, account_id, id, event_count, last_occurred_at FROM alerts
        WHERE counterparty_id IS NOT NULL
        """
    )
    op.create_index("ix_alert_links_key_value_last_occurred_at", "alert_links", ["key", "value", "last_occurred_at"])
    op.create_index("ix_alert_links_alert_id_key", "alert_links", ["alert_id", "key"])


def downgrade() -> None:
    op.drop_table("alert_links")
    op.execute("DELETE FROM alert_events WHERE suppressed")
    op.drop_column("alert_events", "suppressed")
    op.drop_index("ix_alerts_suppressing", "alerts")
    op.drop_index("ix_alerts_group", "alerts")
    op.create_index(
        "ix_alerts_group", "alerts", ["account_id", "reason_code"], postgresql_where=sa.text("status <> 'resolved'")
    )
    op.alter_column(
        "alerts", "account_id", comment=None, existing_comment="of its riskiest event", existing_nullable=False
    )
    for column in reversed(_COLUMNS):
        op.drop_column("alerts", column.name)
