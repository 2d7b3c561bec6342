"""Clients of other services, created and imported on first use so that cold starts are short."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from functions.api.http.access.rate_limiter import TIMEOUT_SECONDS, Limiter
from risk.adapters import valkey_live as live
from risk.config import secrets
from risk.config.settings import ApiSettings
from risk.domain.errors import InvalidInput, Unavailable
from risk.store.db.engine import create_pool

if TYPE_CHECKING:
    import redis
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_s3 import S3Client
    from sqlalchemy import Engine

    from functions.api.explanations.language_model.answering import Answering
    from functions.api.identity.mail import Mail
    from functions.api.identity.oidc import Provider
    from risk.audit.checkpoint import VerifierKey

MIN_KEY_BYTES = 32


class Services:
    """The clients of one running API."""

    def __init__(self, settings: ApiSettings) -> None:
        self.settings = settings

    @cached_property
    def database(self) -> Engine:
        """Postgres. A Lambda serves one request at a time; the second connection is for health."""
        settings = self.settings
        return create_pool(
            partial(secrets.database_url, settings), application="api", size=2, proxied=bool(settings.database_proxy)
        )

    @cached_property
    def live(self) -> redis.Redis:
        """Valkey."""
        return live.client_of(self.settings)

    @cached_property
    def limiter(self) -> Limiter:
        """The rate limiter's counters, on a connection with short timeouts."""
        client = live.client_of(self.settings, seconds=TIMEOUT_SECONDS)
        return Limiter(client)

    @cached_property
    def mail(self) -> Mail | None:
        """The mail sender, or None where mail is not configured."""
        from functions.api.identity.mail import SesMail

        return SesMail(self.settings.mail_from) if self.settings.mail_from else None

    @cached_property
    def oidc(self) -> Provider | None:
        """The identity provider, or None."""
        if not self.settings.oidc_issuer:
            return None
        from functions.api.identity.oidc import Provider

        return Provider(self.settings, secrets.oidc_client_secret(self.settings))

    @cached_property
    def answering(self) -> Answering | None:
        """The language model for explanations, or None."""
        settings = self.settings
        key = secrets.openai_api_key(settings) if settings.rag_enabled else ""
        if not key:
            return None
        from functions.api.explanations.language_model.answering import Answering

        return Answering.by(settings, key, self.live)

    @cached_property
    def kinesis(self) -> KinesisClient:
        """Kinesis. One quick attempt per call: ``put_records`` retries, and must end before the Lambda does."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "kinesis", config=Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
        )

    @cached_property
    def storage(self) -> S3Client:
        """S3, for exports too large for a response."""
        import boto3
        from botocore.config import Config

        # Links to the bucket's own region: those to the global host fail outside us-east-1 until it has learnt of it.
        where: Any = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
        return boto3.client("s3", config=Config(connect_timeout=1, read_timeout=5, signature_version="s3v4", s3=where))

    @cached_property
    def signing_key(self) -> str:
        """The key that signs access tokens; ``ValueError`` if it is too short."""
        key = secrets.signing_key(self.settings)
        if len(key.encode()) < MIN_KEY_BYTES:
            raise ValueError(f"SECRET_KEY needs at least {MIN_KEY_BYTES} bytes; make one with `openssl rand -hex 32`")
        return key

    @cached_property
    def origin_key(self) -> str:
        """The secret header by which CloudFront is recognized."""
        return secrets.origin_key(self.settings)

    @cached_property
    def webhook_key(self) -> str:
        """The key from which webhook secrets are derived."""
        return secrets.webhook_key(self.settings)

    @cached_property
    def label_key(self) -> str:
        """The key that proves to the engine that a label is the API's."""
        return secrets.label_key(self.settings)

    @cached_property
    def audit_key(self) -> VerifierKey:
        """The public key of the audit log's checkpoints; ``Unavailable`` if none is configured."""
        from risk.adapters import checkpoint_signers

        try:
            return checkpoint_signers.verifier_key(self.settings)
        except InvalidInput as error:
            raise Unavailable(f"checkpoints cannot be verified: {error.detail}") from error

    def kept_checkpoint(self) -> str | None:
        """The newest audit checkpoint in its bucket; None if there is none."""
        from risk.adapters.checkpoint_bucket import bucket_client, newest_kept

        return newest_kept(bucket_client(), self.settings.audit_bucket) if self.settings.audit_bucket else None

    def close(self) -> None:
        """Close whatever was opened."""
        opened = vars(self)
        if "database" in opened:
            self.database.dispose()
        if "live" in opened:
            self.live.close()
        if "limiter" in opened:
            self.limiter.client.close()
        if opened.get("answering") is not None:
            opened["answering"].close()
        if "kinesis" in opened:
            self.kinesis.close()
        if "storage" in opened:
            self.storage.close()
