"""What the stacks ask of AWS together: who reaches what, what is kept, and that nothing is open or in clear."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra import PROJECT, node
from infra.stages import DEV_STAGE
from risk.config.settings import (
    ApiSettings,
    CommonSettings,
    EngineSettings,
    ImporterSettings,
    MaintenanceSettings,
    RealtimeSettings,
    WebhookSettings,
)
from streaming.engine import cloudwatch
from tests.infra.templates import Template, function, logical_ids, of_type, synthesize

IN_AWS = ("dev", "prod", "full")  # with every safeguard; tiny and bare do without some
Stacks = dict[str, Template]
Stages = dict[str, Stacks]

# Actions that take no narrower resource, or wildcards of the CDK's own constructs: each with who needs it.
WILDCARDS = {
    "xray:PutTraceSegments": "X-Ray takes no resource",
    "xray:PutTelemetryRecords": "X-Ray takes no resource",
    "ec2:CreateNetworkInterface": "Lambda in a VPC: the interface does not exist yet",
    "ec2:DescribeNetworkInterfaces": "takes no resource",
    "ec2:DescribeSubnets": "takes no resource",
    "ec2:DeleteNetworkInterface": "Lambda in a VPC: made by Lambda, under names of its own",
    "ec2:AssignPrivateIpAddresses": "as above",
    "ec2:UnassignPrivateIpAddresses": "as above",
    "ecr:GetAuthorizationToken": "takes no resource",
    "logs:PutRetentionPolicy": "the CDK's keeper of the database's log group",
    "logs:DeleteRetentionPolicy": "the CDK's keeper of the database's log group",
    "cloudfront:GetInvalidation": "the CDK's copier of the site",
    "cloudfront:CreateInvalidation": "the CDK's copier of the site",
    "kinesis:ListStreams": "Lambda's event sources: takes no resource",
    "kinesis:ListShards": "Lambda's event sources",
    "s3:GetObject*": "the CDK's copier of the site, on two buckets",
    "s3:GetBucket*": "the CDK's copier of the site, on two buckets",
    "s3:List*": "the CDK's copier of the site, on two buckets",
    "s3:DeleteObject*": "the CDK's copier of the site, on the site's bucket",
    "s3:Abort*": "the CDK's copier of the site, on the site's bucket",
}

# What a deployable may read and the stacks leave alone, with the reason.
LEFT_ALONE = {
    "app_name": "the product's name is its own",
    "debug": "never on where customers are",
    "database_url": "DATABASE_SECRET names it",
    "database_proxy": "the engine and maintenance, which need few connections, go around the proxy",
    "database_role_secrets": "migrations alone set the roles' passwords",
    "redis_username": "REDIS_SECRET names it",
    "redis_password": "REDIS_SECRET names it",
    "secret_key": "SECRET_KEY_SECRET names it",
    "label_key": "LABEL_KEY_SECRET names it",
    "webhook_key": "WEBHOOK_KEY_SECRET names it",
    "oidc_client_secret": "OIDC_CLIENT_SECRET_SECRET names it",
    "audit_key_file": "AUDIT_KEY_ID names the key",
    "audit_earlier_keys": "set by who changes the key",
    "openai_api_key": "OPENAI_API_KEY_SECRET names it",
    "openai_seconds": "its default ends before the Lambda does",
    "openai_tokens_per_day": "its default",
    "openai_dollars_per_day": "its default",
    "openai_price_read": "that of its default model",
    "openai_price_written": "that of its default model",
    "openai_price_embedded": "that of its default model",
    "rag_personal_data": "leaving it out is the point",
    "shed_seconds_behind": "its default",
    "cors_origins": "site and API share one origin",
    "webhook_timeout": "its default suits the Lambda's own timeout",
    "webhook_first_wait": "its default",
    "webhook_give_up_hours": "its default",
    "webhook_work_seconds": "its default suits the Lambda's own timeout",
    "engine_host": "inside the container",
    "engine_port": "inside the container",
    "poll_interval": "its default is what Kinesis allows",
    "snapshot_interval": "its default",
    "lease_seconds": "its default",
    "kafka_username": "KAFKA_SECRET names it",
    "kafka_password": "KAFKA_SECRET names it",
    "kafka_ca_file": "the image trusts who the machine trusts",
    "kafka_certificate_file": "for an image that holds one",
    "kafka_key_file": "for an image that holds one",
}
READERS: dict[str, type[CommonSettings]] = {
    "api": ApiSettings,
    "websocket": RealtimeSettings,
    "broadcast": RealtimeSettings,
    "webhooks": WebhookSettings,
    "maintenance": MaintenanceSettings,
}


def all_of(stacks: Stacks, kind: str) -> dict[str, dict[str, Any]]:
    return {name: one for template in stacks.values() for name, one in of_type(template, kind).items()}


def one_of(stacks: Stacks, kind: str) -> dict[str, Any]:
    (found,) = all_of(stacks, kind).values()
    return found


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("stage", IN_AWS)
def test_every_wildcard_in_a_policy_has_a_reason(templates: Stages, stage: str) -> None:
    for name, policy in all_of(templates[stage], "AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            wide = "*" in listed(statement["Resource"])
            for action in listed(statement["Action"]):
                assert action != "*", name
                if wide or "*" in action:
                    assert action in WILDCARDS, (name, action)


@pytest.mark.parametrize("stage", IN_AWS)
def test_everything_that_is_stored_is_encrypted(templates: Stages, stage: str) -> None:
    stacks = templates[stage]
    assert one_of(stacks, "AWS::RDS::DBInstance")["StorageEncrypted"] is True
    assert "KmsKeyId" in one_of(stacks, "AWS::RDS::DBInstance")
    valkey = one_of(stacks, "AWS::ElastiCache::ReplicationGroup")
    assert (valkey["AtRestEncryptionEnabled"], valkey["TransitEncryptionEnabled"]) == (True, True)
    assert one_of(stacks, "AWS::ECR::Repository")["EncryptionConfiguration"]["EncryptionType"] == "KMS"
    assert "KmsMasterKeyId" in one_of(stacks, "AWS::SNS::Topic")
    assert all("StreamEncryption" in one for one in all_of(stacks, "AWS::Kinesis::Stream").values())
    assert all("BucketEncryption" in one for one in all_of(stacks, "AWS::S3::Bucket").values())


@pytest.mark.parametrize("stage", IN_AWS)
def test_nothing_is_said_in_clear(templates: Stages, stage: str) -> None:
    stacks = templates[stage]
    assert one_of(stacks, "AWS::RDS::DBProxy")["RequireTLS"] is True
    assert one_of(stacks, "AWS::RDS::DBParameterGroup")["Parameters"]["rds.force_ssl"] == "1"
    policies = [*all_of(stacks, "AWS::S3::BucketPolicy").values(), *all_of(stacks, "AWS::SQS::QueuePolicy").values()]
    assert len(policies) >= len(all_of(stacks, "AWS::S3::Bucket")) + 1
    for policy in policies:
        denied = [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"]
        assert {"Bool": {"aws:SecureTransport": "false"}} in [one.get("Condition") for one in denied]
    cache = one_of(stacks, "AWS::CloudFront::Distribution")["DistributionConfig"]
    behaviors = [cache["DefaultCacheBehavior"], *cache["CacheBehaviors"]]
    assert {one["ViewerProtocolPolicy"] for one in behaviors} == {"redirect-to-https", "https-only"}
    origins = [one["CustomOriginConfig"] for one in cache["Origins"] if "CustomOriginConfig" in one]
    assert [one["OriginProtocolPolicy"] for one in origins] == ["https-only"] * 2


@pytest.mark.parametrize("stage", IN_AWS)
def test_no_bucket_is_public(templates: Stages, stage: str) -> None:
    stacks = templates[stage]
    for bucket in all_of(stacks, "AWS::S3::Bucket").values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    for policy in all_of(stacks, "AWS::S3::BucketPolicy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Deny" or statement["Principal"] not in ("*", {"AWS": "*"})


@pytest.mark.parametrize("stage", IN_AWS)
def test_the_database_is_reached_from_four_groups_and_from_nowhere_outside(templates: Stages, stage: str) -> None:
    stacks = templates[stage]
    network, database = stacks["network"], one_of(stacks, "AWS::RDS::DBInstance")
    assert database["PubliclyAccessible"] is False
    subnets = str(all_of(stacks, "AWS::RDS::DBSubnetGroup"))
    assert subnets.count("IsolatedSubnet") == 2
    assert "PublicSubnet" not in subnets
    assert "PrivateSubnet" not in subnets
    open_routes = [str(one) for one in of_type(network, "AWS::EC2::Route").values()]
    assert not [route for route in open_routes if "IsolatedSubnet" in route]
    ways = of_type(network, "AWS::EC2::SecurityGroupIngress").values()
    sources = {reference(one["SourceSecurityGroupId"]) for one in ways if reference(one["GroupId"]) == "Database"}
    assert sources == {"DatabaseProxy", "Engine", "Operations"}
    for group in of_type(network, "AWS::EC2::SecurityGroup").values():
        assert "SecurityGroupIngress" not in group
    assert not [one for one in ways if "CidrIp" in one]


def reference(attribute: dict[str, Any]) -> str:
    """The name of the security group that an attribute is of, without the hash."""
    return re.sub(r"[0-9A-F]{8}$", "", attribute["Fn::GetAtt"][0])


@pytest.mark.parametrize("stage", IN_AWS)
def test_there_is_one_writer_which_drains_before_the_next_begins(templates: Stages, stage: str) -> None:
    scoring = {"scoring": templates[stage]["scoring"]}
    service = one_of(scoring, "AWS::ECS::Service")
    rollout = service["DeploymentConfiguration"]
    assert service["DesiredCount"] == 1
    assert (rollout["MinimumHealthyPercent"], rollout["MaximumPercent"]) == (0, 100)
    assert rollout["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert service["NetworkConfiguration"]["AwsvpcConfiguration"]["AssignPublicIp"] == "DISABLED"
    container, importer = one_of(scoring, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    settings = EngineSettings(_env_file=None)
    assert container["StopTimeout"] > 10 * settings.lease_seconds
    assert f"http://127.0.0.1:{settings.engine_port}/healthz" in container["HealthCheck"]["Command"][-1]
    assert container["ReadonlyRootFilesystem"] is True
    assert [mount["ContainerPath"] for mount in container["MountPoints"]] == ["/tmp"]
    # What reads uploads may fail or want too much memory, and the engine goes on.
    assert (importer["Essential"], importer["RestartPolicy"]["Enabled"]) == (False, True)
    assert importer["Memory"] < 1_024
    assert importer["Image"] == container["Image"]


@pytest.mark.parametrize("stage", IN_AWS)
def test_migrations_run_before_any_new_code(templates: Stages, stage: str) -> None:
    edge = templates[stage]["edge"]
    (migrate,) = [name for name, one in edge["Resources"].items() if one["Type"] == "Custom::Trigger"]
    for name, one in edge["Resources"].items():
        if one["Type"] == "AWS::Lambda::Function" and one["Properties"]["Handler"] in {
            f"functions.{reader}.handler.handler" for reader in READERS
        }:
            assert migrate in one["DependsOn"], name
    assert "Fn::ImportValue" in str(templates[stage]["scoring"])  # of the Edge stack: so it comes after it


def environments(stacks: Stacks) -> dict[str, set[str]]:
    own = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "AWS_DEFAULT_REGION"}
    found = {name: set(function(stacks["edge"], name)["Environment"]["Variables"]) - own for name in READERS}
    for container in one_of({"scoring": stacks["scoring"]}, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]:
        found[container["Name"]] = {one["Name"] for one in container["Environment"]} - own
    return {name: {variable.lower() for variable in variables} for name, variables in found.items()}


@pytest.mark.parametrize("deployable", [*READERS, "engine", "importer"])
def test_the_stack_decides_every_setting_that_a_deployable_reads(templates: Stages, deployable: str) -> None:
    readers: dict[str, type[CommonSettings]] = {**READERS, "engine": EngineSettings, "importer": ImporterSettings}
    fields = set(readers[deployable].model_fields)
    told = {stage: environments(templates[stage])[deployable] for stage in IN_AWS}
    assert told["full"] >= told["dev"]
    assert not told["full"] - fields, "the function does not read these"
    assert not fields - told["full"] - set(LEFT_ALONE), "nobody tells the function these"


def values(stacks: Stacks) -> dict[str, dict[str, Any]]:
    """What the templates give each deployable: text, or a reference."""
    found = {
        one["Handler"]: one["Environment"]["Variables"]
        for one in of_type(stacks["edge"], "AWS::Lambda::Function").values()
        if "functions." in one["Handler"]
    }
    containers = one_of({"scoring": stacks["scoring"]}, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    return found | {each["Name"]: {one["Name"]: one["Value"] for one in each["Environment"]} for each in containers}


@pytest.mark.parametrize("stage", ["dev", "prod", "tiny", "full", "bare"])
def test_every_value_that_the_stack_gives_is_of_the_type_that_the_settings_read(
    templates: Stages, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = {f"functions.{name}.handler.handler": reader for name, reader in READERS.items()}
    readers |= {f"functions.maintenance.handler.{entry}": MaintenanceSettings for entry in ("migrate", "audit")}
    readers |= {"engine": EngineSettings, "importer": ImporterSettings}
    for name, variables in values(templates[stage]).items():
        with monkeypatch.context() as patch:
            for variable, value in variables.items():
                # What AWS fills in is a name or an address; a port it writes in digits.
                patch.setenv(variable, value if isinstance(value, str) else "6379" if "PORT" in variable else "x")
            found = readers[name](_env_file=None)
        for variable, value in variables.items():
            field = variable.lower()
            if field in type(found).model_fields and isinstance(value, str):
                read = getattr(found, field)
                text = str(read).lower() if isinstance(read, bool) else str(read)
                assert text == value or (value == "" and read is None) or isinstance(read, float | dict), (
                    name,
                    variable,
                )


def test_prod_survives_what_dev_need_not(templates: Stages) -> None:
    dev, prod = templates["dev"], templates["prod"]
    database, small = one_of(prod, "AWS::RDS::DBInstance"), one_of(dev, "AWS::RDS::DBInstance")
    assert (database["MultiAZ"], database["DeletionProtection"], database["BackupRetentionPeriod"]) == (True, True, 35)
    assert (small["MultiAZ"], small["DeletionProtection"], small["BackupRetentionPeriod"]) == (False, False, 1)
    assert of_deletion(prod["data"], "AWS::RDS::DBInstance") == {"Snapshot"}
    assert of_deletion(dev["data"], "AWS::RDS::DBInstance") == {"Delete"}
    for kind in ("AWS::Kinesis::Stream", "AWS::SecretsManager::Secret"):
        assert of_deletion(prod["edge"], kind) == {"RetainExceptOnCreate"}
        assert of_deletion(dev["edge"], kind) == {"Delete"}
    valkey = one_of(prod, "AWS::ElastiCache::ReplicationGroup")
    assert (valkey["MultiAZEnabled"], valkey["AutomaticFailoverEnabled"], valkey["NumCacheClusters"]) == (True, True, 2)
    assert (len(all_of(dev, "AWS::EC2::NatGateway")), len(all_of(prod, "AWS::EC2::NatGateway"))) == (1, 2)
    assert function(prod["edge"], "broadcast")["ReservedConcurrentExecutions"] == 20
    assert len(all_of(prod, "AWS::Kinesis::StreamConsumer")) == 1
    assert not all_of(dev, "AWS::Kinesis::StreamConsumer")
    assert len(all_of(prod, "AWS::WAFv2::WebACL")) == 1


def of_deletion(template: Template, kind: str) -> set[str]:
    return {one.get("DeletionPolicy", "Delete") for one in template["Resources"].values() if one["Type"] == kind}


@pytest.mark.parametrize("stage", IN_AWS)
def test_the_password_of_the_database_changes_by_itself(templates: Stages, stage: str) -> None:
    (rotation,) = all_of(templates[stage], "AWS::SecretsManager::RotationSchedule").values()
    assert rotation["RotationRules"] == {"ScheduleExpression": "rate(30 days)"}


@pytest.mark.parametrize("stage", IN_AWS)
def test_the_api_is_served_from_a_snapshot_of_its_newest_version(templates: Stages, stage: str) -> None:
    edge = templates[stage]["edge"]
    assert function(edge, "api")["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    (alias,) = of_type(edge, "AWS::Lambda::Alias")
    assert [
        one["IntegrationUri"]
        for one in of_type(edge, "AWS::ApiGatewayV2::Integration").values()
        if one.get("PayloadFormatVersion") == "2.0"
    ] == [{"Ref": alias}]


@pytest.mark.parametrize("stage", IN_AWS)
def test_one_domain_leads_to_the_site_the_api_and_the_socket(templates: Stages, stage: str) -> None:
    config = one_of(templates[stage], "AWS::CloudFront::Distribution")["DistributionConfig"]
    paths = [one["PathPattern"] for one in config["CacheBehaviors"]]
    assert paths == ["/api/*", "/docs", "/docs/*", "/redoc", "/openapi.json", "/ws/*"]
    assert len(all_of(templates[stage], "AWS::CloudFront::OriginAccessControl")) == 1
    (header,) = [header for one in config["Origins"] for header in one.get("OriginCustomHeaders", [])]
    assert header["HeaderName"] == "X-Origin-Key"
    assert f"{{{{resolve:secretsmanager:risk/{stage}/origin-key" in header["HeaderValue"]
    assert function(templates[stage]["edge"], "api")["Environment"]["Variables"]["ORIGIN_KEY_SECRET"] == (
        f"risk/{stage}/origin-key"
    )
    headers = one_of(templates[stage], "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    policy = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    before, uploads, after = policy["Fn::Join"][1]
    assert "script-src 'self';" in before
    assert before.endswith("connect-src 'self' https://")
    assert "UploadsBucket" in uploads["Fn::ImportValue"]
    assert "frame-ancestors 'none'" in after
    outputs = templates[stage]["web"]["Outputs"]
    assert {"SiteUrl", "ApiUrl", "ApiDocsUrl", "WebSocketUrl"} <= set(outputs)


@pytest.mark.parametrize("stage", IN_AWS)
def test_every_alarm_rings_somewhere_and_silence_of_the_heartbeat_does_too(templates: Stages, stage: str) -> None:
    alarms = all_of(templates[stage], "AWS::CloudWatch::Alarm").values()
    assert all(one["AlarmActions"] and one["OKActions"] for one in alarms)
    names = {one["AlarmName"].removeprefix(f"risk-{stage}-"): one for one in alarms}
    assert {
        "heartbeat-missing",
        "events-late",
        "audit-log-tampered",
        "deadlines-missed",
        "broadcast-failures",
        "api-5xx",
        "api-p99",
        "database-connections",
        "database-storage",
    } <= set(names)
    for name in ("heartbeat-missing", "audit-log-tampered"):
        assert names[name]["TreatMissingData"] == "breaching"


def test_the_metrics_that_alarms_are_on_are_those_that_functions_count(templates: Stages) -> None:
    own = [
        (one["MetricName"], {dimension["Name"]: dimension["Value"] for dimension in one["Dimensions"]})
        for one in all_of(templates["prod"], "AWS::CloudWatch::Alarm").values()
        if one.get("Namespace") == "RiskManagement"
    ]
    assert {dimensions["stage"] for _, dimensions in own} == {"prod"}, "another stage's would be heard, too"
    used = {(dimensions["service"], metric) for metric, dimensions in own} | graphs(templates["prod"])
    counted = {
        (service, metric)
        for service in READERS
        for path in (PROJECT / "functions" / service).rglob("*.py")
        for metric in re.findall(r"\bcount\((?:SERVICE, |\"broadcast\", )?\"([A-Z]\w+)\"", path.read_text())
    }
    engine = json.loads(cloudwatch.line("prod", dict.fromkeys((*cloudwatch.totals(), *cloudwatch.NOW), 0.0), 0.0))
    (directive,) = engine["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "RiskManagement"
    counted |= {("engine", metric["Name"]) for metric in directive["Metrics"]}
    assert used == counted, "each costs money by the month, so somebody looks at it"


def graphs(stacks: Stacks) -> set[tuple[str, str]]:
    """The system's own metrics that the dashboard draws: service and name."""
    body = json.dumps(one_of(stacks, "AWS::CloudWatch::Dashboard")["DashboardBody"]).replace("\\", "")
    return {(service, name) for name, service in re.findall(r'"RiskManagement","(\w+)","service","(\w+)"', body)}


