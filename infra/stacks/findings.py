"""Findings of cdk-nag that are accepted, each with its reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct

MANAGED_LOGS = (
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]"
)
"""The finding on the CDK's own Lambda, whose logging uses an AWS managed policy."""


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept a cdk-nag finding on a construct and its children, with a reason."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
