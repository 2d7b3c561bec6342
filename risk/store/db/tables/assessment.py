"""Assessments, the keys that keep their ids unique, counts by minute, dead letters, labels. Written by the engine."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB

from risk.store.db.tables.base import metadata, moment

# Partitioned by the month of scoring, so that old months are dropped whole. Postgres cannot keep an
# id unique over partitions: assessment_keys does, and finds the partition of an id.
assessments = Table(
    "assessments",
    metadata,
    Column("event_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("event_type", Text, nullable=False),
    moment("occurred_at"),
    moment("received_at"),
    moment("scored_at"),
    Column("account_id", Text, nullable=False),
    Column("counterparty_id", Text),
    Column("amount", Numeric(21, 6)),
    Column("currency", Text),
    Column("channel", Text),
    Column("country", Text),
    Column("device_id", Text),
    Column("ip", INET),
    Column("attributes", JSONB, nullable=False),
    Column("score", Double, nullable=False),
    Column("level", SmallInteger, nullable=False, comment="rank of RiskLevel: 0 LOW to 3 CRITICAL"),
    Column("reasons", JSONB, nullable=False),
    Column("features", ARRAY(Double), nullable=False),
    Column("feature_set", SmallInteger, nullable=False),
    Column("scorer", Text, nullable=False),
    Column("config_version", Integer, nullable=False),
    Column("base_score", Double, comment="the scorer's own probability, before rules"),
    Column("challenger", Text, comment="the scorer that ran in shadow"),
    Column("challenger_score", Double, comment="its probability, before rules"),
    Column("import_id", Integer, comment="the import that it came with"),
    Column("family", Text, nullable=False, comment="what its type was registered as when it was scored"),
    Column("amount_flow", Text, nullable=False, comment="outgoing, incoming or none, as registered then"),
    Column("definition_set", Integer, comment="number of the set that defined is in"),
    Column("defined", ARRAY(Double), comment="values of users' definitions"),
    Column("decision", SmallInteger, comment="its rank: 0 approve to 3 decline; by config_version's policy"),
    Column("decision_because", Text, comment="the rule of the policy that decided, and what held"),
    Column("sender_event_id", Text(collation="C"), comment="the sender's own id, where event_id is not it"),
    Column("event_source", Text, comment="whose id that is, where it is not the stream's"),
    Column("original_event_id", Text, comment="the event of the same source that this one undoes"),
    PrimaryKeyConstraint("event_id", "scored_at"),
    Index(None, "sequence"),
    Index("ix_assessments_decision", "decision", "sequence", postgresql_where=text("decision > 0")),
    Index(None, "account_id", "sequence"),
    Index(None, "counterparty_id", "sequence"),
    Index(None, "occurred_at", "sequence"),
    Index(None, "score", "sequence"),
    Index("ix_assessments_import_id", "import_id", "sequence", postgresql_where=text("import_id IS NOT NULL")),
    Index(
        "ix_assessments_sender_event_id",
        text("lower(sender_event_id)"),
        postgresql_where=text("sender_event_id IS NOT NULL"),
    ),
    Index(
        "ix_assessments_original_event_id",
        "original_event_id",
        postgresql_where=text("original_event_id IS NOT NULL"),
    ),
    Index("ix_assessments_risky", "sequence", postgresql_where=text("level >= 2")),
    *(
        Index(f"ix_assessments_{name}", text(column), text("sequence"), postgresql_where=text(f"{column} IS NOT NULL"))
        for name, column in {
            "device": "device_id",
            "ip": "ip",
            "card": "event_card(attributes)",
            "email": "event_email(attributes)",
            "email_domain": "event_email_domain(attributes)",
        }.items()
    ),
    postgresql_partition_by="RANGE (scored_at)",
)

assessment_keys = Table(
    "assessment_keys",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    moment("scored_at"),
)

assessment_counts = Table(
    "assessment_counts",
    metadata,
    moment("minute"),
    Column("level", SmallInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    PrimaryKeyConstraint("minute", "level"),
)

decision_counts = Table(
    "decision_counts",
    metadata,
    moment("minute"),
    Column("decision", SmallInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    PrimaryKeyConstraint("minute", "decision"),
)

# Written by the API. At most one of an event holds.
decision_overturns = Table(
    "decision_overturns",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("decided", SmallInteger, nullable=False, comment="rank of DecisionAction: what the policy decided"),
    Column("action", SmallInteger, nullable=False, comment="rank of DecisionAction: what holds instead"),
    Column("reason", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    moment("made_at"),
    Column("undone_by", Text),
    moment("undone_at", nullable=True),
    Index(None, "made_at"),
    Index("ix_decision_overturns_event_id", "event_id", "made_at"),
    Index("ix_decision_overturns_holding", "event_id", unique=True, postgresql_where=text("undone_at IS NULL")),
)

# Written by a trigger on assessments: every value named by an event, once, for prefix search.
entities = Table(
    "entities",
    metadata,
    Column("kind", Text, nullable=False, comment="account, counterparty, device, ip, card, email or email_domain"),
    Column("value", Text(collation="C"), nullable=False, comment="in the order of its bytes"),
    Column("address", INET, comment="of an ip"),
    Column("seen_at", DateTime(timezone=True), nullable=False, comment="last, to a day"),
    PrimaryKeyConstraint("kind", "value"),
    Index("ix_entities_folded", "kind", text("lower(value)")),
    Index("ix_entities_address", "address", postgresql_where=text("address IS NOT NULL")),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("source", Text, nullable=False, comment="shard or partition, with the epoch of its stream"),
    Column("position", Text, nullable=False, comment="sequence number or offset in the source"),
    moment("received_at"),
    Column("reason", Text, nullable=False, comment="slug: invalid, duplicate, future, oversized"),
    Column("detail", Text, nullable=False),
    Column("field", Text),
    Column("event_id", Uuid, comment="when the record could be read that far"),
    Column("raw", LargeBinary, nullable=False),
    Column("raw_bytes", Integer, nullable=False, comment="length before it was cut"),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    moment("closed_at", nullable=True),
    Column("closed_by", Text),
    Column("outcome", Text, comment="replayed or dismissed"),
    Column("note", Text),
    Column("sender_event_id", Text, comment="the sender's own id, where event_id is not it"),
    Column("event_source", Text, comment="whose id that is, where it is not the stream's"),
    PrimaryKeyConstraint("source", "position"),
    Index(None, "event_id"),
    Index(None, "received_at"),
    Index("ix_dead_letters_number", "number", unique=True),
    Index("ix_dead_letters_open", "number", postgresql_where=text("outcome IS NULL")),
)

labels = Table(
    "labels",
    metadata,
    Column("event_id", Uuid, nullable=False),
    moment("known_at"),
    Column("source", Text, nullable=False),
    Column("fraud", Boolean, nullable=False),
    moment("received_at"),
    Column("sequence", BigInteger, nullable=False, comment="one order with assessments': profiles met them so"),
    Column("account_id", Text, comment="of the event; null if the event was not known when the label came"),
    Column("counterparty_id", Text),
    moment("occurred_at", nullable=True),
    moment("withdrawn_at", nullable=True),
    Column("withdrawn_sequence", BigInteger, comment="as sequence: when profiles met that it was taken back"),
    Column("import_id", Integer, comment="the import that it came with"),
    PrimaryKeyConstraint("event_id", "known_at", "source"),
    Index(None, "sequence"),
    Index("ix_labels_import_id", "import_id", "sequence", postgresql_where=text("import_id IS NOT NULL")),
    Index("ix_labels_withdrawn_sequence", "withdrawn_sequence", postgresql_where=text("withdrawn_at IS NOT NULL")),
)
