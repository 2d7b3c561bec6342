"""Roles and API key scopes, and the permissions each has."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A person's role. Registration gives ``VIEWER``."""

    ADMIN = "admin"
    ANALYST = "analyst"
    VIEWER = "viewer"


class Permission(StrEnum):
    """A permission, as ``resource:action``."""

    RISK_READ = "risk:read"
    RISK_EXPLAIN = "risk:explain"
    KNOWLEDGE_MANAGE = "knowledge:manage"
    ALERTS_READ = "alerts:read"
    ALERTS_ACT = "alerts:act"
    EVENTS_WRITE = "events:write"
    LABELS_WRITE = "labels:write"
    CONFIG_READ = "config:read"
    CONFIG_WRITE = "config:write"
    RULES_READ = "rules:read"
    RULES_DRAFT = "rules:draft"
    RULES_PROMOTE = "rules:promote"
    LISTS_READ = "lists:read"
    LISTS_WRITE = "lists:write"
    LISTS_MANAGE = "lists:manage"
    MODELS_READ = "models:read"
    MODELS_PROMOTE = "models:promote"
    PACKS_MANAGE = "packs:manage"
    WEBHOOKS_MANAGE = "webhooks:manage"
    DEAD_LETTERS_MANAGE = "dead-letters:manage"
    IMPORTS_MANAGE = "imports:manage"
    EXPORT = "data:export"
    AUDIT_READ = "audit:read"
    AUDIT_VERIFY = "audit:verify"
    AUDIT_ERASE = "audit:erase"
    USERS_MANAGE = "users:manage"
    KEYS_MANAGE = "keys:manage"


_VIEWER = frozenset(
    {
        Permission.RISK_READ,
        Permission.ALERTS_READ,
        Permission.CONFIG_READ,
        Permission.RULES_READ,
        Permission.LISTS_READ,
        Permission.MODELS_READ,
    }
)
_ANALYST = _VIEWER | {
    Permission.ALERTS_ACT,
    Permission.LABELS_WRITE,
    Permission.LISTS_WRITE,
    Permission.RULES_DRAFT,
    Permission.EXPORT,
    Permission.RISK_EXPLAIN,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.ANALYST: _ANALYST,
    Role.ADMIN: frozenset(Permission),
}

KEY_SCOPES = frozenset(
    {
        Permission.EVENTS_WRITE,
        Permission.LABELS_WRITE,
        Permission.RISK_READ,
        Permission.ALERTS_READ,
        Permission.CONFIG_READ,
        Permission.RULES_READ,
        Permission.LISTS_READ,
        Permission.LISTS_WRITE,
    }
)
"""What an API key may be given. Decisions (alerts, rules, thresholds) and access stay with people, who have names."""


def allows(role: Role, permission: Permission) -> bool:
    """Whether ``role`` has ``permission``."""
    return permission in ROLE_PERMISSIONS[role]
