"""The Postgres roles: one for each part of the system, with all its rights.

Migrations run as the owner, the only role that may change the schema. Afterwards these rights are granted again, so
that they match this module. Only the owner could change or delete a record of the audit log.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    import psycopg

PREFIX = "risk_"


class DatabaseRole(StrEnum):
    """The roles that sign in to Postgres, besides the owner."""

    ENGINE = "engine"
    API = "api"
    WEBHOOKS = "webhooks"
    MAINTENANCE = "maintenance"
    AUDITOR = "auditor"

    @property
    def login(self) -> str:
        """The name in Postgres."""
        return f"{PREFIX}{self.value}"


_READ = "SELECT"
_ADD = "SELECT, INSERT"
_KEEP = "SELECT, INSERT, UPDATE"
_CHANGE = "SELECT, UPDATE"
_CLEAR = "SELECT, DELETE"
_ALL = "SELECT, INSERT, UPDATE, DELETE"
_MERGE = "SELECT, INSERT, DELETE"
_LOG = "SELECT (id), INSERT"  # the inbox may hold personal data, so nobody may read it


def _each(rights: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, rights)


RIGHTS: Mapping[DatabaseRole, Mapping[str, str]] = {
    DatabaseRole.ENGINE: {
        **_each(_READ, "rules", "rule_versions", "rule_stages", "rules_revision", "lists", "list_entries"),
        **_each(_READ, "definitions", "definition_versions", "definition_stages", "definition_sets"),
        **_each(_READ, "models", "model_stages", "webhooks"),
        **_each(_ADD, "assessments", "assessment_keys", "rule_hits", "dead_letters", "configurations"),
        **_each(
            _KEEP,
            "assessment_counts",
            "decision_counts",
            "labels",
            "offsets",
            "unregistered_types",
            "leases",
            "engine_runs",
            "drift_counts",
        ),
        **_each(_KEEP, "alerts", "alert_events", "webhook_deliveries"),
        **_each(_ALL, "profiles", "profile_watermark", "alert_links", "definition_states", "definition_values"),
        **_each(_CHANGE, "imports"),
        **_each(_MERGE, "import_chunks"),
        "alert_timeline": "INSERT",
        "audit_inbox": _LOG,
    },
    DatabaseRole.API: {
        **_each(_READ, "assessments", "assessment_keys", "assessment_counts", "rule_hits", "labels", "drift_counts"),
        **_each(_READ, "decision_counts"),
        **_each(_READ, "alert_events", "alert_links", "leases", "engine_runs", "unregistered_types", "entities"),
        **_each(_READ, "audit_log", "audit_nodes", "audit_checkpoints"),
        **_each(_ADD, "alert_timeline", "configurations", "models", "model_stages", "rule_versions", "rule_stages"),
        **_each(_ADD, "explanations", "definition_versions", "definition_stages", "definition_sets"),
        **_each(_READ, "definition_states", "definition_values"),
        **_each(_CHANGE, "alerts", "dead_letters"),
        **_each(
            _KEEP, "rules", "definitions", "rules_revision", "list_entries", "knowledge_documents", "users", "api_keys"
        ),
        **_each(_KEEP, "imports", "packs", "decision_overturns"),
        **_each(_ALL, "lists", "webhooks", "webhook_deliveries", "knowledge_passages"),
        **_each(_ALL, "sessions", "refresh_tokens", "password_links", "idempotency_keys", "alert_spans"),
        "alert_counts": _MERGE,
        "audit_personal": _CLEAR,
        "audit_inbox": _LOG,
    },
    DatabaseRole.WEBHOOKS: _each(_CHANGE, "webhooks", "webhook_deliveries"),
    DatabaseRole.MAINTENANCE: {
        **_each(_READ, "leases", "engine_runs", "profile_watermark", "webhooks", "configurations", "audit_personal"),
        **_each(_CLEAR, "assessments", "assessment_keys", "labels", "alert_events", "dead_letters", "entities"),
        **_each(_CLEAR, "rule_hits", "drift_counts", "assessment_counts", "decision_counts"),
        **_each(_CLEAR, "refresh_tokens", "explanations", "definition_values", "decision_overturns"),
        **_each(_ADD, "audit_log", "audit_nodes", "audit_checkpoints"),  # closes gaps in the numbering
        **_each(_CHANGE, "alerts"),
        **_each(_KEEP, "users"),
        **_each(_ALL, "webhook_deliveries", "password_links", "alert_spans"),
        "alert_counts": _MERGE,
        "sessions": "SELECT, UPDATE, DELETE",
        "alert_timeline": "INSERT",
        "audit_inbox": _LOG,
    },
    DatabaseRole.AUDITOR: {
        **_each(_READ, "audit_log", "audit_nodes", "audit_checkpoints", "audit_personal"),
        "audit_inbox": "SELECT (id)",
    },
}
"""Rights by role and table; everything else is refused."""

FUNCTIONS: Mapping[str, frozenset[DatabaseRole]] = {
    "make_assessment_month(timestamptz)": frozenset({DatabaseRole.ENGINE, DatabaseRole.MAINTENANCE}),
    "take_back_import(integer)": frozenset({DatabaseRole.ENGINE}),
    "suspend_rule(uuid, integer, text)": frozenset({DatabaseRole.ENGINE}),
    "erase_customer(text, text[], text)": frozenset({DatabaseRole.API}),
    "drop_assessment_month(timestamptz)": frozenset({DatabaseRole.MAINTENANCE}),
}
"""Functions that run with the owner's rights, and the roles that may call them."""

TEMPORARY = frozenset({DatabaseRole.ENGINE})
"""The roles that may create temporary tables: the engine copies into them."""

_MAKE = text(
    """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{login}') THEN
            CREATE ROLE {login} LOGIN;
        END IF;
    END $$
    """
)


def apply(connection: Connection) -> None:
    """Create missing roles, and grant each exactly the rights above on the existing tables."""
    tables = set(connection.scalars(text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")))
    database = connection.scalar(text("SELECT quote_ident(current_database())"))
    statements = [f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"]
    for role in DatabaseRole:
        login = role.login
        connection.execute(text(_MAKE.text.format(login=login)))
        statements += [
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {login}",
            f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {login}",
        ]
        statements += [
            f"GRANT {rights} ON {table} TO {login}" for table, rights in RIGHTS[role].items() if table in tables
        ]
        if role in TEMPORARY:
            statements.append(f"GRANT TEMPORARY ON DATABASE {database} TO {login}")
    for function, roles in FUNCTIONS.items():
        if connection.scalar(text("SELECT to_regprocedure(:name)"), {"name": f"public.{function}"}) is not None:
            statements.append(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
            statements += [f"GRANT EXECUTE ON FUNCTION {function} TO {role.login}" for role in sorted(roles)]
    for statement in statements:
        connection.execute(text(statement))


def set_passwords(connection: Connection, passwords: Mapping[DatabaseRole, str]) -> None:
    """Set the roles' passwords. Only SCRAM verifiers are sent to the server."""
    raw = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    for role, password in passwords.items():
        verifier = raw.pgconn.encrypt_password(password.encode(), role.login.encode(), b"scram-sha-256").decode()
        connection.exec_driver_sql(f"ALTER ROLE {role.login} LOGIN PASSWORD '{verifier}'")
