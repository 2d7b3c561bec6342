"""The engine's own state: profiles, stream positions, the lease."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from risk.store.db.tables.base import metadata, moment

profiles = Table(
    "profiles",
    metadata,
    Column("kind", Text, nullable=False, comment="account or counterparty"),
    Column("key", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    PrimaryKeyConstraint("kind", "key"),
)

# One row: the profiles hold every event up to this sequence, none after it.
profile_watermark = Table(
    "profile_watermark",
    metadata,
    Column("id", SmallInteger, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("feature_set", SmallInteger, nullable=False, comment="profiles of another one are made anew"),
)

# Types of events that were scored as of the family other, because nobody has registered them.
unregistered_types = Table(
    "unregistered_types",
    metadata,
    Column("event_type", Text, primary_key=True),
    Column("events", BigInteger, nullable=False),
    moment("first_scored_at"),
    moment("last_scored_at"),
)

offsets = Table(
    "offsets",
    metadata,
    Column("epoch", Text, nullable=False, comment="which incarnation of the stream: emulators start anew"),
    Column("source", Text, nullable=False),
    Column("position", Text, nullable=False),
    PrimaryKeyConstraint("epoch", "source"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column(
        "epoch", BigInteger, nullable=False, comment="rises with every holder; a writer checks that it is still its own"
    ),
    Column("holder", Text, nullable=False),
    moment("renewed_at"),
    moment("expires_at"),
)

# One row: from where the engine was started last, and what ended it there.
engine_runs = Table(
    "engine_runs",
    metadata,
    Column("id", SmallInteger, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("positions", JSONB, nullable=False, comment="by source, where reading began"),
    Column("running", Boolean, nullable=False, comment="false once it ended as it was told to"),
    Column("crashes", Integer, nullable=False, comment="ends in a row that nobody asked for, at these positions"),
    Column("tries", JSONB, nullable=False, comment="by source and position, how often a record was taken alone"),
    Column("notice", Text, comment="what an operator has to know, while it is so"),
)
