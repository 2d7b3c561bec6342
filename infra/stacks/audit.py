"""The audit log's part of the Edge stack: signing key, bucket with Object Lock, verification."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.stacks.schedules import schedule
from infra.stages import Stage

CHECKPOINTS = "audit-checkpoint"
CHECK = "audit-check"
"""The task of maintenance that takes a checkpoint."""


class AuditTrail(Construct):
    """A signing key, a bucket with Object Lock, and a checkpoint every minute.

    On a laptop the key is a file beside the data, because it must outlive the emulator.
    """

    def __init__(self, scope: Construct, name: str, *, stage: Stage, key_file: str) -> None:
        super().__init__(scope, name)
        self._stage = stage
        self.bucket = self._bucket()
        self.key = None if stage.emulated else self._key()
        self.environment = {"AUDIT_ORIGIN": stage.audit_origin}
        if self.key is None:
            self.environment["AUDIT_KEY_FILE"] = key_file
        else:
            self.environment["AUDIT_KEY_ID"] = self.key.key_arn

    def _bucket(self) -> s3.Bucket:
        retention = Duration.days(self._stage.audit_retention_days)
        lock = s3.ObjectLockRetention.compliance if self._stage.keep_data else s3.ObjectLockRetention.governance
        return s3.Bucket(
            self,
            "Bucket",
            object_lock_enabled=True,
            object_lock_default_retention=lock(retention),
            versioned=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            # Locked objects cannot be deleted anyway, so the bucket is retained.
            removal_policy=RemovalPolicy.DESTROY if self._stage.emulated else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )

    def _key(self) -> kms.Key:
        return kms.Key(
            self,
            "Key",
            description=f"Signs checkpoints of the audit log of {self._stage.name}",
            key_spec=kms.KeySpec.ECC_NIST_EDWARDS25519,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            alias=f"alias/risk-{self._stage.name}-audit",
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )

    def let_verify(self, function: lambda_.Function) -> None:
        """Let a function read the public key and the kept checkpoints, and no more."""
        self._configure(function)
        self._let_read(function)
        if self.key:
            self.key.grant(function, "kms:GetPublicKey")

    def let_sign(self, function: lambda_.Function) -> None:
        """Let a function sign and keep checkpoints. It can neither change nor delete one."""
        self._configure(function)
        self._let_read(function)
        checkpoints = self.bucket.arn_for_objects("checkpoints/*")
        function.add_to_role_policy(iam.PolicyStatement(actions=["s3:PutObject"], resources=[checkpoints]))
        if self.key:
            self.key.grant(function, "kms:GetPublicKey", "kms:Sign")

    def _let_read(self, function: lambda_.Function) -> None:
        function.add_environment("AUDIT_BUCKET", self.bucket.bucket_name)
        checkpoints = self.bucket.arn_for_objects("checkpoints/*")
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["s3:ListBucket", "s3:ListBucketVersions"], resources=[self.bucket.bucket_arn])
        )
        function.add_to_role_policy(
            iam.PolicyStatement(actions=["s3:GetObject", "s3:GetObjectVersion"], resources=[checkpoints])
        )

    def _configure(self, function: lambda_.Function) -> None:
        for name, value in self.environment.items():
            function.add_environment(name, value)

    def every_minute(self, function: lambda_.Function) -> None:
        """Have ``function`` take a checkpoint every minute. Alarms fire when it fails or does not run."""
        schedule(
            self,
            "EveryMinute",
            function,
            task=CHECKPOINTS,
            every=Duration.minutes(1),
            description="A checkpoint of the audit log",
        )

    def every_day(self, function: lambda_.Function) -> None:
        """Have ``function`` verify the whole log against the kept checkpoints every day."""
        schedule(
            self,
            "EveryDay",
            function,
            task=CHECK,
            every=Duration.days(1),
            description="The whole audit log against the checkpoints that were kept",
        )
