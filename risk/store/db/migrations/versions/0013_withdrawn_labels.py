"""Labels that were taken back: when, and where in the order in which profiles met that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("labels", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "labels",
        sa.Column(
            "withdrawn_sequence",
            sa.BigInteger(),
            nullable=True,
            comment="as sequence: when profiles met that it was taken back",
        ),
    )
    op.create_index(
        "ix_labels_withdrawn_sequence",
        "labels",
        ["withdrawn_sequence"],
        postgresql_where=sa.text("withdrawn_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_labels_withdrawn_sequence", "labels")
    op.drop_column("labels", "withdrawn_sequence")
    op.drop_column("labels", "withdrawn_at")
