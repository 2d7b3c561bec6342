"""What of the Edge stack LocalStack serves: its streams, buckets, queues and secrets, as the template has them.

The whole template is then deployed to the default emulator, where the Lambdas and the APIs run. Streams and the rest
are there too, and unused: each client is told which emulator serves its service.
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
    """Deploy that part to LocalStack, and give the template for the other one: with the same names of buckets."""
    create_stack(client, STACK, part_of(template))
    found = client.describe_stack_resources(StackName=STACK)["StackResources"]
    names = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found}
    whole = copy.deepcopy(dict(template))
    for logical, resource in whole["Resources"].items():
        if resource["Type"] == "AWS::S3::Bucket":
            resource["Properties"]["BucketName"] = names[logical]
    return whole


def part_of(template: Mapping[str, Any]) -> dict[str, Any]:
    """The template of those resources alone, which refer to no others."""
    return {"Resources": {name: one for name, one in template["Resources"].items() if one["Type"] in TYPES}}
