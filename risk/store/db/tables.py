"""The tables. Each has one writer: the engine, or the API.

The engine's: assessments and what hangs on them, alerts (opened and grouped; the API moves their
states), labels, dead letters, profiles, offsets, the lease, hits of rules, counts of drift. The API's: users and
their sessions, API keys, configuration, rules, lists, stages of models (``risk train`` adds models).

The audit log has no writer: both put entries into its inbox, and the database numbers them at commit.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB, TSVECTOR

from risk.store.db.vectors import Vector

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _audited() -> list[Column[Any]]:
    return [
        _moment("at"),
        Column("actor", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("request_id", Text),
        Column("record", LargeBinary, nullable=False, comment="canonical JSON (RFC 8785)"),
    ]


# Partitioned by the month of scoring, so that old months are dropped whole. Postgres cannot keep an
# id unique over partitions: assessment_keys does, and finds the partition of an id.
assessments = Table(
    "assessments",
    metadata,
    Column("event_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("event_type", Text, nullable=False),
    _moment("occurred_at"),
    _moment("received_at"),
    _moment("scored_at"),
    Column("account_id", Text, nullable=False),
    Column("counterparty_id", Text),
    Column("amount", Numeric(18, 6)),
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
    PrimaryKeyConstraint("event_id", "scored_at"),
    Index(None, "sequence"),
    Index(None, "account_id", "sequence"),
    Index(None, "counterparty_id", "sequence"),
    Index(None, "occurred_at", "sequence"),
    Index(None, "score", "sequence"),
    Index("ix_assessments_risky", "sequence", postgresql_where=text("level >= 2")),
    postgresql_partition_by="RANGE (scored_at)",
)

assessment_keys = Table(
    "assessment_keys",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    _moment("scored_at"),
)

assessment_counts = Table(
    "assessment_counts",
    metadata,
    _moment("minute"),
    Column("level", SmallInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    PrimaryKeyConstraint("minute", "level"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("source", Text, nullable=False, comment="shard or partition, with the epoch of its stream"),
    Column("position", Text, nullable=False, comment="sequence number or offset in the source"),
    _moment("received_at"),
    Column("reason", Text, nullable=False, comment="slug: invalid, duplicate, future, oversized"),
    Column("detail", Text, nullable=False),
    Column("field", Text),
    Column("event_id", Uuid, comment="when the record could be read that far"),
    Column("raw", LargeBinary, nullable=False),
    Column("raw_bytes", Integer, nullable=False, comment="length before it was cut"),
    PrimaryKeyConstraint("source", "position"),
    Index(None, "event_id"),
    Index(None, "received_at"),
)

labels = Table(
    "labels",
    metadata,
    Column("event_id", Uuid, nullable=False),
    _moment("known_at"),
    Column("source", Text, nullable=False),
    Column("fraud", Boolean, nullable=False),
    _moment("received_at"),
    Column("sequence", BigInteger, nullable=False, comment="one order with assessments': profiles met them so"),
    Column("account_id", Text, comment="of the event; null if the event was not known when the label came"),
    Column("counterparty_id", Text),
    _moment("occurred_at", nullable=True),
    PrimaryKeyConstraint("event_id", "known_at", "source"),
    Index(None, "sequence"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("counterparty_id", Text),
    Column("reason_code", Text, nullable=False),
    Column("reason_text", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("event_count", Integer, nullable=False),
    Column("top_event_id", Uuid, nullable=False),
    Column("top_score", Double, nullable=False),
    Column("amount", Numeric(18, 6), comment="the largest of its events"),
    Column("currency", Text),
    Column("rank", Double, nullable=False, server_default=text("0"), comment="see risk/alerts/priority.py"),
    _moment("first_occurred_at"),
    _moment("last_occurred_at"),
    _moment("opened_at"),
    _moment("updated_at"),
    _moment("due_at", nullable=True),
    Column("breached_at", DateTime(timezone=True), comment="the latest deadline that was missed"),
    Column("assignee", Text),
    _moment("assigned_at", nullable=True),
    _moment("snoozed_until", nullable=True),
    Column("snoozed_by", Text),
    _moment("acknowledged_at", nullable=True),
    Column("acknowledged_by", Text),
    _moment("resolved_at", nullable=True),
    Column("resolved_by", Text),
    Column("disposition", Text),
    Column("disposition_reason", Text),
    Column("note", Text),
    Column("version", Integer, nullable=False),
    CheckConstraint("status IN ('open', 'acknowledged', 'resolved')", name="status"),
    Index(None, "opened_at", "id"),
    Index("ix_alerts_group", "account_id", "reason_code", postgresql_where=text("status <> 'resolved'")),
    Index(None, "account_id", "opened_at"),
    Index(None, "counterparty_id", "opened_at", postgresql_where=text("counterparty_id IS NOT NULL")),
    Index("ix_alerts_queue", "rank", "id", postgresql_where=text("status <> 'resolved'")),
    Index("ix_alerts_cases", "reason_code", "resolved_at", postgresql_where=text("status = 'resolved'")),
    Index("ix_alerts_unassigned", "rank", "id", postgresql_where=text("status <> 'resolved' AND assignee IS NULL")),
    Index(
        "ix_alerts_due",
        "due_at",
        postgresql_where=text("status <> 'resolved' AND breached_at IS DISTINCT FROM due_at"),
    ),
)

# Never changed: the key makes sure that no two changes claim the same version.
alert_timeline = Table(
    "alert_timeline",
    metadata,
    Column("alert_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False, comment="of the alert, after the change"),
    _moment("at"),
    Column("actor", Text, nullable=False, comment="a person's address, engine or system"),
    Column("action", Text, nullable=False),
    Column("changes", JSONB, nullable=False, comment="by field: before, after"),
    Column("note", Text),
    PrimaryKeyConstraint("alert_id", "version"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", ARRAY(Text), nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    Column("disabled_reason", Text),
    Column("secret_generation", Integer, nullable=False, server_default=text("1"), comment="no secret is stored"),
    _moment("secret_changed_at"),
    Column("failures", Integer, nullable=False, server_default=text("0"), comment="in a row"),
    _moment("failing_since", nullable=True),
    _moment("paused_until", nullable=True),
    _moment("created_at"),
    Column("created_by", Text, nullable=False),
    _moment("updated_at"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("kind IN ('standard', 'slack')", name="kind"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("webhook_id", Uuid, nullable=False),
    Column("sequence", BigInteger, Identity(always=True), nullable=False),
    Column("event", Text, nullable=False),
    Column("alert_id", Uuid),
    Column("payload", Text, nullable=False, comment="the bytes that are signed"),
    Column("status", Text, nullable=False, server_default=text("'pending'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    _moment("created_at"),
    Column("queued_at", DateTime(timezone=True), nullable=False, comment="made, or replayed last"),
    _moment("next_attempt_at", nullable=True),
    _moment("last_attempt_at", nullable=True),
    Column("claimed_until", DateTime(timezone=True), comment="while it is being sent"),
    Column("response_status", Integer),
    Column("error", Text),
    CheckConstraint("status IN ('pending', 'delivered', 'dead')", name="status"),
    Index(None, "webhook_id", "sequence"),
    Index(
        "ix_webhook_deliveries_pending",
        "webhook_id",
        "alert_id",
        "sequence",
        postgresql_where=text("status = 'pending'"),
    ),
    Index("ix_webhook_deliveries_due", "webhook_id", "sequence", postgresql_where=text("status = 'pending'")),
    Index(None, "created_at"),
)

alert_events = Table(
    "alert_events",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("alert_id", Uuid, nullable=False, index=True),
)

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
    _moment("renewed_at"),
    _moment("expires_at"),
)

configurations = Table(
    "configurations",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("thresholds", JSONB, nullable=False),
    Column("alert_policy", JSONB, nullable=False),
    _moment("changed_at"),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

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
    _moment("reset_requested_at", nullable=True),
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
    _moment("created_at"),
    _moment("expires_at"),
    _moment("revoked_at", nullable=True),
    Index(None, "user_id"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True, comment="SHA-256"),
    Column("session_id", Uuid, nullable=False),
    _moment("issued_at"),
    _moment("expires_at"),
    _moment("used_at", nullable=True),
    Index(None, "session_id"),
)

password_links = Table(
    "password_links",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True, comment="SHA-256"),
    Column("user_id", Uuid, nullable=False),
    _moment("created_at"),
    _moment("expires_at"),
    _moment("used_at", nullable=True),
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
    _moment("created_at"),
    Column("created_by", Text, nullable=False),
    _moment("expires_at", nullable=True),
    _moment("last_used_at", nullable=True),
    _moment("revoked_at", nullable=True),
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
    _moment("created_at"),
    Column("answer", LargeBinary, comment="encrypted; null between the commit and the answer"),
    PrimaryKeyConstraint("caller", "key_hash"),
    Index(None, "created_at"),
)

# One row: rises with every change of a rule or a list, so that the engine need not compare them.
rules_revision = Table(
    "rules_revision",
    metadata,
    Column("id", SmallInteger, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
)

rules = Table(
    "rules",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("latest_version", Integer, nullable=False),
    Column("stage", Integer, nullable=False, comment="number of the stage in force, in rule_stages"),
    _moment("created_at"),
    Column("created_by", Text, nullable=False),
    UniqueConstraint("name"),
)

rule_versions = Table(
    "rule_versions",
    metadata,
    Column("rule_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("expression", Text, nullable=False),
    Column("points", Double),
    Column("min_level", SmallInteger, comment="rank of RiskLevel: 0 LOW to 3 CRITICAL"),
    Column("reason_text", Text, nullable=False),
    _moment("created_at"),
    Column("created_by", Text, nullable=False),
    PrimaryKeyConstraint("rule_id", "version"),
)

rule_stages = Table(
    "rule_stages",
    metadata,
    Column("rule_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("live_version", Integer),
    Column("percent", SmallInteger, nullable=False),
    Column("shadow_version", Integer),
    Column("archived", Boolean, nullable=False),
    Column("back_to", Integer, comment="number of the stage that a rollback restores"),
    _moment("changed_at"),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("rule_id", "number"),
)

rule_hits = Table(
    "rule_hits",
    metadata,
    Column("event_id", Uuid, nullable=False),
    Column("rule_id", Uuid, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("mode", Text, nullable=False),
    _moment("scored_at"),
    PrimaryKeyConstraint("event_id", "rule_id", "rule_version"),
    CheckConstraint("mode IN ('live', 'shadow')", name="mode"),
    Index(None, "rule_id", "scored_at"),
    Index(None, "scored_at"),
)

lists = Table(
    "lists",
    metadata,
    Column("name", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("description", Text, nullable=False),
    _moment("created_at"),
    Column("created_by", Text, nullable=False),
    CheckConstraint("purpose IN ('allow', 'deny', 'watch')", name="purpose"),
    CheckConstraint("subject IN ('account', 'counterparty', 'device', 'ip', 'country')", name="subject"),
)

# What is taken off a list stays here, with who did it and why.
list_entries = Table(
    "list_entries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("list_name", Text, nullable=False),
    Column("value", Text, nullable=False),
    _moment("expires_at", nullable=True),
    Column("reason", Text, nullable=False),
    _moment("added_at"),
    Column("added_by", Text, nullable=False),
    _moment("removed_at", nullable=True),
    Column("removed_by", Text),
    Column("removal_reason", Text),
    Index("uq_list_entries_present", "list_name", "value", unique=True, postgresql_where=text("removed_at IS NULL")),
)

models = Table(
    "models",
    metadata,
    Column("version", Text, primary_key=True),
    Column("manifest", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="model.txt"),
    _moment("created_at"),
    Column("created_by", Text, nullable=False),
)

model_stages = Table(
    "model_stages",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("champion", Text, nullable=False),
    Column("challenger", Text),
    Column("back_to", Integer, comment="number of the stage that a rollback restores"),
    _moment("changed_at"),
    Column("changed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

drift_counts = Table(
    "drift_counts",
    metadata,
    Column("scorer", Text, nullable=False),
    _moment("hour"),
    Column("feature", Text, nullable=False, comment="or score"),
    Column("counts", ARRAY(BigInteger), nullable=False, comment="by bin of the scorer's reference"),
    PrimaryKeyConstraint("scorer", "hour", "feature"),
)

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
    _moment("created_at"),
    Column("created_by", Text, nullable=False),
    _moment("removed_at", nullable=True),
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
    _moment("created_at"),
    Column("created_by", Text, nullable=False),
    CheckConstraint("source IN ('template', 'model')", name="source"),
    Index(None, "event_id", "created_at"),
    Index(None, "evidence_hash"),
)

# Empties itself at commit, into audit_log: a trigger draws the number, as late as can be.
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

# May be erased: records hold commitments, which stay.
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
    _moment("at"),
    Column("note", Text, nullable=False, comment="C2SP tlog-checkpoint in a signed note"),
)
