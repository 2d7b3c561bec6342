"""The audit log. Everyone writes to its inbox; the database numbers records at commit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from risk.store.db.tables.base import metadata, moment


def _audited() -> list[Column[Any]]:
    return [
        moment("at"),
        Column("actor", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("request_id", Text),
        Column("record", LargeBinary, nullable=False, comment="canonical JSON (RFC 8785)"),
    ]


# Emptied into audit_log at commit by a trigger, which draws the number as late as possible.
audit_inbox = Table(
    "audit_inbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    *_audited(),
    Column("personal", JSONB(none_as_null=True)),
    prefixes=["UNLOGGED"],
)

# UPDATE, DELETE and TRUNCATE of this, of the nodes and of the checkpoints are refused by triggers.
audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False, comment="dense, from 1"),
    *_audited(),
    Column("leaf_hash", LargeBinary, nullable=False, comment="RFC 6962: SHA-256 of 0x00 and the record"),
    CheckConstraint("outcome IN ('success', 'failure', 'refused')", name="outcome"),
    Index(None, "actor", "seq"),
    Index(None, "action", "seq"),
    Index(None, "subject", "seq"),
    Index(None, "at", "seq"),
)

# Erasable: records hold only commitments, which stay.
audit_personal = Table(
    "audit_personal",
    metadata,
    Column("seq", BigInteger, nullable=False),
    Column("field", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("seq", "field"),
    Index(None, "value", postgresql_using="hash"),
)

audit_nodes = Table(
    "audit_nodes",
    metadata,
    Column("level", SmallInteger, nullable=False, comment="8, 16 or 24: over 2^level leaves"),
    Column("index", BigInteger, nullable=False, comment="from 0"),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("level", "index"),
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    moment("at"),
    Column("note", Text, nullable=False, comment="C2SP tlog-checkpoint in a signed note"),
)
