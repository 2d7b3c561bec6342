"""Vectors hold the values of users' definitions, and say which; their states are backfilled from stored events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "definition_sets",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("members", JSONB, nullable=False, comment="in the order of their values in a vector"),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_definition_sets")),
    )
    op.create_table(
        "definition_states",
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="the last event that the backfill counted"),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("keys", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("signature", name=op.f("pk_definition_states")),
    )
    op.create_table(
        "definition_values",
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("first_sequence", sa.BigInteger, nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("sequences", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("values", ARRAY(sa.Double), nullable=False),
        sa.PrimaryKeyConstraint("signature", "first_sequence", name=op.f("pk_definition_values")),
    )
    op.add_column(
        "assessments", sa.Column("definition_set", sa.Integer, comment="number of the set that defined is in")
    )
    op.add_column("assessments", sa.Column("defined", ARRAY(sa.Double), comment="values of users' definitions"))


def downgrade() -> None:
    op.drop_column("assessments", "defined")
    op.drop_column("assessments", "definition_set")
    for table in ("definition_values", "definition_states", "definition_sets"):
        op.drop_table(table)
