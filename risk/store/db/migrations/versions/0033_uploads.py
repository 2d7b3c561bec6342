"""Uploaded files of imports: the parts under way, how far a file is read, and its preview."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_STATES = "uploading, uploaded, planned, running, done, failed, undoing, undone"
_BEFORE = "uploading, planned, running, done, failed, undoing, undone"


def upgrade() -> None:
    op.add_column("imports", sa.Column("upload_id", sa.Text, comment="of the multipart upload, while it lasts"))
    op.add_column("imports", sa.Column("size", sa.BigInteger, nullable=False, server_default="0", comment="in bytes"))
    op.add_column(
        "imports",
        sa.Column("read_share", sa.Float, nullable=False, server_default="0", comment="of the file, 0 to 1"),
    )
    op.add_column("imports", sa.Column("preview", JSONB, comment="first rows as events, until it is started"))
    op.add_column("imports", sa.Column("started_at", sa.DateTime(timezone=True)))
    op.alter_column("imports", "status", comment=_STATES, existing_comment=_BEFORE)


def downgrade() -> None:
    for name in ("upload_id", "size", "read_share", "preview", "started_at"):
        op.drop_column("imports", name)
    op.alter_column("imports", "status", comment=_BEFORE, existing_comment=_STATES)