@pytest.mark.parametrize("stage", IN_AWS)
def test_a_task_that_fails_rings_however_seldom_it_runs(templates: Stages, stage: str) -> None:
    """An alarm that wants more points than the clock gives never rings."""
    edge = templates[stage]["edge"]
    seconds = {"minute": 60, "hour": 3600, "day": 86_400}
    every = {
        json.loads(target["Input"])["task"]: seconds[rule["ScheduleExpression"].split()[1].rstrip("s)")]
        for rule in of_type(edge, "AWS::Events::Rule").values()
        for target in rule["Targets"]
        if "Input" in target
    }
    watched = {}
    for one in all_of(templates[stage], "AWS::CloudWatch::Alarm").values():
        if one.get("MetricName") == "TasksFailed":
            task = {dimension["Name"]: dimension["Value"] for dimension in one["Dimensions"]}["task"]
            watched[task] = one
            assert one["Period"] * one["EvaluationPeriods"] >= every[task]
            assert one["Period"] >= every[task], "between two runs there would be a period without a point"
    assert watched.keys() == every.keys() - {"embed"}


@pytest.mark.parametrize("stage", IN_AWS)
def test_what_the_clock_calls_is_not_called_again_by_lambda(templates: Stages, stage: str) -> None:
    edge = templates[stage]["edge"]
    once = {
        json.dumps(one["FunctionName"]): one["MaximumRetryAttempts"]
        for one in of_type(edge, "AWS::Lambda::EventInvokeConfig").values()
    }
    for rule in of_type(edge, "AWS::Events::Rule").values():
        for target in rule["Targets"]:
            called = target["Arn"].get("Ref") or target["Arn"]["Fn::GetAtt"][0]
            name = "ApiF70053CD" if called.startswith("ApiLive") else called
            assert once[json.dumps({"Ref": name})] == 0, called


