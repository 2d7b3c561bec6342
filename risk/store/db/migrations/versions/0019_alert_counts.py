"""Alerts are counted as they change, so that nobody counts them all to show how many there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_CELL = (
    "date_trunc('hour', opened_at, 'UTC') AS hour, status, level, "
    "status <> 'resolved' AND assignee IS NULL AS unassigned, "
    "status <> 'resolved' AND breached_at IS NOT NULL AS breached"
)
_COLUMNS = "(hour, status, level, unassigned, breached, count, merged)"
_FUNCTION = f"""
CREATE FUNCTION count_alerts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO alert_counts {_COLUMNS}
        SELECT hour, status, level, unassigned, breached, count(*), false
        FROM (SELECT {_CELL} FROM after) AS cells GROUP BY 1, 2, 3, 4, 5;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO alert_counts {_COLUMNS}
        SELECT hour, status, level, unassigned, breached, -count(*), false
        FROM (SELECT {_CELL} FROM before) AS cells GROUP BY 1, 2, 3, 4, 5;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO alert_counts {_COLUMNS}
        SELECT hour, status, level, unassigned, breached, sum(n), false
        FROM (SELECT {_CELL}, 1 AS n FROM after UNION ALL SELECT {_CELL}, -1 FROM before) AS cells
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0;
    ELSE
        DELETE FROM alert_counts;
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608  (names of ours)


def upgrade() -> None:
    op.create_table(
        "alert_counts",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False, comment="of opened_at, UTC"),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("unassigned", sa.Boolean, nullable=False),
        sa.Column("breached", sa.Boolean, nullable=False, comment="a missed deadline is recorded"),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("merged", sa.Boolean, nullable=False, comment="the sum of changes, not one of them"),
    )
    op.create_index("ix_alert_counts_hour", "alert_counts", ["hour"])
    op.create_index("ix_alert_counts_changes", "alert_counts", ["hour"], postgresql_where=sa.text("NOT merged"))
    op.create_table(
        "alert_spans",
        sa.Column("name", sa.Text, primary_key=True, comment="recent, or from/to"),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("span", JSONB, nullable=False),
    )
    op.create_index("ix_alerts_open", "alerts", ["opened_at"], postgresql_where=sa.text("status = 'open'"))
    op.create_index(
        "ix_alerts_snoozed",
        "alerts",
        ["snoozed_until"],
        postgresql_where=sa.text("status <> 'resolved' AND snoozed_until IS NOT NULL"),
    )
    op.execute(_FUNCTION)
    for event, tables in (
        ("INSERT", "REFERENCING NEW TABLE AS after"),
        ("UPDATE", "REFERENCING OLD TABLE AS before NEW TABLE AS after"),
        ("DELETE", "REFERENCING OLD TABLE AS before"),
        ("TRUNCATE", ""),
    ):
        op.execute(
            f"CREATE TRIGGER count_alerts_{event.lower()} AFTER {event} ON alerts {tables} "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_alerts()"
        )
    op.execute(
        f"INSERT INTO alert_counts {_COLUMNS} SELECT hour, status, level, unassigned, breached, count(*), true "  # noqa: S608
        f"FROM (SELECT {_CELL} FROM alerts) AS cells GROUP BY 1, 2, 3, 4, 5"
    )


def downgrade() -> None:
    for event in ("insert", "update", "delete", "truncate"):
        op.execute(f"DROP TRIGGER count_alerts_{event} ON alerts")
    op.execute("DROP FUNCTION count_alerts()")
    op.drop_index("ix_alerts_snoozed")
    op.drop_index("ix_alerts_open")
    op.drop_table("alert_spans")
    op.drop_table("alert_counts")
