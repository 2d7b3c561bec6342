"""Each call to AWS that the code makes is allowed to the role that makes it, and each allowed action is of a call.

The calls are found in the sources: the operations of boto3's clients, whatever runs in a test or not. Moto's evaluator
of policies judges them. It looks at actions and resources and knows no conditions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from moto.iam.access_control import IAMPolicy, PermissionResult

from infra import PROJECT
from infra.stacks.data import ROLES
from tests.infra.templates import Template, of_type

Stacks = dict[str, Template]
Stages = dict[str, Stacks]
EVENTS, UPDATES = "stream/risk-events", "stream/risk-updates"

# Who calls what, on which kind of thing: (action, part of the resource's ARN or name in the template).
CALLS: dict[str, set[tuple[str, str]]] = {
    "Api": {
        ("secretsmanager:GetSecretValue", "database/api"),
        ("secretsmanager:GetSecretValue", "valkey/api"),
        ("secretsmanager:GetSecretValue", "SecretKey"),
        ("secretsmanager:GetSecretValue", "WebhookKey"),
        ("secretsmanager:GetSecretValue", "OriginKey"),
        ("kinesis:PutRecords", "Events"),
        ("kinesis:PutRecords", "Updates"),
        ("s3:PutObject", "Exports"),  # create_multipart_upload, upload_part, complete_multipart_upload
        ("s3:AbortMultipartUpload", "Exports"),
        ("s3:GetObject", "Exports"),  # whoever has a link acts as who signed it
        ("kms:GetPublicKey", "Audit"),
        ("s3:ListBucket", "Audit"),
        ("s3:ListBucketVersions", "Audit"),
        ("s3:GetObject", "Audit"),
        ("s3:GetObjectVersion", "Audit"),
    },
    "Websocket": {
        ("execute-api:ManageConnections", "WebSocketApi"),
        ("secretsmanager:GetSecretValue", "valkey/websocket"),
    },
    "Broadcast": {
        ("execute-api:ManageConnections", "WebSocketApi"),
        ("secretsmanager:GetSecretValue", "valkey/broadcast"),
    },
    "Webhooks": {
        ("secretsmanager:GetSecretValue", "database/webhooks"),
        ("secretsmanager:GetSecretValue", "WebhookKey"),
    },
    "Maintenance": {
        ("secretsmanager:GetSecretValue", "database/maintenance"),
        ("kinesis:PutRecords", "Updates"),
        ("kms:GetPublicKey", "Audit"),
        ("kms:Sign", "Audit"),
        ("s3:ListBucket", "Audit"),
        ("s3:ListBucketVersions", "Audit"),
        ("s3:GetObject", "Audit"),
        ("s3:GetObjectVersion", "Audit"),
        ("s3:PutObject", "Audit"),
    },
    "Migrations": {
        ("secretsmanager:GetSecretValue", "database"),
        *(("secretsmanager:GetSecretValue", f"database/{role}") for role in ROLES),
    },
    "TaskTask": {
        ("secretsmanager:GetSecretValue", "database/engine"),
        ("secretsmanager:GetSecretValue", "valkey/engine"),
        ("kinesis:ListShards", "Events"),
        ("kinesis:GetShardIterator", "Events"),
        ("kinesis:GetRecords", "Events"),
        ("kinesis:PutRecords", "Updates"),
    },
}
# Where the calls of each are in the sources.
SOURCES = {
    "Api": ("functions/api", "risk/adapters", "risk/config"),
    "Websocket": ("functions/websocket", "risk/config"),
    "Broadcast": ("functions/broadcast", "risk/config"),
    "Webhooks": ("functions/webhooks", "risk/config"),
    "Maintenance": ("functions/maintenance", "risk/adapters", "risk/config"),
    "Migrations": ("functions/maintenance", "risk/adapters", "risk/config"),
    "TaskTask": ("streaming/engine", "risk/adapters", "risk/config"),
}
OPERATIONS = {
    "secretsmanager:GetSecretValue": ("get_secret_value",),
    "kinesis:PutRecords": ("put_records",),
    "kinesis:ListShards": ("list_shards",),
    "kinesis:GetShardIterator": ("get_shard_iterator",),
    "kinesis:GetRecords": ("get_records",),
    "s3:PutObject": ("put_object", "create_multipart_upload"),
    "s3:AbortMultipartUpload": ("abort_multipart_upload",),
    "s3:GetObject": ("get_object",),
    "s3:GetObjectVersion": ("VersionId",),
    "s3:ListBucket": ("list_objects_v2",),
    "s3:ListBucketVersions": ("list_object_versions",),
    "kms:GetPublicKey": ("get_public_key",),
    "kms:Sign": (".sign(",),
    "execute-api:ManageConnections": ("post_to_connection", "delete_connection"),
}
# Allowed, and in no call of the code.
BESIDE = {
    "logs:CreateLogStream": "Lambda writes the log",
    "logs:PutLogEvents": "Lambda writes the log",
    "xray:PutTraceSegments": "Lambda writes the trace",
    "xray:PutTelemetryRecords": "Lambda writes the trace",
    "secretsmanager:DescribeSecret": "the CDK allows it with GetSecretValue",
    "kinesis:DescribeStream": "Lambda reads the stream for the function",
    "kinesis:DescribeStreamConsumer": "Lambda reads the stream for the function",
    "kinesis:DescribeStreamSummary": "Lambda reads the stream for the function",
    "kinesis:ListStreams": "Lambda reads the stream for the function",
    "kinesis:SubscribeToShard": "Lambda reads the stream for the function",
    "kinesis:ListShards": "Lambda reads the stream for the function",
    "kinesis:GetShardIterator": "Lambda reads the stream for the function",
    "kinesis:GetRecords": "Lambda reads the stream for the function",
    "sqs:SendMessage": "Lambda writes what failed",
    "sqs:GetQueueAttributes": "the CDK allows it with SendMessage",
    "sqs:GetQueueUrl": "the CDK allows it with SendMessage",
    "ec2:CreateNetworkInterface": "Lambda puts the function into the network",
    "ec2:DescribeNetworkInterfaces": "Lambda puts the function into the network",
    "ec2:DescribeSubnets": "Lambda puts the function into the network",
    "ec2:DeleteNetworkInterface": "Lambda puts the function into the network",
    "ec2:AssignPrivateIpAddresses": "Lambda puts the function into the network",
    "ec2:UnassignPrivateIpAddresses": "Lambda puts the function into the network",
}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def flattened(resource: Any) -> str:
    """A resource of a statement as text: references become the names of what they refer to."""
    if isinstance(resource, str):
        return resource
    ((function, value),) = resource.items()
    if function == "Fn::Join":
        return "".join(flattened(part) for part in value[1])
    if function == "Fn::GetAtt":
        return f"<{value[0]}>"
    return "<" + re.sub(r"[^\w:/.-]", "", value if isinstance(value, str) else json.dumps(value)) + ">"


def allowed(stacks: Stacks, role: str) -> Iterator[tuple[str, str]]:
    """Each (action, resource) that the policies of a role allow."""
    for template in (stacks["edge"], stacks["scoring"]):
        for policy in of_type(template, "AWS::IAM::Policy").values():
            if not any(re.match(rf"{role}Role[0-9A-F]{{8}}$", one["Ref"]) for one in policy["Roles"]):
                continue
            for statement in policy["PolicyDocument"]["Statement"]:
                assert statement["Effect"] == "Allow"
                for action in listed(statement["Action"]):
                    for resource in listed(statement["Resource"]):
                        yield action, flattened(resource)


def missing(stacks: Stacks, role: str) -> list[tuple[str, str]]:
    """The calls of a role that its policies do not allow, judged one by one."""
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": resource.replace("?", "x")}
        for action, resource in allowed(stacks, role)
    ]
    policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    found = []
    for action, thing in sorted(CALLS[role]):
        targets = {one["Resource"] for one in statements if thing in one["Resource"]}
        granted = [one for one in targets if policy.is_action_permitted(action, one) is PermissionResult.PERMITTED]
        if not granted:
            found.append((action, thing))
    return found


@pytest.mark.parametrize("stage", ["dev", "prod", "tiny"])
@pytest.mark.parametrize("role", CALLS)
def test_a_role_may_do_what_its_code_does(templates: Stages, stage: str, role: str) -> None:
    assert missing(templates[stage], role) == []


@pytest.mark.parametrize("stage", ["dev", "prod", "tiny"])
@pytest.mark.parametrize("role", CALLS)
def test_a_role_may_do_nothing_that_no_code_does(templates: Stages, stage: str, role: str) -> None:
    used = {action for action, _ in CALLS[role]}
    for action, resource in allowed(templates[stage], role):
        assert action in used or action in BESIDE, (action, resource)


@pytest.mark.parametrize("role", CALLS)
def test_each_call_of_the_table_is_in_the_sources_of_its_role(role: str) -> None:
    text = "".join(path.read_text() for part in SOURCES[role] for path in (PROJECT / part).rglob("*.py"))
    for action, _ in CALLS[role]:
        assert any(operation in text for operation in OPERATIONS[action]), (role, action)


def test_each_call_of_the_sources_is_in_the_table() -> None:
    known = {name.strip(".(") for names in OPERATIONS.values() for name in names}
    known |= {"upload_part", "complete_multipart_upload", "generate_presigned_url", "get_paginator", "send_email"}
    verbs = r"(get|put|list|create|delete|describe|upload|complete|abort|post|send|subscribe|generate_presigned)"
    called = re.compile(
        rf"\b(?:client|kinesis|storage|_client|management|_kms|boto3\.client\([^)]*\))\.({verbs}_\w+)\("
    )
    for part in ("functions", "risk/adapters", "risk/config", "streaming/engine"):
        for path in (PROJECT / part).rglob("*.py"):
            for operation, _ in called.findall(path.read_text()):
                assert operation in known, f"{path}: {operation}"


@pytest.mark.parametrize("role", CALLS)
def test_a_permission_that_is_taken_away_is_missed(templates: Stages, role: str) -> None:
    action, _ = sorted(CALLS[role])[0]
    edge, scoring = (
        json.dumps(templates["dev"][kind]).replace(f'"{action}"', '"none:None"') for kind in ("edge", "scoring")
    )
    without = {"edge": json.loads(edge), "scoring": json.loads(scoring)}
    assert action in {one for one, _ in missing(without, role)}
