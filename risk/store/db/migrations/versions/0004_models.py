"""Models and their stages, what a challenger would have said, and how live events are distributed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "models",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("manifest", JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="model.txt"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_models")),
    )
    op.create_table(
        "model_stages",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("champion", sa.Text(), nullable=False),
        sa.Column("challenger", sa.Text()),
        sa.Column("back_to", sa.Integer(), comment="number of the stage that a rollback restores"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_model_stages")),
    )
    op.create_table(
        "drift_counts",
        sa.Column("scorer", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("feature", sa.Text(), nullable=False, comment="or score"),
        sa.Column("counts", ARRAY(sa.BigInteger()), nullable=False, comment="by bin of the scorer's reference"),
        sa.PrimaryKeyConstraint("scorer", "hour", "feature", name=op.f("pk_drift_counts")),
    )
    op.add_column(
        "assessments", sa.Column("base_score", sa.Double(), comment="the scorer's own probability, before rules")
    )
    op.add_column("assessments", sa.Column("challenger", sa.Text(), comment="the scorer that ran in shadow"))
    op.add_column("assessments", sa.Column("challenger_score", sa.Double(), comment="its probability, before rules"))


def downgrade() -> None:
    for column in ("challenger_score", "challenger", "base_score"):
        op.drop_column("assessments", column)
    for table in ("drift_counts", "model_stages", "models"):
        op.drop_table(table)
