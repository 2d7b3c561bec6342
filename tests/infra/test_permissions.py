"""Each call to AWS that the code makes is allowed to the role that makes it, and each allowed action is of a call.

The calls (``tests/aws_calls.py``) are found in two ways: in the sources, whether a test runs them or not; and by
recording every call that functions and engine make in a test's process. Moto's policy evaluator judges them by action
and resource; it does not evaluate conditions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.iam.access_control import IAMPolicy, PermissionResult

from infra import PROJECT
from tests.aws_calls import CALLS, Recorder, action_of
from tests.infra.templates import Template, of_type

Stacks = dict[str, Template]
Stages = dict[str, Stacks]

# Where the calls of each are in the sources.
SOURCES = {
    "Api": ("functions/api", "risk/adapters", "risk/config"),
    "Websocket": ("functions/websocket", "risk/config"),
    "Broadcast": ("functions/broadcast", "risk/config"),
    "Webhooks": ("functions/webhooks", "risk/config"),
    "Maintenance": ("functions/maintenance", "risk/adapters", "risk/config"),
    "Auditor": ("functions/maintenance", "risk/adapters", "risk/config"),
    "Migrations": ("functions/maintenance", "risk/adapters", "risk/config"),
    "TaskTask": ("streaming/engine", "streaming/importing", "risk/adapters", "risk/config"),
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
    "s3:ListMultipartUploadParts": ("list_parts",),
    "s3:GetObjectVersion": ("VersionId",),
    "s3:ListBucket": ("list_objects_v2",),
    "s3:ListBucketVersions": ("list_object_versions",),
    "kms:GetPublicKey": ("get_public_key",),
    "kms:Sign": (".sign(",),
    "execute-api:ManageConnections": ("post_to_connection", "delete_connection"),
}
# Allowed, and called by AWS itself or by the CDK's habit: why.
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
    for action, resource in allowed(templates[stage], role):
        used = any(action == called and thing in resource for called, thing in CALLS[role])
        assert used or action in BESIDE, (action, resource)


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
        rf"\b(?:client|kinesis|_?storage|_client|management|_kms|boto3\.client\([^)]*\))\.({verbs}_\w+)\("
    )
    for part in ("functions", "risk/adapters", "risk/config", "streaming/engine", "streaming/importing"):
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


def test_the_recorder_attributes_a_call_to_its_role_and_denies_what_the_table_lacks() -> None:
    recorder = Recorder()
    recorder.note("Api", action_of("kinesis", "PutRecords", {}))
    recorder.note("Maintenance", action_of("s3", "GetObject", {"VersionId": "1"}))
    assert recorder.denied == []
    recorder.note("Maintenance", action_of("s3", "DeleteObject", {}))
    recorder.note("Broadcast", action_of("kinesis", "PutRecords", {}))
    assert recorder.denied == [("Maintenance", "s3:DeleteObject"), ("Broadcast", "kinesis:PutRecords")]


def test_a_call_from_a_function_is_recorded_with_its_role(aws_calls: Recorder) -> None:
    with mock_aws():
        boto3.client("kinesis").create_stream(StreamName="updates", ShardCount=1)
        namespace: dict[str, Any] = {"client": boto3.client("kinesis")}
        source = 'client.put_records(StreamName="updates", Records=[{"Data": b"{}", "PartitionKey": "a"}])'
        exec(compile(source, str(PROJECT / "functions/api/anything.py"), "exec"), namespace)
    assert ("Api", "kinesis:PutRecords") in aws_calls.made
    assert not {action for _, action in aws_calls.made} & {"kinesis:CreateStream"}, "a test is no part of the system"
