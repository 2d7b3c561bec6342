"""Reads from Secrets Manager the secrets that settings name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from risk.config.settings import (
    ApiSettings,
    DatabaseSettings,
    KafkaSettings,
    LabelKeySettings,
    LiveSettings,
    MaintenanceSettings,
    WebhookKeySettings,
)

MIN_KEY_BYTES = 32
PROXY_PORT = 5432
AUTHORITIES = Path(__file__).with_name("amazon-rds.pem")
"""Roots of RDS by region (``rds-ca-rsa2048-g1``, as infra/stacks/data.py asks for), and Amazon's own, for RDS Proxy."""


def _read(name: str) -> str:
    import boto3  # imported only where there is a secret to read: it takes as long as everything else together

    return boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]


def database_url(settings: DatabaseSettings) -> str:
    """The URL of the database, from ``DATABASE_SECRET`` (in RDS's format) or as given.

    With ``DATABASE_PROXY`` it points to the proxy. With ``DATABASE_TLS`` the connection is encrypted and
    the server's certificate is verified against Amazon's root certificates.
    """
    if not settings.database_secret:
        return settings.database_url.get_secret_value()
    secret = json.loads(_read(settings.database_secret))
    user, password = quote(secret["username"], safe=""), quote(secret["password"], safe="")
    host = settings.database_proxy or secret["host"]
    port = PROXY_PORT if settings.database_proxy else secret["port"]
    tls = f"?sslmode=verify-full&sslrootcert={AUTHORITIES}" if settings.database_tls else ""
    return f"postgresql://{user}:{password}@{host}:{port}/{secret['dbname']}{tls}"


def database_passwords(settings: MaintenanceSettings, roles: Iterable[str]) -> dict[str, str]:
    """The passwords of roles of the database, by role; none where ``DATABASE_ROLE_SECRETS`` is not set."""
    if not settings.database_role_secrets:
        return {}
    return {role: json.loads(_read(f"{settings.database_role_secrets}{role}"))["password"] for role in roles}


def valkey_login(settings: LiveSettings) -> tuple[str, str] | None:
    """User and password for Valkey: from ``REDIS_SECRET``, or as given; None where nobody has to sign in."""
    if settings.redis_secret:
        secret = json.loads(_read(settings.redis_secret))
        return secret["username"], secret["password"]
    if not settings.redis_username:
        return None
    return settings.redis_username, settings.redis_password.get_secret_value()


def kafka_login(settings: KafkaSettings) -> tuple[str, str]:
    """User and password for Kafka, from ``KAFKA_SECRET`` (in Amazon MSK's format) or as given."""
    if settings.kafka_secret:
        secret = json.loads(_read(settings.kafka_secret))
        return secret["username"], secret["password"]
    return settings.kafka_username, settings.kafka_password.get_secret_value()


def oidc_client_secret(settings: ApiSettings) -> str:
    """The client secret for the identity provider, from ``OIDC_CLIENT_SECRET_SECRET`` or as given; empty for none."""
    if settings.oidc_client_secret_secret:
        return _read(settings.oidc_client_secret_secret)
    return settings.oidc_client_secret.get_secret_value()


def openai_api_key(settings: ApiSettings) -> str:
    """The API key of the language model, from ``OPENAI_API_KEY_SECRET`` or as given; empty for none."""
    if settings.openai_api_key_secret:
        return _read(settings.openai_api_key_secret)
    return settings.openai_api_key.get_secret_value()


def signing_key(settings: ApiSettings) -> str:
    """The key that signs access tokens, from ``SECRET_KEY_SECRET`` or as given."""
    if settings.secret_key_secret:
        return _read(settings.secret_key_secret)
    return settings.secret_key.get_secret_value()


def origin_key(settings: ApiSettings) -> str:
    """The header value that CloudFront adds, from ``ORIGIN_KEY_SECRET``; ``ValueError`` if it is too short."""
    key = _read(settings.origin_key_secret)
    if len(key.encode()) < MIN_KEY_BYTES:
        raise ValueError(f"the secret {settings.origin_key_secret} needs at least {MIN_KEY_BYTES} bytes")
    return key


def label_key(settings: LabelKeySettings) -> str:
    """The key of proofs of labels' sources; raises ``ValueError`` unless it is long enough to be one."""
    key = _read(settings.label_key_secret) if settings.label_key_secret else settings.label_key.get_secret_value()
    if len(key.encode()) < MIN_KEY_BYTES:
        raise ValueError(f"LABEL_KEY needs at least {MIN_KEY_BYTES} bytes; make one with `openssl rand -hex 32`")
    return key


def webhook_key(settings: WebhookKeySettings) -> str:
    """The key from which webhook secrets are derived; ``ValueError`` if it is too short."""
    key = _read(settings.webhook_key_secret) if settings.webhook_key_secret else settings.webhook_key.get_secret_value()
    if len(key.encode()) < MIN_KEY_BYTES:
        raise ValueError(f"WEBHOOK_KEY needs at least {MIN_KEY_BYTES} bytes; make one with `openssl rand -hex 32`")
    return key
