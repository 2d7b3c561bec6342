"""Entries of lists say at which revision they changed, so that the engine reads only what is new to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "list_entries",
        sa.Column(
            "revision",
            sa.BigInteger,
            nullable=False,
            server_default=sa.text("0"),
            comment="of the rules and lists, when it was added or, later, removed",
        ),
    )
    op.create_index("ix_list_entries_revision", "list_entries", ["revision"])


def downgrade() -> None:
    op.drop_index("ix_list_entries_revision")
    op.drop_column("list_entries", "revision")
