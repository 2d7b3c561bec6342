"""The audit log: numbered densely at commit, and never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Temporary tables come last on its path: whoever may append must not be able to catch the record in one of their own.
# Fires when the transaction commits: a number is drawn as late as can be, so that what is rolled back draws none, and
# the lock is held for as long as a commit takes, however slow the client is. Writers share the lock, so that they
# commit side by side; who holds it alone (risk/store/audit/audit_log) knows every number drawn is stored or lost.
APPEND = r"""
CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    next bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7215002);
    next := nextval('audit_log_seq');
    INSERT INTO audit_log (seq, at, actor, action, subject, outcome, request_id, record, leaf_hash)
    VALUES (next, NEW.at, NEW.actor, NEW.action, NEW.subject, NEW.outcome, NEW.request_id, NEW.record,
            sha256('\x00'::bytea || NEW.record));
    IF NEW.personal IS NOT NULL THEN
        INSERT INTO audit_personal (seq, field, salt, value)
        SELECT next, key, decode(kept ->> 'salt', 'hex'), kept ->> 'value'
        FROM jsonb_each(NEW.personal) AS _ (key, kept);
    END IF;
    DELETE FROM audit_inbox WHERE id = NEW.id;
    RETURN NULL;
END $$
"""

REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the audit log is only ever appended to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""

# The application's own role, where an operator has made one: it appends and reads, and can do nothing else.
GRANTS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'risk_app') THEN
        REVOKE ALL ON audit_log, audit_inbox, audit_personal, audit_nodes, audit_checkpoints FROM risk_app;
        GRANT SELECT ON audit_log, audit_nodes, audit_checkpoints TO risk_app;
        GRANT SELECT, DELETE ON audit_personal TO risk_app;
        GRANT SELECT (id), INSERT ON audit_inbox TO risk_app;
    END IF;
END $$
"""

IMMUTABLE = ("audit_log", "audit_nodes", "audit_checkpoints")


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _what_is_recorded() -> list[sa.Column[object]]:
    return [
        _moment("at"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="canonical JSON (RFC 8785)"),
    ]


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False, comment="dense, from 1"),
        *_what_is_recorded(),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False, comment="RFC 6962: SHA-256 of 0x00 and the record"),
        sa.CheckConstraint("outcome IN ('success', 'failure', 'refused')", name=op.f("ck_audit_log_outcome")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_log")),
    )
    for column in ("actor", "action", "subject", "at"):
        op.create_index(op.f(f"ix_audit_log_{column}_seq"), "audit_log", [column, "seq"], unique=False)
    op.create_table(
        "audit_inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *_what_is_recorded(),
        sa.Column("personal", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_inbox")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "audit_personal",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "field", name=op.f("pk_audit_personal")),
    )
    op.create_index(op.f("ix_audit_personal_value"), "audit_personal", ["value"], postgresql_using="hash")
    op.create_table(
        "audit_nodes",
        sa.Column("level", sa.SmallInteger(), nullable=False, comment="8, 16 or 24: over 2^level leaves"),
        sa.Column("index", sa.BigInteger(), nullable=False, comment="from 0"),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_audit_nodes")),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        _moment("at"),
        sa.Column("note", sa.Text(), nullable=False, comment="C2SP tlog-checkpoint in a signed note"),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoints")),
    )
    op.execute("CREATE SEQUENCE audit_log_seq OWNED BY audit_log.seq")
    op.execute(APPEND)
    op.execute(
        "CREATE CONSTRAINT TRIGGER audit_append AFTER INSERT ON audit_inbox DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION audit_append()"
    )
    op.execute(REFUSE)
    for table in IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
    op.execute(GRANTS)


def downgrade() -> None:
    for table in ("audit_checkpoints", "audit_nodes", "audit_personal", "audit_inbox", "audit_log"):
        op.drop_table(table)
    op.execute("DROP FUNCTION audit_refuse()")
    op.execute("DROP FUNCTION audit_append()")
