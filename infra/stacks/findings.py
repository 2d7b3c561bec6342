"""Findings of cdk-nag that are accepted, each with its reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct

MANAGED_LOGS = (
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]"
)
"""The finding on a Lambda of the CDK's own that may write its log by AWS's policy for that."""


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept a finding of cdk-nag on a construct and what is under it, saying why."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
