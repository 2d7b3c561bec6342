"""The part of the Edge stack that LocalStack serves: its streams, buckets, queues and secrets.

The whole template is then deployed to the default emulator, where Lambdas and APIs run. Its streams and the rest
stay unused: each client is told which emulator serves its service.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from infra.local.stack.cloudformation import create_stack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient

STACK = "RiskData-local"
TYPES = ("AWS::Kinesis::Stream", "AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::SQS::Queue")


def deploy(client: CloudFormationClient, template: Mapping[str, Any]) -> dict[str, Any]:
    """Deploy that part to LocalStack; returns the template for the other emulator, with the same bucket names."""
    create_stack(client, STACK, part_of(template))
    found = client.describe_stack_resources(StackName=STACK)["StackResources"]
    names = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}
    whole = copy.deepcopy(dict(template))
    for logical, resource in whole["Resources"].items():
        if resource["Type"] == "AWS::S3::Bucket":
            resource["Properties"]["BucketName"] = names[logical]
    return whole


def part_of(template: Mapping[str, Any]) -> dict[str, Any]:
    """The template reduced to those resources, which refer to no others."""
    return {"Resources": {name: one for name, one in template["Resources"].items() if one["Type"] in TYPES}}
