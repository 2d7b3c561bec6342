"""Users, sessions, API keys, password links and idempotency keys. Written by the API."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from risk.store.db.tables.base import metadata, moment

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False, comment="lower case"),
    Column("password_hash", Text, comment="null until the first password is set"),
    Column("role", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("version", Integer, nullable=False, server_default=text("1"), comment="rises with every edit"),
    Column("subject", Text, comment="who the identity provider says this is: issuer, a space, sub"),
    moment("reset_requested_at", nullable=True),
    UniqueConstraint("email"),
    UniqueConstraint("subject"),
    CheckConstraint("role IN ('admin', 'analyst', 'viewer')", name="role"),
)

# A session is a family of refresh tokens: each is used once and followed by the next.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    moment("created_at"),
    moment("expires_at"),
    moment("revoked_at", nullable=True),
    Index(None, "user_id"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True, comment="SHA-256"),
    Column("session_id", Uuid, nullable=False),
    moment("issued_at"),
    moment("expires_at"),
    moment("used_at", nullable=True),
    Index(None, "session_id"),
)

password_links = Table(
    "password_links",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True, comment="SHA-256"),
    Column("user_id", Uuid, nullable=False),
    moment("created_at"),
    moment("expires_at"),
    moment("used_at", nullable=True),
    Index(None, "user_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False, comment="the beginning of the key, to know it by"),
    Column("key_hash", LargeBinary, nullable=False, comment="SHA-256"),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("event_source", Text, nullable=False, comment="whose ids its events have"),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
    moment("expires_at", nullable=True),
    moment("last_used_at", nullable=True),
    moment("revoked_at", nullable=True),
    Column("revoked_by", Text),
    UniqueConstraint("key_hash"),
    Index(None, "created_at", "id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("caller", Uuid, nullable=False),
    Column("key_hash", LargeBinary, nullable=False, comment="SHA-256"),
    Column("request_hash", LargeBinary, nullable=False, comment="SHA-256 of method, path and body"),
    moment("created_at"),
    Column("answer", LargeBinary, comment="encrypted; null between the commit and the answer"),
    PrimaryKeyConstraint("caller", "key_hash"),
    Index(None, "created_at"),
)
