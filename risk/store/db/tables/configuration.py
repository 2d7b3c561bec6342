"""Versions of the run-time configuration. Written by the API."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from risk.store.db.tables.base import metadata, moment

configurations = Table(
    "configurations",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("thresholds", JSONB, nullable=False),
    Column("alert_policy", JSONB, nullable=False),
    moment("changed_at"),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("event_types", JSONB, nullable=False, server_default=text("'{}'"), comment="beside the shipped ones"),
    Column("decisions", JSONB, nullable=False, server_default=text("'{}'"), comment="empty: as shipped"),
)
