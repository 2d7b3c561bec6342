"""Alerts with their timelines and events, opened by the engine and moved by the API; webhooks and deliveries."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from risk.store.db.tables.base import metadata, moment

alerts = Table(
    "alerts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("group_key", Text, nullable=False, server_default=text("'account'"), comment="what its events share"),
    Column("group_value", Text, nullable=False, server_default=text("''")),
    Column("account_id", Text, nullable=False, comment="of its riskiest event"),
    Column("account_count", Integer, nullable=False, server_default=text("1")),
    Column("counterparty_id", Text),
    Column("country", Text, comment="of its riskiest event"),
    Column("event_type", Text, comment="of its riskiest event"),
    Column("reason_code", Text, nullable=False),
    Column("reason_text", Text, nullable=False),
    Column("reasons", JSONB, nullable=False, server_default=text("'[]'"), comment="merged, most telling first"),
    Column("level", SmallInteger, nullable=False),
    Column("decision", SmallInteger, comment="the strictest of its events"),
    Column("status", Text, nullable=False),
    Column("event_count", Integer, nullable=False),
    Column("top_event_id", Uuid, nullable=False),
    Column("top_score", Double, nullable=False),
    Column("amount", Numeric(21, 6), comment="the largest of its events"),
    Column("currency", Text),
    Column("base_amount", Double, comment="amount in the reporting currency"),
    Column("at_risk", JSONB, nullable=False, server_default=text("'[]'"), comment="sums by currency"),
    Column("rank", Double, nullable=False, server_default=text("0"), comment="see risk/alerts/priority.py"),
    moment("first_occurred_at"),
    moment("last_occurred_at"),
    moment("opened_at"),
    moment("updated_at"),
    moment("due_at", nullable=True),
    Column("breached_at", DateTime(timezone=True), comment="the latest deadline that was missed"),
    Column("assignee", Text),
    moment("assigned_at", nullable=True),
    moment("snoozed_until", nullable=True),
    Column("snoozed_by", Text),
    moment("acknowledged_at", nullable=True),
    Column("acknowledged_by", Text),
    moment("resolved_at", nullable=True),
    Column("resolved_by", Text),
    Column("disposition", Text),
    Column("disposition_reason", Text),
    Column("merged_into", Uuid, comment="the campaign that has its events now"),
    moment("suppressed_until", nullable=True),
    Column("suppressed_count", Integer, nullable=False, server_default=text("0")),
    Column("note", Text),
    Column("version", Integer, nullable=False),
    Column("top_sender_event_id", Text, comment="as of its riskiest event"),
    Column("top_event_source", Text, comment="as of its riskiest event"),
    CheckConstraint("status IN ('open', 'acknowledged', 'resolved')", name="status"),
    Index(None, "opened_at", "id"),
    Index(
        "ix_alerts_group", "group_key", "group_value", "last_occurred_at", postgresql_where=text("status <> 'resolved'")
    ),
    Index(
        "ix_alerts_suppressing",
        "group_key",
        "group_value",
        "suppressed_until",
        postgresql_where=text("suppressed_until IS NOT NULL"),
    ),
    Index(None, "account_id", "opened_at"),
    Index(None, "counterparty_id", "opened_at", postgresql_where=text("counterparty_id IS NOT NULL")),
    Index("ix_alerts_queue", "rank", "id", postgresql_where=text("status <> 'resolved'")),
    # The orders of risk.store.alerts.alerts.Sort: nulls sort lowest.
    Index("ix_alerts_amount", text("coalesce(base_amount, -1)"), "id"),
    Index("ix_alerts_country", text("coalesce(country, '')"), "id"),
    Index("ix_alerts_counterparty", text("coalesce(counterparty_id, '')"), "id"),
    Index("ix_alerts_cases", "reason_code", "resolved_at", postgresql_where=text("status = 'resolved'")),
    Index("ix_alerts_unassigned", "rank", "id", postgresql_where=text("status <> 'resolved' AND assignee IS NULL")),
    Index(
        "ix_alerts_due",
        "due_at",
        postgresql_where=text("status <> 'resolved' AND breached_at IS DISTINCT FROM due_at"),
    ),
    Index("ix_alerts_open", "opened_at", postgresql_where=text("status = 'open'")),
    Index(
        "ix_alerts_snoozed",
        "snoozed_until",
        postgresql_where=text("status <> 'resolved' AND snoozed_until IS NOT NULL"),
    ),
)

# Written by triggers on alerts: a change adds rows, so that transactions do not wait for each other; from time to time
# the rows of a cell are merged (risk/store/alerts/alert_counts.py).
alert_counts = Table(
    "alert_counts",
    metadata,
    Column("hour", DateTime(timezone=True), nullable=False, comment="of opened_at, UTC"),
    Column("status", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("unassigned", Boolean, nullable=False),
    Column("breached", Boolean, nullable=False, comment="a missed deadline is recorded"),
    Column("count", BigInteger, nullable=False),
    Column("merged", Boolean, nullable=False, comment="the sum of changes, not one of them"),
    Index("ix_alert_counts_hour", "hour"),
    Index("ix_alert_counts_changes", "hour", postgresql_where=text("NOT merged")),
)

# Cached statistics of spans with too many alerts to read at every request.
alert_spans = Table(
    "alert_spans",
    metadata,
    Column("name", Text, primary_key=True, comment="recent, or from/to"),
    moment("computed_at"),
    Column("span", JSONB, nullable=False),
)

# Append-only: the key ensures that no two changes claim the same version.
alert_timeline = Table(
    "alert_timeline",
    metadata,
    Column("alert_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False, comment="of the alert, after the change"),
    moment("at"),
    Column("actor", Text, nullable=False, comment="a person's address, engine or system"),
    Column("action", Text, nullable=False),
    Column("changes", JSONB, nullable=False, comment="by field: before, after"),
    Column("note", Text),
    PrimaryKeyConstraint("alert_id", "version"),
)

alert_events = Table(
    "alert_events",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("alert_id", Uuid, nullable=False, index=True),
    Column("suppressed", Boolean, nullable=False, server_default=text("false"), comment="not one of its events"),
)

# The accounts, devices and counterparties of an alert's events.
alert_links = Table(
    "alert_links",
    metadata,
    Column("key", Text, nullable=False, comment="account, device or counterparty"),
    Column("value", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("alert_id", Uuid, nullable=False),
    Column("event_count", Integer, nullable=False),
    moment("last_occurred_at"),
    PrimaryKeyConstraint("key", "value", "account_id", "alert_id"),
    Index(None, "key", "value", "last_occurred_at"),
    Index(None, "alert_id", "key"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", ARRAY(Text), nullable=False),
    Column("filter", JSONB, nullable=False, server_default=text("'{}'"), comment="of which alerts it is told"),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    Column("disabled_reason", Text),
    Column("secret_generation", Integer, nullable=False, server_default=text("1"), comment="no secret is stored"),
    moment("secret_changed_at"),
    Column("failures", Integer, nullable=False, server_default=text("0"), comment="in a row"),
    moment("failing_since", nullable=True),
    moment("paused_until", nullable=True),
    moment("created_at"),
    Column("created_by", Text, nullable=False),
    moment("updated_at"),
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
    moment("created_at"),
    Column("queued_at", DateTime(timezone=True), nullable=False, comment="made, or replayed last"),
    moment("next_attempt_at", nullable=True),
    moment("last_attempt_at", nullable=True),
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
