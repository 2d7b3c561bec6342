"""Labels get their place in the order of the engine; profiles say which features they are for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "labels",
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="one order with assessments': profiles met them so",
        ),
    )
    op.alter_column("labels", "sequence", server_default=None)
    op.add_column(
        "labels",
        sa.Column("account_id", sa.Text(), comment="of the event; null if the event was not known when the label came"),
    )
    op.add_column("labels", sa.Column("counterparty_id", sa.Text()))
    op.add_column("labels", sa.Column("occurred_at", sa.DateTime(timezone=True)))
    op.create_index("ix_labels_sequence", "labels", ["sequence"])
    op.add_column(
        "profile_watermark",
        sa.Column(
            "feature_set",
            sa.SmallInteger(),
            nullable=False,
            server_default="1",
            comment="profiles of another one are made anew",
        ),
    )
    op.alter_column("profile_watermark", "feature_set", server_default=None)


def downgrade() -> None:
    op.drop_column("profile_watermark", "feature_set")
    op.drop_index("ix_labels_sequence", "labels")
    for column in ("occurred_at", "counterparty_id", "account_id", "sequence"):
        op.drop_column("labels", column)
