"""Creating a stack from a template, and waiting for it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from infra.local.stack.processes import LocalError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient

_BUILD_SECONDS = 60


def create_stack(client: CloudFormationClient, name: str, template: Mapping[str, Any]) -> dict[str, str]:
    """Create a stack and return its outputs; ``LocalError`` names what could not be created."""
    compact = json.dumps(template, separators=(",", ":"))
    client.create_stack(StackName=name, TemplateBody=compact, Capabilities=["CAPABILITY_NAMED_IAM"])
    deadline = time.monotonic() + _BUILD_SECONDS
    while (stack := client.describe_stacks(StackName=name)["Stacks"][0])["StackStatus"] == "CREATE_IN_PROGRESS":
        if time.monotonic() > deadline:
            raise LocalError(f"{name} was not deployed after {_BUILD_SECONDS} s. See the emulator's log.")
        time.sleep(0.05)
    if stack["StackStatus"] != "CREATE_COMPLETE":
        events = client.describe_stack_events(StackName=name)["StackEvents"]
        failed = [event for event in events if event.get("ResourceStatus") == "CREATE_FAILED"]
        lines = [f"    {event.get('LogicalResourceId')}: {event.get('ResourceStatusReason')}" for event in failed]
        raise LocalError("\n".join([f"{name} could not be deployed ({stack['StackStatus']}).", *lines]))
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
