"""The knowledge base and the explanations that were given. Written by the API."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from risk.store.db.tables.base import metadata, moment
from risk.store.db.vectors import Vector

# Each version of a document stays here; passages are of the newest only, and of none once it is removed.
knowledge_documents = Table(
    "knowledge_documents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False, comment="its name, the same over all versions"),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("content_hash", Text, nullable=False, comment="SHA-256 of its text and of how it is cut"),
    Column("bytes", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
    moment("removed_at", nullable=True),
    Column("removed_by", Text),
    UniqueConstraint("slug", "version"),
    CheckConstraint("origin IN ('shipped', 'uploaded')", name="origin"),
)

knowledge_passages = Table(
    "knowledge_passages",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("document_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False, comment="its place in the document, from 1"),
    Column("title", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("source", Text),
    Column(
        "search",
        TSVECTOR,
        Computed(
            "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', section), 'B')"
            " || setweight(to_tsvector('english', text), 'D')",
            persisted=True,
        ),
    ),
    Column("embedding", Vector),
    Column("embedding_model", Text, comment="what made the embedding: only vectors of one model are compared"),
    UniqueConstraint("document_id", "number"),
    Index(None, "search", postgresql_using="gin"),
)

explanations = Table(
    "explanations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("alert_id", Uuid),
    Column("source", Text, nullable=False),
    Column("model", Text),
    Column("prompt_version", Text, nullable=False),
    Column("evidence_hash", Text, nullable=False),
    Column("question", Text),
    Column("explanation", JSONB, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("removed", Integer, nullable=False, comment="sentences that the check took out"),
    Column("notice", Text),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
    CheckConstraint("source IN ('template', 'model')", name="source"),
    Index(None, "event_id", "created_at"),
    Index(None, "evidence_hash"),
)
