"""Definitions of features that users write, in versions and stages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "definitions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("latest_version", sa.Integer, nullable=False),
        sa.Column("stage", sa.Integer, nullable=False, comment="number of the stage in force, in definition_stages"),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definitions")),
        sa.UniqueConstraint("name", name=op.f("uq_definitions_name")),
    )
    op.create_table(
        "definition_versions",
        sa.Column("definition_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", JSONB, nullable=False, comment="the definition as its author wrote it, without its name"),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("definition_id", "version", name=op.f("pk_definition_versions")),
    )
    op.create_table(
        "definition_stages",
        sa.Column("definition_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("live_version", sa.Integer),
        sa.Column("percent", sa.SmallInteger, nullable=False, comment="100 with a live version, 0 without"),
        sa.Column(
            "shadow_version", sa.Integer, comment="the version that is backfilled and kept up to date, beside the live"
        ),
        sa.Column("archived", sa.Boolean, nullable=False),
        sa.Column("back_to", sa.Integer, comment="number of the stage that a rollback restores"),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("definition_id", "number", name=op.f("pk_definition_stages")),
    )


def downgrade() -> None:
    for table in ("definition_stages", "definition_versions", "definitions"):
        op.drop_table(table)
