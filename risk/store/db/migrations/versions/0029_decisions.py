"""A decision policy with the configuration; assessments and alerts say what was decided of them, and it is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_ADD = """
ALTER TABLE assessments ADD COLUMN decision smallint, ADD COLUMN decision_because text;
COMMENT ON COLUMN assessments.decision IS 'its rank: 0 approve to 3 decline; by config_version''s policy';
COMMENT ON COLUMN assessments.decision_because IS 'the rule of the policy that decided, and what held';
CREATE INDEX ix_assessments_decision ON assessments (decision, sequence) WHERE decision > 0;
ALTER TABLE alerts ADD COLUMN decision smallint;
COMMENT ON COLUMN alerts.decision IS 'the strictest of its events';
"""


def upgrade() -> None:
    op.add_column(
        "configurations",
        sa.Column(
            "decisions",
            postgresql.JSONB(),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="empty: as shipped",
        ),
    )
    op.execute(_ADD)
    op.create_table(
        "decision_counts",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "decision", name="pk_decision_counts"),
    )


def downgrade() -> None:
    op.drop_table("decision_counts")
    op.drop_column("alerts", "decision")
    op.drop_column("assessments", "decision_because")
    op.drop_column("assessments", "decision")
    op.drop_column("configurations", "decisions")
