"""The places that the system is deployed to, and all in which they differ."""

from __future__ import annotations

from dataclasses import dataclass

from infra.bundle import AWS, LOCAL, Target

PROJECT_TAG = "realtime-risk"


@dataclass(frozen=True)
class Stage:
    """One deployment of the system. ``account`` None is whichever the CDK is signed in to.

    ``mail_from`` is an address of an identity that SES has verified; without it no mail is sent. With ``openai_model``
    that model explains, by the key in the secret ``openai-api-key`` of this stage; without it the template does.
    """

    name: str
    target: Target
    region: str = "us-east-1"
    account: str | None = None
    suffix: str = ""
    events_shards: int = 1
    updates_shards: int = 1
    log_retention_days: int = 30
    tracing: bool = True
    access_logs: bool = True
    keep_data: bool = True
    valkey_tls: bool = True
    emulated: bool = False
    audit_retention_days: int = 7 * 365
    site_url: str = ""
    mail_from: str = ""
    openai_model: str = ""
    openai_base_url: str = ""

    def parameter(self, name: str) -> str:
        """Name an SSM parameter of this stage."""
        return f"/risk/{self.name}/{name}"

    def secret(self, name: str) -> str:
        """Name a secret of this stage."""
        return f"risk/{self.name}/{name}"

    @property
    def audit_origin(self) -> str:
        """The name of this stage's audit log, in every checkpoint of it."""
        return f"realtime-risk/{self.name}/audit"

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
    audit_retention_days=1,
)
DEV_STAGE = Stage(name="dev", target=AWS, suffix="-dev", events_shards=2, keep_data=False, audit_retention_days=1)

STAGES = {stage.name: stage for stage in (LOCAL_STAGE, DEV_STAGE)}
