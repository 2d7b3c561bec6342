"""A registry of event types with the configuration; assessments say what their type was registered as."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# What there was before: payments and trades move money out, logins and metrics none.
_ADD = """
ALTER TABLE assessments ADD COLUMN family text NOT NULL DEFAULT 'payment',
                        ADD COLUMN amount_flow text NOT NULL DEFAULT 'outgoing';
UPDATE assessments SET family = event_type, amount_flow = CASE event_type WHEN 'trade' THEN 'outgoing' ELSE 'none' END
WHERE event_type IN ('login', 'trade', 'metric');
ALTER TABLE assessments ALTER COLUMN family DROP DEFAULT, ALTER COLUMN amount_flow DROP DEFAULT;
COMMENT ON COLUMN assessments.family IS 'what its type was registered as when it was scored';
COMMENT ON COLUMN assessments.amount_flow IS 'outgoing, incoming or none, as registered then';
"""


def upgrade() -> None:
    op.add_column(
        "configurations",
        sa.Column(
            "event_types",
            postgresql.JSONB(),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="beside the shipped ones",
        ),
    )
    op.execute(_ADD)
    op.create_table(
        "unregistered_types",
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("first_scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_type", name="pk_unregistered_types"),
    )


def downgrade() -> None:
    op.drop_table("unregistered_types")
    op.drop_column("assessments", "amount_flow")
    op.drop_column("assessments", "family")
    op.drop_column("configurations", "event_types")
