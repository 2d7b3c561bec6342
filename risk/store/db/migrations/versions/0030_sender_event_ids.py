"""Events keep the sender's own id, and the source whose id it is; API keys have a source.

What is stored has UUIDs of the stream's: its rows stay as they are. Keys that exist go on sending ids of the stream's,
so that what they send again is still the same event; an Admin makes another key to give a sender its own source.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_SENDER = "the sender's own id, where event_id is not it"
_SOURCE = "whose id that is, where it is not the stream's"
# An id may hold the name of its account: erased where it does.
_ERASED = {
    "UPDATE assessments SET account_id = token,": "UPDATE assessments SET sender_event_id = "
    "replace(sender_event_id, who, token), original_event_id = replace(original_event_id, who, token), "
    "account_id = token,",
    "reason_text = 'erased', note = NULL,": "reason_text = 'erased', note = NULL, "
    "top_sender_event_id = replace(top_sender_event_id, who, token),",
    "UPDATE dead_letters SET raw = '',": "UPDATE dead_letters SET "
    "sender_event_id = replace(sender_event_id, who, token), raw = '',",
}


def _erasure(changes: dict[str, str]) -> None:
    connection = op.get_bind()
    source = str(
        connection.scalar(sa.text("SELECT pg_get_functiondef('erase_customer(text, text[], text)'::regprocedure)"))
    )
    for old, new in changes.items():
        if old not in source:
            raise RuntimeError(f"erase_customer has no {old!r}")
        source = source.replace(old, new, 1)
    connection.exec_driver_sql(source.replace("%", "%%"))


def upgrade() -> None:
    _erasure(_ERASED)
    for table, collation in (("assessments", "C"), ("dead_letters", None)):
        op.add_column(table, sa.Column("sender_event_id", sa.Text(collation=collation), comment=_SENDER))
        op.add_column(table, sa.Column("event_source", sa.Text, comment=_SOURCE))
    op.add_column(
        "assessments",
        sa.Column("original_event_id", sa.Text, comment="the event of the same source that this one undoes"),
    )
    op.create_index(
        "ix_assessments_sender_event_id",
        "assessments",
        [sa.text("lower(sender_event_id)")],
        postgresql_where=sa.text("sender_event_id IS NOT NULL"),
    )
    op.create_index(
        "ix_assessments_original_event_id",
        "assessments",
        ["original_event_id"],
        postgresql_where=sa.text("original_event_id IS NOT NULL"),
    )
    op.add_column("alerts", sa.Column("top_sender_event_id", sa.Text, comment="as of its riskiest event"))
    op.add_column("alerts", sa.Column("top_event_source", sa.Text, comment="as of its riskiest event"))
    op.add_column(
        "api_keys",
        sa.Column(
            "event_source", sa.Text, nullable=False, server_default="stream", comment="whose ids its events have"
        ),
    )
    op.alter_column("api_keys", "event_source", server_default=None)


def downgrade() -> None:
    _erasure({new: old for old, new in _ERASED.items()})
    op.drop_column("api_keys", "event_source")
    op.drop_column("alerts", "top_event_source")
    op.drop_column("alerts", "top_sender_event_id")
    op.drop_index("ix_assessments_original_event_id", "assessments")
    op.drop_index("ix_assessments_sender_event_id", "assessments")
    op.drop_column("assessments", "original_event_id")
    for table in ("dead_letters", "assessments"):
        op.drop_column(table, "event_source")
        op.drop_column(table, "sender_event_id")
