"""Explanations, and the knowledge base that they cite: documents in versions, passages with text search and vectors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from risk.store.db.vectors import Vector

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SEARCH = (
    "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', section), 'B')"
    " || setweight(to_tsvector('english', text), 'D')"
)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table(
        "knowledge_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False, comment="its name, the same over all versions"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="SHA-256 of its text and of how it is cut"),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("removed_by", sa.Text()),
        sa.CheckConstraint("origin IN ('shipped', 'uploaded')", name=op.f("ck_knowledge_documents_origin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_documents")),
        sa.UniqueConstraint("slug", "version", name=op.f("uq_knowledge_documents_slug_version")),
    )
    op.create_table(
        "knowledge_passages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="its place in the document, from 1"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed(SEARCH, persisted=True)),
        sa.Column("embedding", Vector()),
        sa.Column(
            "embedding_model", sa.Text(), comment="what made the embedding: only vectors of one model are compared"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_passages")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_knowledge_passages_document_id_number")),
    )
    op.create_index("ix_knowledge_passages_search", "knowledge_passages", ["search"], postgresql_using="gin")
    op.create_table(
        "explanations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("model", sa.Text()),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("evidence_hash", sa.Text(), nullable=False),
        sa.Column("question", sa.Text()),
        sa.Column("explanation", postgresql.JSONB(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False, comment="sentences that the check took out"),
        sa.Column("notice", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("source IN ('template', 'model')", name=op.f("ck_explanations_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanations")),
    )
    op.create_index("ix_explanations_event_id_created_at", "explanations", ["event_id", "created_at"])
    op.create_index("ix_explanations_evidence_hash", "explanations", ["evidence_hash"])
    op.create_index(
        "ix_alerts_cases",
        "alerts",
        ["reason_code", "resolved_at"],
        postgresql_where=sa.text("status = 'resolved'"),
    )


def downgrade() -> None:
    op.drop_index("ix_alerts_cases", "alerts")
    op.drop_table("explanations")
    op.drop_table("knowledge_passages")
    op.drop_table("knowledge_documents")
    op.execute("DROP EXTENSION IF EXISTS vector")
