"""Dead letters are worked off: numbered, and replayed or dismissed by somebody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dead_letters", sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False))
    op.add_column("dead_letters", sa.Column("closed_at", sa.DateTime(timezone=True)))
    op.add_column("dead_letters", sa.Column("closed_by", sa.Text))
    op.add_column("dead_letters", sa.Column("outcome", sa.Text, comment="replayed or dismissed"))
    op.add_column("dead_letters", sa.Column("note", sa.Text))
    op.create_index("ix_dead_letters_number", "dead_letters", ["number"], unique=True)
    op.create_index("ix_dead_letters_open", "dead_letters", ["number"], postgresql_where=sa.text("outcome IS NULL"))


def downgrade() -> None:
    op.drop_index("ix_dead_letters_open", "dead_letters")
    op.drop_index("ix_dead_letters_number", "dead_letters")
    for name in ("note", "outcome", "closed_by", "closed_at", "number"):
        op.drop_column("dead_letters", name)
