"""Models and their stages, and the engine's counts for drift."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from risk.store.db.tables.base import metadata, moment

models = Table(
    "models",
    metadata,
    Column("version", Text, primary_key=True),
    Column("manifest", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="model.txt"),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
)

model_stages = Table(
    "model_stages",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("champion", Text, nullable=False),
    Column("challenger", Text),
    Column("back_to", Integer, comment="number of the stage that a rollback restores"),
    moment("changed_at"),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

drift_counts = Table(
    "drift_counts",
    metadata,
    Column("scorer", Text, nullable=False),
    moment("hour"),
    Column("feature", Text, nullable=False, comment="or score"),
    Column("counts", ARRAY(BigInteger), nullable=False, comment="by bin of the scorer's reference"),
    PrimaryKeyConstraint("scorer", "hour", "feature"),
)
