"""Imports of somebody's own history, and their records that wait to be loaded."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Identity,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from risk.store.db.tables.base import metadata, moment

_ZERO = text("0")
_STATES = "uploading, uploaded, planned, running, done, failed, undoing, undone"

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False, comment="whose ids the events have"),
    Column("fingerprint", Text, nullable=False, comment="of files and mapping: the same is gone on with"),
    Column("status", Text, nullable=False, comment=_STATES),
    Column("created_by", Text, nullable=False),
    moment("created_at"),
    moment("finished_at", nullable=True),
    Column("undone_by", Text),
    moment("undone_at", nullable=True),
    Column("options", JSONB, nullable=False, comment="how its file is read"),
    Column("upload", Text, comment="the object with its file, if it was uploaded"),
    Column("rows", BigInteger, nullable=False, server_default=_ZERO, comment="of the file, once it is read"),
    Column("refused", BigInteger, nullable=False, server_default=_ZERO, comment="rows that became nothing"),
    Column("written", Integer, nullable=False, server_default=_ZERO, comment="chunks that were put up so far"),
    Column("complete", Boolean, nullable=False, server_default=text("false"), comment="no chunk comes any more"),
    Column("position", Text, comment="chunk and line of the last record that is stored"),
    Column("events", BigInteger, nullable=False, server_default=_ZERO),
    Column("labels", BigInteger, nullable=False, server_default=_ZERO),
    Column("repeated", BigInteger, nullable=False, server_default=_ZERO, comment="were known before"),
    Column("failed", BigInteger, nullable=False, server_default=_ZERO, comment="became dead letters"),
    Column("detail", Text, comment="why it failed"),
    Column("upload_id", Text, comment="of the multipart upload, while it lasts"),
    Column("size", BigInteger, nullable=False, server_default=_ZERO, comment="in bytes"),
    Column("read_share", Float, nullable=False, server_default=_ZERO, comment="of the file, 0 to 1"),
    Column("preview", JSONB, comment="first rows as events, until it is started"),
    moment("started_at", nullable=True),
)

import_chunks = Table(
    "import_chunks",
    metadata,
    Column("import_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="records as JSON lines, compressed"),
    PrimaryKeyConstraint("import_id", "number"),
)
