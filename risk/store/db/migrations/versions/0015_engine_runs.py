"""The engine knows from where it was started last, and that it ended there twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engine_runs",
        sa.Column("id", sa.SmallInteger, sa.CheckConstraint("id = 1", name="one_row"), autoincrement=False),
        sa.Column("positions", JSONB, nullable=False, comment="by source, where reading began"),
        sa.Column("running", sa.Boolean, nullable=False, comment="false once it ended as it was told to"),
        sa.Column(
            "crashes", sa.Integer, nullable=False, comment="ends in a row that nobody asked for, at these positions"
        ),
        sa.Column("tries", JSONB, nullable=False, comment="by source and position, how often a record was taken alone"),
        sa.Column("notice", sa.Text, comment="what an operator has to know, while it is so"),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("engine_runs")
