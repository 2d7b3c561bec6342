"""Typed settings from the environment, one class per deployable.

Secrets are given directly (on a laptop) or as the name of a Secrets Manager secret (in AWS), which
``risk.config.secrets`` resolves; a name wins over a value. ``.env.example`` documents every setting.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from risk.domain.assessment import Thresholds
from risk.domain.permissions import Role


class CommonSettings(BaseSettings):
    """Settings of every part of the system."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, defer_build=True)

    app_name: str = "Real-Time Risk Management System"
    debug: bool = False
    stage: str = "local"


class ThresholdSettings(CommonSettings):
    """The initial thresholds of a new installation; later ones are in the database."""

    risk_low_threshold: float = 0.3
    risk_medium_threshold: float = 0.5
    risk_high_threshold: float = 0.8

    @model_validator(mode="after")
    def _rising(self) -> Self:
        self.thresholds  # noqa: B018  (its own validation speaks)
        return self

    @property
    def thresholds(self) -> Thresholds:
        """The three settings as one validated value."""
        return Thresholds(
            low=self.risk_low_threshold,
            medium=self.risk_medium_threshold,
            high=self.risk_high_threshold,
        )


class DatabaseSettings(CommonSettings):
    """Postgres: a URL, or a secret in RDS's format.

    ``database_proxy`` is the host of an RDS Proxy to use instead of the secret's host.
    """

    database_url: SecretStr = SecretStr("")
    database_secret: str = ""
    database_proxy: str = ""
    database_tls: bool = False


class LiveSettings(CommonSettings):
    """Valkey, and the user that signs in: name and password, or a secret with ``username`` and ``password``."""

    redis_host: str = "127.0.0.1"
    redis_port: int = 6379
    redis_tls: bool = False
    redis_username: str = ""
    redis_password: SecretStr = SecretStr("")
    redis_secret: str = ""


class WebhookKeySettings(CommonSettings):
    """Webhook signing key, and whether internal addresses are allowed."""

    webhook_key: SecretStr = SecretStr("")
    webhook_key_secret: str = ""
    webhook_private_targets: bool = False


class LabelKeySettings(CommonSettings):
    """What proves to the engine that a label is the API's: it alone may name analysts and alerts as sources."""

    label_key: SecretStr = SecretStr("")
    label_key_secret: str = ""


class AuditSettings(CommonSettings):
    """Who signs checkpoints of the audit log: a key of AWS KMS, or a key in a file (PEM) on a laptop.

    ``audit_origin`` names the log in every checkpoint, and must not change once there is one. Checkpoints are kept in
    ``audit_bucket``, if one is named. ``audit_earlier_keys`` are public keys (``name+hash+base64``, separated by
    spaces) that signed before this one did.
    """

    audit_origin: str = "realtime-risk/local/audit"
    audit_key_id: str = ""
    audit_key_file: str = ""
    audit_bucket: str = ""
    audit_earlier_keys: str = ""


class ModelSettings(CommonSettings):
    """The language model that explains, with ``rag_enabled`` and if it has a key; without it the template does.

    It has ``openai_seconds``, and so many tokens and dollars a day (0 is no limit), at prices for a million tokens.
    What tells of a person leaves only with ``rag_personal_data``. Without ``openai_embedding_model`` knowledge is
    searched by full text alone.
    """

    rag_enabled: bool = False
    rag_personal_data: bool = False
    openai_api_key: SecretStr = SecretStr("")
    openai_api_key_secret: str = ""
    openai_base_url: str = ""
    openai_model: str = "gpt-4.1-mini"
    openai_embedding_model: str = "text-embedding-3-small"
    openai_seconds: Annotated[float, Field(gt=0, le=25)] = 20.0
    openai_tokens_per_day: Annotated[int, Field(ge=0)] = 1_000_000
    openai_dollars_per_day: Annotated[float, Field(ge=0)] = 5.0
    openai_price_read: Annotated[float, Field(ge=0)] = 0.4
    openai_price_written: Annotated[float, Field(ge=0)] = 1.6
    openai_price_embedded: Annotated[float, Field(ge=0)] = 0.02


