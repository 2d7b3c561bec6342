"""``risk doctor`` against moto: what is missing is found, named, and given a next step; what is there is well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from infra.cli import app
from infra.doctor import account as before
from infra.doctor import running as after
from infra.doctor.check import Account, Result, Status, run
from infra.stages import PROD_STAGE, Stage

DEV = replace(PROD_STAGE, name="dev", suffix="-dev", engine_tag="3f9c2a1", broadcast_concurrency=0)

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def found(*checks: Any, stage: Stage = DEV) -> dict[str, Result]:
    return {result.name: result for result in run(checks, Account(stage))}


def make(kind: str, outputs: dict[str, str]) -> None:
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    boto3.client("cloudformation").create_stack(StackName=f"Risk{kind}-dev", TemplateBody=json.dumps(template))


def test_credentials_of_another_account_are_refused() -> None:
    assert found(before.check_credentials)["credentials"].status is Status.OK
    other = found(before.check_credentials, stage=replace(DEV, account="999999999999"))["credentials"]
    assert (other.status, "999999999999" in other.next_step) == (Status.FAILED, True)


@pytest.mark.parametrize(("version", "status"), [(None, Status.FAILED), ("5", Status.FAILED), ("21", Status.OK)])
def test_a_region_that_is_not_bootstrapped_is_found(version: str | None, status: Status) -> None:
    if version:
        boto3.client("ssm").put_parameter(Name=before.BOOTSTRAP_PARAMETER, Value=version, Type="String")
    assert found(before.check_bootstrap)["bootstrap"].status is status


def test_too_little_of_a_quota_is_found_with_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    few = found(before.check_shards, stage=replace(DEV, events_shards=10_000))["Kinesis shards"]
    assert few.status is Status.FAILED
    assert "L-0E8A9DBB" in few.next_step
    assert found(before.check_shards)["Kinesis shards"].status is Status.OK


def test_mail_needs_a_verified_identity() -> None:
    stage = replace(DEV, mail_from="risk@example.com")
    assert found(before.check_mail_identity, stage=stage)["SES identity"].status is Status.FAILED
    boto3.client("sesv2").create_email_identity(EmailIdentity="example.com")  # moto never verifies one
    assert found(before.check_mail_identity, stage=stage)["SES identity"].seen == "not verified"
    assert found(before.check_mail_identity) == {}, "a stage that sends no mail needs none"


def test_a_certificate_must_be_issued_where_cloudfront_looks() -> None:
    elsewhere = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
    stage = replace(DEV, domain_name="risk.example.com", certificate_arn=elsewhere)
    assert "us-east-1" in found(before.check_certificate, stage=stage)["certificate"].next_step
    request = boto3.client("acm", region_name="us-east-1").request_certificate
    for name, covers in (("other.example.com", False), ("*.example.com", True)):
        arn = request(DomainName=name, ValidationMethod="DNS")["CertificateArn"]
        result = found(before.check_certificate, stage=replace(stage, certificate_arn=arn))["certificate"]
        assert (result.status is Status.OK) == (covers and result.seen.startswith("ISSUED"))


def test_a_secret_of_an_operator_is_missed() -> None:
    stage = replace(DEV, openai_model="gpt-5-mini")
    name = "secret risk/dev/openai-api-key"
    assert "create-secret" in found(before.check_secrets, stage=stage)[name].next_step
    boto3.client("secretsmanager").create_secret(Name="risk/dev/openai-api-key", SecretString="key")
    assert found(before.check_secrets, stage=stage)[name].status is Status.OK


def test_an_image_that_was_not_pushed_is_missed_and_the_registry_before_it() -> None:
    assert "engine_tag" in found(before.check_image, stage=replace(DEV, engine_tag=""))["image"].next_step
    assert "RiskData-dev" in found(before.check_image)["image"].next_step
    registry = boto3.client("ecr")
    registry.create_repository(repositoryName="risk-dev/engine")
    assert "Push" in found(before.check_image)["image"].next_step
    manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": {}, "layers": []})
    registry.put_image(repositoryName="risk-dev/engine", imageManifest=manifest, imageTag="3f9c2a1")
    assert found(before.check_image)["image"].status is Status.OK


def test_the_role_of_another_system_for_gateway_logs_is_named() -> None:
    client = boto3.client("apigateway")
    name = "API Gateway's role for logs"
    role = "arn:aws:iam::123456789012:role/somebody-elses"
    client.update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": role}])
    assert found(before.check_gateway_role)[name].status is Status.FAILED
    assert found(before.check_gateway_role, stage=replace(DEV, access_logs=False)) == {}


# --- what runs -------------------------------------------------------------------------------------


def test_each_stack_that_is_missing_is_named_with_its_command() -> None:
    make("Network", {})
    results = found(after.check_stacks)
    assert results["RiskNetwork-dev"].status is Status.OK
    assert "deploy RiskEdge-dev" in results["RiskEdge-dev"].next_step


@pytest.mark.parametrize(
    ("status", "step"),
    [
        ("ROLLBACK_COMPLETE", "delete-stack"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
        ("X_IN_PROGRESS", "Wait"),
    ],
)
def test_a_stack_that_failed_has_the_next_step_of_its_state(status: str, step: str) -> None:
    assert step in after._step_for("RiskEdge-dev", status)


def test_a_proxy_that_knows_the_instance_from_before_a_restore_is_found() -> None:
    client = boto3.client("rds")
    for name in ("risk-new", "risk-before"):
        made = client.create_db_instance(
            DBInstanceIdentifier=name, DBInstanceClass="db.t4g.micro", Engine="postgres", AllocatedStorage=20
        )["DBInstance"]
        if name == "risk-new":
            make("Data", {"DatabaseHost": made["Endpoint"]["Address"]})
    role = "arn:aws:iam::123456789012:role/proxy"
    client.create_db_proxy(
        DBProxyName="risk-dev",
        EngineFamily="POSTGRESQL",
        RoleArn=role,
        VpcSubnetIds=_subnets(),
        Auth=[{"AuthScheme": "SECRETS"}],
    )
    client.register_db_proxy_targets(DBProxyName="risk-dev", DBInstanceIdentifiers=["risk-before"])
    results = found(after.check_database)
    assert results["Postgres"].status is Status.OK
    assert results["RDS Proxy"].status is Status.FAILED
    assert (
        "register-db-proxy-targets --db-proxy-name risk-dev --db-instance-identifiers risk-new"
        in results["RDS Proxy"].next_step
    )


def _subnets() -> list[str]:
    return [one["SubnetId"] for one in boto3.client("ec2").describe_subnets()["Subnets"]][:2]


def test_a_stream_and_its_absence() -> None:
    boto3.client("kinesis").create_stream(StreamName="risk-events-dev", ShardCount=2)
    results = found(after.check_streams)
    assert results["risk-events-dev"].seen == "ACTIVE, 2 shards"
    assert results["streams"].status is Status.UNKNOWN, "ResourceNotFound: the rest of the checks go on"


def test_events_that_wait_are_late_and_silence_is_no_good_sign() -> None:
    assert "nobody read" in found(after.check_lag)["lag"].seen
    put = boto3.client("cloudwatch").put_metric_data
    for age, status in ((500, Status.OK), (90_000, Status.FAILED)):
        data: Any = {
            "MetricName": "GetRecords.IteratorAgeMilliseconds",
            "Dimensions": [{"Name": "StreamName", "Value": "risk-events-dev"}],
            "Value": age,
        }
        data["Timestamp"] = datetime.now(UTC) - timedelta(minutes=2 if age < 1_000 else 1)
        put(Namespace="AWS/Kinesis", MetricData=[data])
        assert found(after.check_lag)["lag"].status is status


def test_an_alarm_that_rings_and_mail_that_nobody_confirmed_are_named() -> None:
    client = boto3.client("cloudwatch")
    client.put_metric_alarm(
        AlarmName="risk-dev-api-5xx", EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold", Threshold=1,
        MetricName="5xx", Namespace="AWS/ApiGateway", Period=60, Statistic="Sum", AlarmDescription="The API fails",
    )  # fmt: skip
    client.set_alarm_state(AlarmName="risk-dev-api-5xx", StateValue="OK", StateReason="test")
    assert found(after.check_alarms)["alarms"].seen == "1, of which 0 ring"
    client.set_alarm_state(AlarmName="risk-dev-api-5xx", StateValue="ALARM", StateReason="test")
    assert found(after.check_alarms)["risk-dev-api-5xx"].seen == "The API fails"
    topic = boto3.client("sns").create_topic(Name="alarms")["TopicArn"]
    make("Observability", {"AlarmTopic": topic})
    stage = replace(DEV, alarm_email="duty@example.com")
    assert found(after.check_alarms, stage=stage)["alarms' mail"].status is Status.FAILED


def test_a_bucket_without_a_checkpoint_is_found() -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="audit")
    make("Edge", {"AuditBucket": "audit"})
    assert found(after.check_checkpoints)["checkpoints"].status is Status.FAILED
    s3.put_object(Bucket="audit", Key="checkpoints/1-1.txt", Body=b"note")
    assert found(after.check_checkpoints)["checkpoints"].status is Status.OK


def test_an_address_that_does_not_answer_is_found() -> None:
    make("Web", {"SiteUrl": "http://127.0.0.1:9"})
    assert found(after.check_health)["API through CloudFront"].status is Status.FAILED


def test_a_refused_call_is_unknown_and_the_other_checks_go_on() -> None:
    def check_nothing(account: Account) -> Iterator[Result]:
        account.client("kinesis").describe_stream_summary(StreamName="none")
        yield Result("never", Status.OK, "")

    results = found(check_nothing, before.check_credentials)
    assert results["nothing"].status is Status.UNKNOWN
    assert results["credentials"].status is Status.OK


def test_the_command_ends_with_1_and_says_in_json_what_to_do_in_a_fresh_account() -> None:
    done = CliRunner().invoke(app, ["doctor", "--stage", "dev", "--json"])
    assert done.exit_code == 1, done.output
    answer = json.loads(done.output.splitlines()[-1])
    assert answer["well"] is False
    named = {one["name"]: one for one in answer["checks"]}
    assert {"credentials", "bootstrap", "image"} <= named.keys()
    assert all(one["next_step"] for one in answer["checks"] if one["status"] != "ok")
    assert "RiskEdge-dev" not in named, "what is not deployed is not looked at"


def test_a_stage_that_there_is_not_and_the_local_one_are_refused() -> None:
    assert CliRunner().invoke(app, ["doctor", "--stage", "qa"]).exit_code == 2
    assert CliRunner().invoke(app, ["doctor", "--stage", "local"]).exit_code == 2
