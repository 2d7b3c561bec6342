"""Entries of a list are paged by an index in their order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_list_entries_page", "list_entries", ["list_name", "id"], postgresql_where=sa.text("removed_at IS NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_list_entries_page")
