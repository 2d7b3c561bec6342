"""What the Edge stack asks of AWS."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra import PROJECT
from risk.store.db.roles import DatabaseRole
from tests.infra.templates import Template, actions, function, of_type, statements

# What Lambda needs to put a function into a network.
INTERFACES = {
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
}


@pytest.fixture(scope="module")
def dev(templates: dict[str, dict[str, Template]]) -> Template:
    return templates["dev"]["edge"]


def test_lambdas_are_python_3_13_on_arm_and_traced(dev: Template) -> None:
    found = [one for one in of_type(dev, "AWS::Lambda::Function").values() if "functions." in one["Handler"]]
    assert len(found) == 7
    for properties in found:
        assert properties["Runtime"] == "python3.13"
        assert properties["Architectures"] == ["arm64"]
        assert properties["TracingConfig"] == {"Mode": "Active"}
        assert properties["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"] == "RiskManagement"


def test_every_log_is_given_up_after_a_while(dev: Template) -> None:
    groups = of_type(dev, "AWS::Logs::LogGroup")
    assert len(groups) == 9
    assert all(properties["RetentionInDays"] == 30 for properties in groups.values())


def test_streams_are_encrypted(dev: Template) -> None:
    streams = of_type(dev, "AWS::Kinesis::Stream")
    assert {properties["Name"] for properties in streams.values()} == {"risk-events-dev", "risk-updates-dev"}
    assert all(properties["StreamEncryption"]["EncryptionType"] == "KMS" for properties in streams.values())


def test_the_api_may_write_streams_and_read_two_secrets_and_no_more(dev: Template) -> None:
    assert actions(dev, "ApiRole") - INTERFACES == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "secretsmanager:GetSecretValue",
        "secretsmanager:DescribeSecret",
        "kinesis:PutRecords",
        "s3:PutObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "kms:GetPublicKey",
    }


def test_where_mail_is_sent_the_api_may_send_it_from_one_address(
    templates: dict[str, dict[str, Template]], dev: Template
) -> None:
    [statement] = [one for one in statements(templates["full"]["edge"], "ApiRole") if one["Action"] == "ses:SendEmail"]
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": "risk@example.com"}}
    assert [json.dumps(resource).split("/")[-1] for resource in statement["Resource"]] == [
        'example.com"]]}',
        'risk@example.com"]]}',
    ]
    variables = function(templates["full"]["edge"], "api")["Environment"]["Variables"]
    assert (variables["MAIL_FROM"], variables["SITE_URL"]) == ("risk@example.com", "https://risk.example.com")
    assert "MAIL_FROM" not in function(dev, "api")["Environment"]["Variables"]


@pytest.mark.parametrize("role", ["WebsocketRole", "BroadcastRole"])
def test_real_time_lambdas_read_their_own_login_of_valkey_alone_and_write_no_stream(dev: Template, role: str) -> None:
    allowed = actions(dev, role)
    assert "execute-api:ManageConnections" in allowed
    assert not [name for name in allowed if name.startswith("kinesis:Put")]
    (read,) = [one["Resource"] for one in statements(dev, role) if "secretsmanager" in str(one["Action"])]
    assert f"risk/dev/valkey/{role.removesuffix('Role').lower()}-??????" in json.dumps(read)


def test_each_part_reads_its_own_login_of_the_database_and_migrations_alone_the_owners(dev: Template) -> None:
    of = {
        "ApiRole": "api",
        "WebhooksRole": "webhooks",
        "MaintenanceRole": "maintenance",
        "AuditorRole": "auditor",
    }
    for role in (*of, "WebsocketRole", "BroadcastRole"):
        read = json.dumps([one["Resource"] for one in statements(dev, role) if "secretsmanager" in str(one["Action"])])
        assert set(re.findall(r"risk/dev/(database[^-\"]*)-", read)) == (
            {f"database/{of[role]}"} if role in of else set()
        )
    read = json.dumps(statements(dev, "MigrationsRole"))
    assert {f"database/{role}" for role in DatabaseRole} < set(re.findall(r"risk/dev/(database[^-\"]*)-", read))


def bucket_of(template: Template, construct: str) -> dict[str, Any]:
    (bucket,) = (one for name, one in of_type(template, "AWS::S3::Bucket").items() if name.startswith(construct))
    return bucket


def tasks(template: Template) -> dict[str, str]:
    """What the clock asks of maintenance, and how often."""
    rules = (rule for rule in of_type(template, "AWS::Events::Rule").values() if "Input" in rule["Targets"][0])
    return {json.loads(rule["Targets"][0]["Input"])["task"]: rule["ScheduleExpression"] for rule in rules}


def test_updates_reach_broadcast_at_once_and_failures_reach_a_queue(dev: Template) -> None:
    mapping = mappings(dev)["Broadcast"]
    assert mapping["MaximumBatchingWindowInSeconds"] == 0
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] == 2
    assert mapping["StartingPosition"] == "LATEST"
    assert "Destination" in mapping["DestinationConfig"]["OnFailure"]


def mappings(template: Template) -> dict[str, dict[str, Any]]:
    """The event source of each function, by the first part of its name."""
    found = of_type(template, "AWS::Lambda::EventSourceMapping")
    return {"Webhooks" if name.startswith("Webhooks") else "Broadcast": one for name, one in found.items()}


def test_news_of_alerts_and_each_minute_wake_the_sender_of_webhooks(dev: Template) -> None:
    mapping = mappings(dev)["Webhooks"]
    (pattern,) = mapping["FilterCriteria"]["Filters"]
    assert json.loads(pattern["Pattern"]) == {"data": {"type": ["alert", "delivery"]}}
    assert mapping["MaximumRetryAttempts"] == 0
    (rule,) = (rule for name, rule in of_type(dev, "AWS::Events::Rule").items() if name.startswith("Webhooks"))
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert rule["Targets"][0]["Arn"]["Fn::GetAtt"][0].startswith("Webhooks")


def test_the_sender_of_webhooks_reads_two_secrets_and_updates_and_no_more(dev: Template) -> None:
    allowed = actions(dev, "WebhooksRole")
    assert not [name for name in allowed if name.startswith(("kinesis:Put", "s3:", "execute-api:"))]
    (read,) = [one["Resource"] for one in statements(dev, "WebhooksRole") if "secretsmanager" in str(one["Action"])]
    assert len(read) == 2
    variables = function(dev, "webhooks")["Environment"]["Variables"]
    assert variables["WEBHOOK_PRIVATE_TARGETS"] == "false"


def test_exports_are_private_and_gone_after_a_day(dev: Template) -> None:
    bucket = bucket_of(dev, "Exports")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["ExpirationInDays"], rule["AbortIncompleteMultipartUpload"]) == (1, {"DaysAfterInitiation": 1})
    assert "BucketEncryption" in bucket


def test_the_failure_queue_refuses_what_is_not_encrypted(dev: Template) -> None:
    (policy,) = of_type(dev, "AWS::SQS::QueuePolicy").values()
    denied = [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"]
    assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_signing_key_is_generated_and_never_in_the_template(dev: Template) -> None:
    secrets = {one["Name"]: one for one in of_type(dev, "AWS::SecretsManager::Secret").values()}
    assert set(secrets) == {f"risk/dev/{name}-key" for name in ("secret", "webhook", "origin", "label")}
    secret = secrets["risk/dev/secret-key"]
    assert secret["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 64}
    variables = function(dev, "api")["Environment"]["Variables"]
    assert variables["SECRET_KEY_SECRET"] == "risk/dev/secret-key"
    assert "SECRET_KEY" not in variables
    assert "DATABASE_URL" not in variables


def test_checkpoints_are_locked_signed_by_a_key_that_stays_in_kms_and_taken_every_minute(dev: Template) -> None:
    bucket = bucket_of(dev, "Audit")
    assert bucket["ObjectLockEnabled"] is True
    assert bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {"Days": 1, "Mode": "GOVERNANCE"}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (key,) = of_type(dev, "AWS::KMS::Key").values()
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY")
    assert tasks(dev)["audit-checkpoint"] == "rate(1 minute)"


def test_missed_deadlines_are_looked_for_every_minute_and_old_messages_every_day(dev: Template) -> None:
    assert (tasks(dev)["alerts"], tasks(dev)["webhooks"]) == ("rate(1 minute)", "rate(1 day)")


def test_the_clock_asks_for_every_task_that_there_is(dev: Template) -> None:
    from functions.maintenance.handler import TASKS

    assert set(tasks(dev)) == {*TASKS, "audit-check"}


def test_the_clock_has_the_api_embed_knowledge_where_models_are_set_up(
    templates: dict[str, dict[str, Template]], dev: Template
) -> None:
    full = templates["full"]["edge"]
    assert "embed" not in tasks(dev)
    assert tasks(full)["embed"] == "rate(1 minute)"
    (rule,) = (rule for name, rule in of_type(full, "AWS::Events::Rule").items() if name.startswith("TaskEmbed"))
    assert rule["Targets"][0]["Arn"]["Ref"].startswith("ApiLive")
    variables = function(full, "api")["Environment"]["Variables"]
    assert variables["OPENAI_EMBEDDING_MODEL"] == "text-embedding-3-small"
    read = [one["Resource"] for one in statements(full, "ApiRole") if "secretsmanager" in str(one["Action"])]
    assert "openai-api-key" in json.dumps(read)


def test_maintenance_can_sign_and_keep_checkpoints_and_cannot_take_one_away(dev: Template) -> None:
    assert actions(dev, "MaintenanceRole") - INTERFACES == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "secretsmanager:GetSecretValue",
        "secretsmanager:DescribeSecret",
        "kms:GetPublicKey",
        "kms:Sign",
        "kinesis:PutRecords",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:PutObject",
    }


def test_all_requests_reach_the_api_and_all_frames_the_websocket(dev: Template) -> None:
    routes = {properties["RouteKey"] for properties in of_type(dev, "AWS::ApiGatewayV2::Route").values()}
    assert routes == {"$default", "$connect", "$disconnect"}
    kinds = [properties["ProtocolType"] for properties in of_type(dev, "AWS::ApiGatewayV2::Api").values()]
    assert sorted(kinds) == ["HTTP", "WEBSOCKET"]
    stages = of_type(dev, "AWS::ApiGatewayV2::Stage").values()
    assert all("AccessLogSettings" in properties for properties in stages)


def test_the_context_of_the_real_cli_names_the_availability_zones() -> None:
    context = json.loads((PROJECT / "cdk.context.json").read_text())
    assert any(name.startswith("availability-zones:") for name in context)
    assert json.loads((PROJECT / "cdk.json").read_text())["app"] == "python -m infra.app"
    assert Path(PROJECT / "infra" / "app.py").exists()