def test_whoever_is_on_duty_gets_mail_and_what_it_costs_is_watched(templates: Stages) -> None:
    assert not all_of(templates["dev"], "AWS::Budgets::Budget")
    assert one_of(templates["prod"], "AWS::Budgets::Budget")["Budget"]["BudgetLimit"] == {"Amount": 1000, "Unit": "USD"}
    assert one_of(templates["full"], "AWS::SNS::Subscription")["Endpoint"] == "duty@example.com"


def test_another_valkey_or_proxy_makes_another_version_of_the_api(
    templates: Stages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version keeps the addresses that it was published with, and they come in parameters."""
    for name, value in node.for_cdk().items():
        monkeypatch.setenv(name, value)
    empty = tmp_path / "empty"
    empty.mkdir()
    for name in ("index.html", "handler.py"):
        (empty / name).touch()
    other = replace(DEV_STAGE, valkey_class="cache.t4g.small")
    after = synthesize(other, empty, tmp_path / "out")["edge"]
    again = synthesize(DEV_STAGE, empty, tmp_path / "again")["edge"]
    versions = [
        {name for name in logical_ids(edge, "AWS::Lambda::Version") if name.startswith("Api")}
        for edge in (again, after)
    ]
    assert len(versions[0]) == 1
    assert not versions[0] & versions[1]


# --- the emulator ----------------------------------------------------------------------------------

ONLY_IN_AWS = {
    "AWS::KMS::Key": "the key that signs checkpoints is a file on a laptop, which outlives the emulator",
    "AWS::KMS::Alias": "of that key",
    "AWS::ApiGateway::Account": "the account may write API Gateway's logs, of which there are none",
    "AWS::SecretsManager::Secret": "the key that CloudFront adds: there is none on a laptop",
    "AWS::Logs::LogGroup": "access logs, and the log of the migrations",
    "AWS::Lambda::Version": "there are no snapshots to start from",
    "AWS::Lambda::Alias": "of that version",
    "AWS::Lambda::EventInvokeConfig": "of that alias",
    "AWS::Lambda::Function": "migrations, and the CDK's function that calls them: risk up migrates before it deploys",
    "AWS::IAM::Role": "of those two",
    "AWS::IAM::Policy": "of migrations",
    "Custom::Trigger": "what calls them",
    "Custom::S3AutoDeleteObjects": "the bucket of exports goes with the emulator",
}
DIFFERENCES = {
    r"Properties/VpcConfig": "the emulator has no NAT, and Postgres is on 127.0.0.1",
    r"Properties/SnapStart": "there are no snapshots to start from",
    r"Properties/TracingConfig": "there is no X-Ray",
    r"Properties/AccessLogSettings": "the emulator logs each request itself",
    r"Properties/Runtime": "its Lambdas run on the Python that is here",
    r"Properties/Code/S3Bucket": "its account is known",
    r"Properties/RetentionInDays": "a laptop keeps a day",
    r"Properties/(Name|Description)": "the name of the stage",
    r"Properties/PolicyDocument": "tracing, the network, the key in KMS, and an account that is known",
    r"Properties/SourceArn": "an account that is known",
    r"Properties/(IntegrationUri|FunctionName)": "the alias, which there is none of",
    r"Properties/Tags": "the bucket of exports is emptied by hand on a laptop",
    r"DependsOn": "the migrations",
    r"(DeletionPolicy|UpdateReplacePolicy)": "nothing that is locked outlives the emulator",
    r"Variables/AUDIT_(KEY_FILE|KEY_ID|ORIGIN)": "a file signs, for a log of another name",
    r"Variables/DATABASE_(PROXY|TLS|SECRET)": "no RDS Proxy and no TLS on 127.0.0.1",
    r"Variables/REGISTRATION_OPEN": "whoever runs it locally may register",
    r"Variables/REDIS_TLS": "no TLS on 127.0.0.1",
    r"Variables/(TRUSTED_PROXIES|ORIGIN_KEY_SECRET)": "no CloudFront in front",
    r"Variables/WEBHOOK_PRIVATE_TARGETS": "receivers are on the laptop",
    r"Variables/WS_MANAGEMENT_URL": "the emulator has its own form of the address",
}


def test_what_the_emulator_runs_is_dev_but_for_what_it_lacks(templates: Stages) -> None:
    local, dev = (resources(templates[name]["edge"]) for name in ("local", "dev"))
    found: dict[str, set[str]] = {}
    for name in sorted(local.keys() | dev.keys()):
        if name not in dev or name not in local:
            kind = (dev.get(name) or local[name])["Type"]
            assert name not in local, f"{name} is on the emulator alone"
            assert kind in ONLY_IN_AWS, f"{name} ({kind}) is in dev alone"
            found.setdefault(f"only in dev: {kind}: {ONLY_IN_AWS[kind]}", set()).add(name)
            continue
        here, there = dict(flat(local[name])), dict(flat(dev[name]))
        for path in sorted(here.keys() | there.keys()):
            if here.get(path) != there.get(path):
                why = [reason for pattern, reason in DIFFERENCES.items() if re.search(pattern, path)]
                assert why, f"{name}{path}: {here.get(path)} on the emulator, {there.get(path)} in dev"
                found.setdefault(f"{path}: {why[0]}", set()).add(name)
    for difference, where in sorted(found.items()):
        print(f"{difference} ({len(where)})")  # noqa: T201  (what the test is for: pytest -rP shows it)
    used = {pattern for pattern in DIFFERENCES if any(re.search(pattern, one) for one in found)}
    assert used == set(DIFFERENCES), "these differences are gone"


def resources(template: Template) -> dict[str, Any]:
    """The resources by names that do not hold the stage's, and without what only the CDK reads."""
    text_of_names = re.compile(r"RiskEdge(local|dev)\w+?(?=[0-9A-F]{16}$|$)|[0-9A-F]{8,16}$|[0-9a-f]{40}$")
    return {
        text_of_names.sub("", name): {key: value for key, value in one.items() if key != "Metadata"}
        for name, one in template["Resources"].items()
    }


def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{path}/{key}")
    else:
        yield path, re.sub(r"[0-9A-F]{8,16}|local|dev\b", "", str(value))


# --- the templates as a whole -----------------------------------------------------------------------


def outline(stacks: Stacks) -> str:
    """What there is, by stack: each resource's type and name without its hash."""
    lines = []
    for kind, template in stacks.items():
        lines.append(f"{kind}:")
        names = (
            f"  {one['Type']} {re.sub(r'[0-9A-F]{8}([0-9a-f]{32,40})?$', '', name)}"
            for name, one in template["Resources"].items()
        )
        lines += sorted(names)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_what_there_is_has_not_changed_unnoticed(templates: Stages, stage: str) -> None:
    """``UPDATE_SNAPSHOTS=1 pytest tests/infra/test_stacks.py`` takes what there is as what there should be."""
    path = Path(__file__).parent / "snapshots" / f"{stage}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(outline(templates[stage]))
    assert outline(templates[stage]) == path.read_text()


def test_no_template_has_an_error_that_cloudformation_would_find(templates: Stages, assemblies: Path) -> None:
    from cfnlint.api import lint_file  # type: ignore[import-untyped]
    from cfnlint.config import ManualArgs  # type: ignore[import-untyped]

    assert templates
    found = [
        f"{path.name}: {match}"
        for stage in ("dev", "full")  # all that prod has is in one of them
        for path in sorted((assemblies / stage).glob("*.template.json"))
        for match in lint_file(path, ManualArgs(regions=["us-east-1"]))
        if match.rule.severity == "error"
    ]
    assert found == []
