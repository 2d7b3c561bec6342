"""The bucket for uploaded files of imports: browsers send parts straight to it, by signed addresses."""

from __future__ import annotations

from typing import cast

from aws_cdk import CfnElement, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from infra.stacks.findings import accept

KEPT = Duration.days(7)
OBJECTS = "imports/*"


class Uploads(Construct):
    """The bucket, and who may read and write it. Its objects are kept for a week: an import may be long."""

    def __init__(self, scope: Construct, name: str, *, site: str, emulated: bool) -> None:
        """``site`` is the origin of the dashboard, if it is known when the stack is deployed."""
        super().__init__(scope, name)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            # An address is signed for one part of one file: the origin adds nothing to that.
            cors=[s3.CorsRule(allowed_methods=[s3.HttpMethods.PUT], allowed_origins=[site or "*"], max_age=3_600)],
            lifecycle_rules=[s3.LifecycleRule(expiration=KEPT, abort_incomplete_multipart_upload_after=KEPT)],
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=not emulated,  # otherwise the stack could not be deleted while an upload exists
        )
        accept(self.bucket, "AwsSolutions-S1", "Its objects live for a week, and the application logs each upload.")

    def grant_sign(self, role: iam.IRole) -> None:
        """Let the API sign parts of uploads and links to refused rows, and complete uploads."""
        self._grant(role, "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:GetObject")

    def grant_import(self, role: iam.IRole) -> None:
        """Let the importer read uploaded files, and keep the refused rows beside them."""
        self._grant(role, "s3:GetObject", "s3:PutObject")

    def _grant(self, role: iam.IRole, *actions: str) -> None:
        objects = [self.bucket.arn_for_objects(OBJECTS)]
        role.add_to_principal_policy(iam.PolicyStatement(actions=list(actions), resources=objects))
        finding = f"AwsSolutions-IAM5[Resource::{self._named_in(Stack.of(role))}/{OBJECTS}]"
        accept(cast(IConstruct, role), finding, "Each upload has a key of its own.")

    def _named_in(self, stack: Stack) -> str:
        """How a template of ``stack`` refers to the bucket."""
        own = Stack.of(self)
        if stack is own:
            return f"<{own.get_logical_id(cast(CfnElement, self.bucket.node.default_child))}.Arn>"
        exported = own.export_value(self.bucket.bucket_arn)
        return cast(str, stack.resolve(exported)["Fn::ImportValue"])
