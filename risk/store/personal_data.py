"""The classification of personal data: what each text column can hold, and how a customer is erased.

Every new text column must be listed here. ``erase`` removes a customer's values, or replaces them by a token.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection, text


class Holds(StrEnum):
    """The personal data in a column."""

    NOTHING = "words, hashes and numbers of the system"
    STAFF = "who did it: kept, it is evidence"
    CUSTOMER = "a customer: erased"
    IN_FORCE = "a customer, as long as the entry is in force: erased once it was taken off"
    AUDIT = "personal values beside the audit log: erased by value"
    CREDENTIAL = "hashes of credentials"
    WAITING = "records on their way to the engine, as on its stream: gone once they are loaded"
    BRIEF = "encrypted, and gone within a day"


def _columns(**columns: str) -> dict[str, Holds]:
    return {name: Holds[kind.upper()] for kind, names in columns.items() for name in names.split()}


COLUMNS: Mapping[str, Mapping[str, Holds]] = {
    "alert_counts": _columns(nothing="status"),
    "alert_links": _columns(nothing="key", customer="value account_id"),
    "alert_spans": _columns(nothing="name", staff="span"),
    "alert_timeline": _columns(staff="actor", nothing="action", customer="changes note"),
    "alerts": _columns(
        nothing="group_key reason_code status country event_type currency at_risk disposition disposition_reason "
        "top_event_source",
        staff="assignee snoozed_by acknowledged_by resolved_by",
        customer="group_value account_id counterparty_id reason_text reasons note top_sender_event_id",
    ),
    "api_keys": _columns(
        nothing="name prefix scopes event_source", credential="key_hash", staff="created_by revoked_by"
    ),
    "assessments": _columns(
        nothing="event_type family amount_flow currency channel country scorer challenger event_source "
        "decision_because",
        customer="account_id counterparty_id device_id ip attributes reasons sender_event_id original_event_id",
    ),
    "audit_checkpoints": _columns(nothing="note"),
    "audit_inbox": _columns(nothing="actor action subject outcome request_id record", audit="personal"),
    "audit_log": _columns(nothing="actor action subject outcome request_id record leaf_hash"),
    "audit_nodes": _columns(nothing="hash"),
    "audit_personal": _columns(nothing="field salt", audit="value"),
    "configurations": _columns(nothing="thresholds alert_policy event_types decisions", staff="changed_by reason"),
    "dead_letters": _columns(
        nothing="source position reason field outcome event_source",
        staff="closed_by",
        customer="detail raw note sender_event_id",
    ),
    "decision_overturns": _columns(customer="reason", staff="made_by undone_by"),
    "definition_sets": _columns(nothing="members"),
    "definition_states": _columns(nothing="signature"),
    "definition_values": _columns(nothing="signature"),
    "definition_stages": _columns(staff="changed_by reason"),
    "definition_versions": _columns(nothing="body", staff="created_by"),
    "definitions": _columns(nothing="name", staff="created_by"),
    "drift_counts": _columns(nothing="scorer feature"),
    "engine_runs": _columns(nothing="positions tries notice"),
    "entities": _columns(nothing="kind", customer="value address"),
    "explanations": _columns(
        nothing="source model prompt_version evidence_hash notice",
        staff="created_by",
        customer="question explanation evidence",
    ),
    "idempotency_keys": _columns(credential="key_hash request_hash", brief="answer"),
    "import_chunks": _columns(waiting="body"),
    "imports": _columns(
        nothing="name source fingerprint status options upload upload_id position detail",
        staff="created_by undone_by",
        waiting="preview",
    ),
    "knowledge_documents": _columns(nothing="slug title origin media_type content_hash", staff="created_by removed_by"),
    "knowledge_passages": _columns(nothing="title section text source embedding_model"),
    "labels": _columns(nothing="source", customer="account_id counterparty_id"),
    "leases": _columns(nothing="name holder"),
    "list_entries": _columns(nothing="list_name", in_force="value", staff="reason added_by removed_by removal_reason"),
    "lists": _columns(nothing="name purpose subject description", staff="created_by"),
    "model_stages": _columns(nothing="champion challenger", staff="changed_by reason"),
    "models": _columns(nothing="version manifest body", staff="created_by"),
    "offsets": _columns(nothing="epoch source position"),
    "packs": _columns(nothing="name document owned", staff="installed_by removed_by"),
    "password_links": _columns(credential="token_hash"),
    "profiles": _columns(nothing="kind", customer="key state"),
    "refresh_tokens": _columns(credential="token_hash"),
    "rule_hits": _columns(nothing="mode"),
    "rule_stages": _columns(staff="changed_by reason"),
    "rule_versions": _columns(nothing="description expression reason_text", staff="owner created_by"),
    "rules": _columns(nothing="name", staff="created_by"),
    "unregistered_types": _columns(nothing="event_type"),
    "users": _columns(staff="email subject", credential="password_hash", nothing="role"),
    "webhook_deliveries": _columns(nothing="event status error", customer="payload"),
    "webhooks": _columns(nothing="name kind url events filter disabled_reason", staff="created_by"),
}
"""By table and column."""


def erase(connection: Connection, who: str) -> dict[str, int]:
    """Erase an account or a counterparty; returns the rows changed by table.

    Counts stay, under an irreversible token. Outside the database there are the live view
    (``risk.adapters.valkey_live.hide``), exports, which expire within a day, and the engine's memory, which holds an
    account until the next restart.
    """
    token = f"erased-{secrets.token_hex(8)}"
    spellings = sorted({who, json.dumps(who)[1:-1], json.dumps(who, ensure_ascii=False)[1:-1]})  # within raw records
    found = connection.scalar(
        text("SELECT erase_customer(:who, :spellings, :token)"), {"who": who, "spellings": spellings, "token": token}
    )
    return {table: rows for table, rows in dict(found or {}).items() if rows}
