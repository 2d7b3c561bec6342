"""The bucket for large exports, whose objects expire after a day."""

from __future__ import annotations

from typing import cast

from aws_cdk import CfnElement, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from infra.stacks.findings import accept


class Exports(Construct):
    """The bucket and its write permissions."""

    def __init__(self, scope: Construct, name: str, *, emulated: bool) -> None:
        super().__init__(scope, name)
        day = Duration.days(1)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=day, abort_incomplete_multipart_upload_after=day)],
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=not emulated,  # otherwise the stack could not be deleted while an export exists
        )
        accept(self.bucket, "AwsSolutions-S1", "Its objects live for a day, and the application logs each export.")

    def grant_write_and_sign(self, function: lambda_.Function) -> None:
        """Let a function write objects and sign links to them; not list or delete any."""
        allowed = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject"]
        objects = [self.bucket.arn_for_objects("*")]
        function.add_to_role_policy(iam.PolicyStatement(actions=allowed, resources=objects))
        bucket = Stack.of(self).get_logical_id(cast(CfnElement, self.bucket.node.default_child))
        finding = f"AwsSolutions-IAM5[Resource::<{bucket}.Arn>/*]"
        accept(
            cast(IConstruct, function.role),
            finding,
            "Each export is an object of its own, whose name is not known before.",
        )
