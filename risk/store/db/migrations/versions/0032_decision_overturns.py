"""Analysts overturn decisions; what they said goes with the event, and is erased with its customer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_HOLDING = sa.text("undone_at IS NULL")
_ERASED = (
    "    UPDATE dead_letters SET ",
    "    UPDATE decision_overturns SET reason = 'erased' WHERE event_id = ANY(events);\n"
    "    GET DIAGNOSTICS rows = ROW_COUNT;\n"
    "    done := done || jsonb_build_object('decision_overturns', rows);\n"
    "    DELETE FROM webhook_deliveries WHERE event LIKE 'decision.%' AND EXISTS (\n"
    "        SELECT FROM unnest(spellings) AS one WHERE position(one IN payload) > 0);\n"
    "    UPDATE dead_letters SET ",
)
_TAKEN_BACK = (
    "    DELETE FROM explanations e USING",
    "    DELETE FROM decision_overturns o USING assessments a WHERE a.import_id = which AND o.event_id = a.event_id;\n"
    "    DELETE FROM explanations e USING",
)


def _change(function: str, old: str, new: str) -> None:
    connection = op.get_bind()
    source = str(
        connection.scalar(sa.text("SELECT pg_get_functiondef(CAST(:name AS regprocedure))"), {"name": function})
    )
    if source.count(old) != 1:
        raise RuntimeError(f"{function} does not have {old!r} once")
    connection.exec_driver_sql(source.replace(old, new).replace("%", "%%"))


def upgrade() -> None:
    op.create_table(
        "decision_overturns",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column(
            "decided", sa.SmallInteger, nullable=False, comment="rank of DecisionAction: what the policy decided"
        ),
        sa.Column("action", sa.SmallInteger, nullable=False, comment="rank of DecisionAction: what holds instead"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Text),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_decision_overturns"),
    )
    op.create_index("ix_decision_overturns_made_at", "decision_overturns", ["made_at"])
    op.create_index("ix_decision_overturns_event_id", "decision_overturns", ["event_id", "made_at"])
    op.create_index(
        "ix_decision_overturns_holding", "decision_overturns", ["event_id"], unique=True, postgresql_where=_HOLDING
    )
    _change("erase_customer(text, text[], text)", *_ERASED)
    _change("take_back_import(integer)", *_TAKEN_BACK)


def downgrade() -> None:
    _change("take_back_import(integer)", *reversed(_TAKEN_BACK))
    _change("erase_customer(text, text[], text)", *reversed(_ERASED))
    op.drop_table("decision_overturns")
