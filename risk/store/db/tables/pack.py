"""Installed packs."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from risk.store.db.tables.base import metadata, moment

packs = Table(
    "packs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", JSONB, nullable=False, comment="the pack as it was installed"),
    Column("owned", JSONB, nullable=False, comment="names of what the pack made, by kind: its removal takes these"),
    moment("installed_at"),
    Column("installed_by", Text, nullable=False),
    Column("removed_at", DateTime(timezone=True)),
    Column("removed_by", Text),
)
