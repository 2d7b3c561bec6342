"""Imports of somebody's own history: what they hold, what waits to be loaded, and how one is taken back whole."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TAKE_BACK = """
CREATE FUNCTION take_back_import(which integer) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    rows bigint;
    done jsonb := '{}';
BEGIN
    IF NOT EXISTS (SELECT FROM imports WHERE id = which AND status = 'undoing') THEN
        RAISE EXCEPTION 'import % is not to be taken back', which USING ERRCODE = 'invalid_parameter_value';
    END IF;
    DELETE FROM import_chunks WHERE import_id = which;
    DELETE FROM rule_hits h USING assessments a WHERE a.import_id = which AND h.event_id = a.event_id;
    DELETE FROM explanations e USING assessments a WHERE a.import_id = which AND e.event_id = a.event_id;
    DELETE FROM labels l USING assessments a WHERE a.import_id = which AND l.event_id = a.event_id;
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('labels', rows);
    DELETE FROM labels WHERE import_id = which;
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('labels', rows + (done->>'labels')::bigint);
    DELETE FROM assessment_keys k USING assessments a WHERE a.import_id = which AND k.event_id = a.event_id;
    DELETE FROM assessments WHERE import_id = which;
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := done || jsonb_build_object('events', rows);
    DELETE FROM dead_letters WHERE source = 'import:' || which;
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN done || jsonb_build_object('dead_letters', rows);
END $$
"""


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer, sa.Identity(always=True)),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False, comment="whose ids the events have"),
        sa.Column("fingerprint", sa.Text, nullable=False, comment="of files and mapping: the same is gone on with"),
        sa.Column(
            "status", sa.Text, nullable=False, comment="uploading, planned, running, done, failed, undoing, undone"
        ),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.Text),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("options", JSONB, nullable=False, comment="how its file is read"),
        sa.Column("upload", sa.Text, comment="the object with its file, if it was uploaded"),
        sa.Column("rows", sa.BigInteger, nullable=False, server_default="0", comment="of the file, once it is read"),
        sa.Column("refused", sa.BigInteger, nullable=False, server_default="0", comment="rows that became nothing"),
        sa.Column("written", sa.Integer, nullable=False, server_default="0", comment="chunks that were put up so far"),
        sa.Column("complete", sa.Boolean, nullable=False, server_default="false", comment="no chunk comes any more"),
        sa.Column("position", sa.Text, comment="chunk and line of the last record that is stored"),
        sa.Column("events", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("labels", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("repeated", sa.BigInteger, nullable=False, server_default="0", comment="were known before"),
        sa.Column("failed", sa.BigInteger, nullable=False, server_default="0", comment="became dead letters"),
        sa.Column("detail", sa.Text, comment="why it failed"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "import_chunks",
        sa.Column("import_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False, comment="records as JSON lines, compressed"),
        sa.PrimaryKeyConstraint("import_id", "number"),
    )
    for table in ("assessments", "labels"):
        op.add_column(table, sa.Column("import_id", sa.Integer, comment="the import that it came with"))
        order = ["import_id", "sequence"]
        op.create_index(f"ix_{table}_import_id", table, order, postgresql_where=sa.text("import_id IS NOT NULL"))
    op.execute(TAKE_BACK)


def downgrade() -> None:
    op.execute("DROP FUNCTION take_back_import(integer)")
    for table in ("labels", "assessments"):
        op.drop_index(f"ix_{table}_import_id", table)
        op.drop_column(table, "import_id")
    op.drop_table("import_chunks")
    op.drop_table("imports")
