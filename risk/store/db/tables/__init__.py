"""The tables, one module per aggregate; each table has one writer, named there."""

from risk.store.db.tables.alert import (
    alert_counts,
    alert_events,
    alert_links,
    alert_spans,
    alert_timeline,
    alerts,
    webhook_deliveries,
    webhooks,
)
from risk.store.db.tables.assessment import (
    assessment_counts,
    assessment_keys,
    assessments,
    dead_letters,
    decision_counts,
    decision_overturns,
    entities,
    labels,
)
from risk.store.db.tables.audit import audit_checkpoints, audit_inbox, audit_log, audit_nodes, audit_personal
from risk.store.db.tables.base import metadata
from risk.store.db.tables.configuration import configurations
from risk.store.db.tables.definition import (
    definition_sets,
    definition_stages,
    definition_states,
    definition_values,
    definition_versions,
    definitions,
)
from risk.store.db.tables.engine import (
    engine_runs,
    leases,
    offsets,
    profile_watermark,
    profiles,
    unregistered_types,
)
from risk.store.db.tables.explanation import explanations, knowledge_documents, knowledge_passages
from risk.store.db.tables.identity import api_keys, idempotency_keys, password_links, refresh_tokens, sessions, users
from risk.store.db.tables.imports import import_chunks, imports
from risk.store.db.tables.model import drift_counts, model_stages, models
from risk.store.db.tables.pack import packs
from risk.store.db.tables.rule import list_entries, lists, rule_hits, rule_stages, rule_versions, rules, rules_revision

__all__ = [
    "alert_counts",
    "alert_events",
    "alert_links",
    "alert_spans",
    "alert_timeline",
    "alerts",
    "api_keys",
    "assessment_counts",
    "assessment_keys",
    "assessments",
    "audit_checkpoints",
    "audit_inbox",
    "audit_log",
    "audit_nodes",
    "audit_personal",
    "configurations",
    "dead_letters",
    "decision_counts",
    "decision_overturns",
    "definition_sets",
    "definition_stages",
    "definition_states",
    "definition_values",
    "definition_versions",
    "definitions",
    "drift_counts",
    "engine_runs",
    "entities",
    "explanations",
    "idempotency_keys",
    "import_chunks",
    "imports",
    "knowledge_documents",
    "knowledge_passages",
    "labels",
    "leases",
    "list_entries",
    "lists",
    "metadata",
    "model_stages",
    "models",
    "offsets",
    "packs",
    "password_links",
    "profile_watermark",
    "profiles",
    "refresh_tokens",
    "rule_hits",
    "rule_stages",
    "rule_versions",
    "rules",
    "rules_revision",
    "sessions",
    "unregistered_types",
    "users",
    "webhook_deliveries",
    "webhooks",
]