class ApiSettings(
    DatabaseSettings,
    LiveSettings,
    LabelKeySettings,
    ThresholdSettings,
    WebhookKeySettings,
    AuditSettings,
    ModelSettings,
):
    """The ``api`` Lambda.

    The three rate limits are requests a minute, 0 for none. ``trusted_proxies`` is how many proxies in front of the
    server add the address of their client to ``X-Forwarded-For``; with ``origin_key_secret`` nobody gets around them.
    Events are put off while the engine is ``shed_seconds_behind`` the stream; 0 takes them however far it is.
    """

    secret_key: SecretStr = SecretStr("")
    secret_key_secret: str = ""
    access_token_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 15
    refresh_token_days: Annotated[int, Field(ge=1, le=90)] = 7
    session_days: Annotated[int, Field(ge=1, le=365)] = 30
    registration_open: bool = True
    site_url: str = ""
    mail_from: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_client_secret_secret: str = ""
    oidc_scopes: str = "openid email profile"
    oidc_groups_claim: str = "groups"
    oidc_group_roles: dict[str, Role] = {}
    oidc_default_role: Role | None = None
    origin_key_secret: str = ""
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0
    rate_limit_user: Annotated[int, Field(ge=0)] = 3_000
    rate_limit_key: Annotated[int, Field(ge=0)] = 30_000
    rate_limit_address: Annotated[int, Field(ge=0)] = 6_000
    shed_seconds_behind: Annotated[int, Field(ge=0)] = 60
    rule_approval: bool = False
    cors_origins: Annotated[list[str], NoDecode] = []
    events_stream: str = "risk-events"
    updates_stream: str = "risk-updates"
    exports_bucket: str = ""
    uploads_bucket: str = ""

    @model_validator(mode="before")
    @classmethod
    def _read_texts(cls, values: dict[str, object]) -> dict[str, object]:
        if values.get("oidc_default_role") == "":
            values["oidc_default_role"] = None
        origins = values.get("cors_origins")
        if isinstance(origins, str):
            values["cors_origins"] = [origin.strip() for origin in origins.split(",") if origin.strip()]
        return values


class MaintenanceSettings(DatabaseSettings, AuditSettings):
    """The ``maintenance`` Lambda.

    Assessments are kept for ``retention_months`` after the month of their scoring, 0 for ever. Migrations let the roles
    of the database sign in as the secrets say that are named ``database_role_secrets`` and then the role.
    """

    database_role_secrets: str = ""
    updates_stream: str = "risk-updates"
    site_url: str = ""
    retention_months: Annotated[int, Field(ge=0)] = 0


class ImporterSettings(DatabaseSettings):
    """The importer: it reads the files of ``uploads_bucket``."""

    uploads_bucket: str = ""
    updates_stream: str = "risk-updates"


class RealtimeSettings(LiveSettings):
    """The ``websocket`` and ``broadcast`` Lambdas.

    ``ws_management_url`` is the base of the ``@connections`` API.
    """

    ws_management_url: str = ""


class WebhookSettings(DatabaseSettings, WebhookKeySettings):
    """The ``webhooks`` Lambda. Times in seconds unless the name says otherwise.

    ``site_url`` is where the dashboard is: messages link to their alert there.

    ``webhook_work_seconds`` is how long one run goes on; it must end before the Lambda does.
    """

    site_url: str = ""
    webhook_timeout: Annotated[float, Field(gt=0, le=30)] = 10.0
    webhook_first_wait: Annotated[float, Field(gt=0)] = 5.0
    webhook_give_up_hours: Annotated[float, Field(gt=0)] = 24.0
    webhook_work_seconds: Annotated[float, Field(gt=0)] = 45.0


class KafkaSettings(CommonSettings):
    """Where Kafka is and how to be let in. ``kafka_brokers`` are ``host:port``, separated by commas.

    User and password are given, or named by ``kafka_secret``: a secret in the format of Amazon MSK. Certificates and
    keys are files in PEM; without ``kafka_ca_file``, the certificate authorities that the machine trusts are.
    """

    kafka_brokers: str = ""
    kafka_topic: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,249}$")] = "risk-events"
    kafka_group: Annotated[str, Field(min_length=1)] = "realtime-risk"
    kafka_security_protocol: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = "plaintext"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_secret: str = ""
    kafka_ca_file: str = ""
    kafka_certificate_file: str = ""
    kafka_key_file: str = ""


class EventSource(StrEnum):
    """Where events come from."""

    KINESIS = "kinesis"
    KAFKA = "kafka"


class EngineSettings(DatabaseSettings, LiveSettings, LabelKeySettings, ThresholdSettings, KafkaSettings):
    """The streaming container. Times in seconds unless the name says otherwise.

    With ``cloudwatch_metrics`` the log holds a line a minute that CloudWatch reads as metrics.
    ``engine_processes`` share the scoring by account: Pathway runs eight without a licence key.
    ``engine_profiles`` of each kind of key are kept in memory; the least recently used are let go and read again.
    ``stream_epoch`` names the incarnation of the stream: positions in an earlier one mean nothing in a new one.
    """

    event_source: EventSource = EventSource.KINESIS
    events_stream: str = "risk-events"
    updates_stream: str = "risk-updates"
    stream_epoch: str = "1"
    engine_host: str = "0.0.0.0"  # noqa: S104  (inside a container)
    engine_port: int = 8080
    cloudwatch_metrics: bool = False
    engine_processes: Annotated[int, Field(ge=1, le=8)] = 1
    engine_profiles: Annotated[int, Field(ge=1)] = 200_000
    poll_interval: float = 0.2
    snapshot_interval: float = 2.0
    lease_seconds: float = 6.0

    @model_validator(mode="after")
    def _knows_kafka(self) -> Self:
        if self.event_source is EventSource.KAFKA and not self.kafka_brokers:
            raise ValueError("EVENT_SOURCE=kafka needs KAFKA_BROKERS: host:port, several separated by commas")
        return self
