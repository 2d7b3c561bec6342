"""Deployment stages and their settings.

Every setting can be overridden in the stage file or at synthesis (``infra/stage_file.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from infra.bundle import AWS, LOCAL, Target

PROJECT_TAG = "realtime-risk"

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Level = Annotated[float, Field(gt=0, lt=1)]
LogDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 400, 545, 731]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One deployment of the system. ``account`` None is whichever the CDK is signed in to.

    The number 0 switches a feature off. Without ``nat_gateways`` functions leave the network by IPv6 only, which
    costs nothing, and the engine has a public address that nothing can connect to. With ``streams_on_demand`` shards
    follow the load. ``engine_processes`` share the scoring, each on a vCPU of its own; ``engine_profiles`` of each
    kind stay in their memory. ``engine_tag`` has no default: the image must be pushed and named first.
    ``mail_from`` is an address of an identity that SES has verified;
    without it no mail is sent. ``site_url`` follows from ``domain_name``, if there is one.
    With ``openai_model`` that model explains, by the key in the secret ``risk/<stage>/openai-api-key``, from knowledge
    that is searched with the vectors of ``openai_embedding_model``, if there is one; without it the template explains.
    """

    # identity
    name: str
    target: Target
    emulated: bool = False
    region: str = "us-east-1"
    account: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None
    suffix: str = ""
    keep_data: bool = True

    # the network
    availability_zones: Annotated[int, Field(ge=2, le=3)] = 2
    nat_gateways: Annotated[int, Field(ge=0, le=3)] = 1
    private_endpoints: bool = False
    flow_logs: bool = True

    # the data
    database_class: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9]+$")] = "t4g.micro"
    database_storage_gb: Annotated[int, Field(ge=20, le=65_536)] = 20
    database_max_storage_gb: Annotated[int, Field(ge=20, le=65_536)] = 100
    database_multi_az: bool = False
    database_backup_days: Annotated[int, Field(ge=1, le=35)] = 1
    database_rotation_days: Annotated[int, Field(ge=0, le=365)] = 30
    database_proxy: bool = True
    own_keys: bool = True
    valkey_class: Annotated[str, Field(pattern=r"^cache\.[a-z0-9-]+\.[a-z0-9]+$")] = "cache.t4g.micro"
    valkey_replicas: Annotated[int, Field(ge=0, le=5)] = 0
    valkey_tls: bool = True
    audit_retention_days: Positive = 7 * 365
    retention_months: Count = 0

    # the streams and the functions
    events_shards: Positive = 1
    updates_shards: Positive = 1
    streams_on_demand: bool = False
    stream_retention_hours: Annotated[int, Field(ge=24, le=8_760)] = 24
    updates_fan_out: bool = False
    broadcast_concurrency: Count = 0
    snap_start: bool = True
    requests_per_second: Positive = 500

    # the engine
    engine_architecture: Literal["arm64", "x86_64"] = "arm64"
    engine_cpu: Literal[512, 1024, 2048, 4096, 8192] = 1024
    engine_memory: Annotated[int, Field(ge=2_048, le=61_440)] = 4_096
    engine_processes: Annotated[int, Field(ge=1, le=8)] = 1
    engine_profiles: Annotated[int, Field(ge=1)] = 200_000
    engine_spot: bool = False
    engine_tag: Annotated[str, Field(pattern=r"^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$")] = ""
    stream_epoch: str = "1"
    event_source: Literal["kinesis", "kafka"] = "kinesis"
    kafka_brokers: str = ""
    kafka_topic: str = "risk-events"
    kafka_group: str = "realtime-risk"
    kafka_security_protocol: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = "sasl_ssl"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"

    # the product
    site_url: Annotated[str, Field(pattern=r"^(https://[^/\s]+)?$")] = ""
    mail_from: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    registration_open: bool = False
    rule_approval: bool = False
    access_token_minutes: Annotated[int, Field(ge=1, le=1_440)] = 15
    refresh_token_days: Annotated[int, Field(ge=1, le=90)] = 7
    session_days: Annotated[int, Field(ge=1, le=365)] = 30
    rate_limit_user: Count = 3_000
    rate_limit_key: Count = 30_000
    rate_limit_address: Count = 6_000
    risk_low_threshold: Level = 0.3
    risk_medium_threshold: Level = 0.5
    risk_high_threshold: Level = 0.8
    openai_model: str = ""
    openai_embedding_model: str = "text-embedding-3-small"
    openai_base_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    oidc_issuer: Annotated[str, Field(pattern=r"^(https://\S+)?$")] = ""
    oidc_client_id: str = ""
    oidc_scopes: str = "openid email profile"
    oidc_groups_claim: str = "groups"
    oidc_group_roles: Mapping[str, Literal["admin", "analyst", "viewer"]] = Field(default_factory=dict)
    oidc_default_role: Literal["", "admin", "analyst", "viewer"] = ""

    # the web
    domain_name: str = ""
    certificate_arn: str = ""
    waf: bool = False
    web_acl_arn: str = ""

    # operations
    log_retention_days: LogDays = 30
    tracing: bool = True
    access_logs: bool = True
    dashboard: bool = True
    container_insights: bool = True
    alarm_email: Annotated[str, Field(pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""
    monthly_budget_usd: Count = 0

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.risk_low_threshold < self.risk_medium_threshold < self.risk_high_threshold:
            raise ValueError("risk_low_threshold, risk_medium_threshold and risk_high_threshold must rise")
        if self.nat_gateways > self.availability_zones:
            raise ValueError("nat_gateways must not be more than availability_zones")
        if self.engine_processes > max(1, self.engine_cpu // 1024):
            raise ValueError("engine_processes must not be more than the vCPUs of the engine (engine_cpu / 1024)")
        if not self.nat_gateways and self.database_rotation_days:
            raise ValueError("database_rotation_days must be 0 without nat_gateways: AWS's function needs IPv4")
        if self.database_max_storage_gb < self.database_storage_gb:
            raise ValueError("database_max_storage_gb must not be less than database_storage_gb")
        if bool(self.domain_name) != bool(self.certificate_arn):
            raise ValueError("domain_name and certificate_arn (of ACM in us-east-1) go together")
        if self.waf and self.region != "us-east-1":
            raise ValueError("waf makes its rules in us-east-1 only: give web_acl_arn of one that is there instead")
        if self.oidc_issuer and not (self.oidc_client_id and self.public_url):
            raise ValueError("oidc_issuer needs oidc_client_id, and site_url or domain_name")
        if self.openai_base_url.startswith("http://") and not self.emulated:
            raise ValueError("openai_base_url must begin with https://: evidence and key are sent there")
        if self.event_source == "kafka" and not self.kafka_brokers:
            raise ValueError("event_source=kafka needs kafka_brokers: host:port, several separated by commas")
        return self

    @property
    def kafka_login(self) -> bool:
        """Whether the engine authenticates to Kafka, with the secret ``risk/<stage>/kafka``."""
        return self.event_source == "kafka" and self.kafka_security_protocol.startswith("sasl")

    @property
    def public_url(self) -> str:
        """The URL of the dashboard; empty if not configured."""
        return self.site_url or (f"https://{self.domain_name}" if self.domain_name else "")

    @property
    def audit_origin(self) -> str:
        """The name of this stage's audit log in its checkpoints."""
        return f"realtime-risk/{self.name}/audit"

    def parameter(self, name: str) -> str:
        """Name an SSM parameter of this stage."""
        return f"/risk/{self.name}/{name}"

    def secret(self, name: str) -> str:
        """Name a secret of this stage."""
        return f"risk/{self.name}/{name}"

    def stream(self, name: str) -> str:
        """Name a Kinesis stream of this stage."""
        return f"{name}{self.suffix}"


LOCAL_STAGE = Stage(
    name="local",
    target=LOCAL,
    account="000000000000",
    log_retention_days=1,
    tracing=False,
    access_logs=False,
    keep_data=False,
    valkey_tls=False,
    emulated=True,
    snap_start=False,
    registration_open=True,
    audit_retention_days=1,
)
DEV_STAGE = Stage(
    name="dev",
    target=AWS,
    suffix="-dev",
    keep_data=False,
    audit_retention_days=1,
)
PROD_STAGE = Stage(
    name="prod",
    target=AWS,
    suffix="-prod",
    nat_gateways=2,
    private_endpoints=True,
    database_class="m7g.large",
    database_storage_gb=100,
    database_max_storage_gb=1_000,
    database_multi_az=True,
    database_backup_days=35,
    valkey_class="cache.t4g.small",
    valkey_replicas=1,
    retention_months=24,
    events_shards=2,
    updates_shards=2,
    stream_retention_hours=168,
    updates_fan_out=True,
    broadcast_concurrency=20,
    engine_cpu=2048,
    engine_memory=8_192,
    waf=True,
    log_retention_days=365,
    monthly_budget_usd=1_000,
)

TINY_STAGE = Stage(
    name="tiny",
    target=AWS,
    suffix="-tiny",
    keep_data=False,
    audit_retention_days=1,
    nat_gateways=0,
    flow_logs=False,
    database_proxy=False,
    database_rotation_days=0,
    own_keys=False,
    snap_start=False,
    requests_per_second=50,
    engine_cpu=512,
    engine_memory=2_048,
    engine_spot=True,
    log_retention_days=7,
    tracing=False,
    dashboard=False,
    container_insights=False,
    monthly_budget_usd=90,
)

STAGES = {stage.name: stage for stage in (LOCAL_STAGE, DEV_STAGE, PROD_STAGE, TINY_STAGE)}
