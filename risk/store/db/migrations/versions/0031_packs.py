"""Installed packs: what each held when it was installed, and what it made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "packs",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", JSONB, nullable=False, comment="the pack as it was installed"),
        sa.Column(
            "owned", JSONB, nullable=False, comment="names of what the pack made, by kind: its removal takes these"
        ),
        sa.Column("installed_at", _MOMENT, nullable=False),
        sa.Column("installed_by", sa.Text, nullable=False),
        sa.Column("removed_at", _MOMENT),
        sa.Column("removed_by", sa.Text),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_packs")),
    )


def downgrade() -> None:
    op.drop_table("packs")
