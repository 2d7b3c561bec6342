"""Checks after a deployment: whether each part runs and can reach the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from botocore.exceptions import ClientError

from infra.doctor.check import Account, Check, Result, judge

STACKS = ("Network", "Data", "Edge", "Scoring", "Web", "Observability")
LATE = timedelta(minutes=1)
_WELL = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")


def stack(account: Account, kind: str) -> dict[str, Any] | None:
    """A stack of the stage; None if there is none."""
    name = f"Risk{kind}-{account.stage.name}"
    try:
        found: dict[str, Any] = account.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    return found


def outputs(account: Account, kind: str) -> dict[str, str]:
    """The outputs of a stack; empty if there is none."""
    return {one["OutputKey"]: one["OutputValue"] for one in (stack(account, kind) or {}).get("Outputs", [])}


def _step_for(name: str, status: str) -> str:
    if status == "ROLLBACK_COMPLETE":
        delete = f"aws cloudformation delete-stack --stack-name {name}"
        return f"Its creation failed: read its events, then {delete}, and deploy."
    if status == "UPDATE_ROLLBACK_FAILED":
        return f"aws cloudformation continue-update-rollback --stack-name {name}"
    if status.endswith("IN_PROGRESS"):
        return "Wait until the deployment ends."
    return f"Read the first failure: aws cloudformation describe-stack-events --stack-name {name}"


def check_stacks(account: Account) -> Iterator[Result]:
    """Each stack is deployed completely."""
    for kind in STACKS:
        name, found = f"Risk{kind}-{account.stage.name}", stack(account, kind)
        if found is None:
            yield judge(name, False, "not deployed", f"python -m infra.cdk deploy {name} -c stage={account.stage.name}")
        else:
            status = found["StackStatus"]
            yield judge(name, status in _WELL, status, _step_for(name, status))


def check_database(account: Account) -> Iterator[Result]:
    """Postgres is available, and the proxy's target is the instance in use."""
    host = outputs(account, "Data").get("DatabaseHost")
    client = account.client("rds")
    instances = client.describe_db_instances()["DBInstances"]
    (found,) = [one for one in instances if one.get("Endpoint", {}).get("Address") == host] or [None]
    status = found["DBInstanceStatus"] if found else f"no instance has the address {host}"
    yield judge("Postgres", status == "available", status, "After a restore: swap the names (docs/deploy.md, Restore).")
    if not account.stage.database_proxy or found is None:
        return
    name = f"risk-{account.stage.name}"
    targets = client.describe_db_proxy_targets(DBProxyName=name)["Targets"]
    known = {one.get("RdsResourceId"): one.get("TargetHealth", {}).get("State", "no state") for one in targets}
    seen = ", ".join(f"{target}: {state}" for target, state in known.items()) or "no target"
    own = found["DBInstanceIdentifier"]
    step = f"aws rds register-db-proxy-targets --db-proxy-name {name} --db-instance-identifiers {own}"
    yield judge("RDS Proxy", known == {own: "AVAILABLE"}, seen, step)


def check_streams(account: Account) -> Iterator[Result]:
    """Both streams are active."""
    client = account.client("kinesis")
    for name in ("risk-events", "risk-updates"):
        stream = account.stage.stream(name)
        found = client.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
        seen = f"{found['StreamStatus']}, {found['OpenShardCount']} shards"
        yield judge(stream, found["StreamStatus"] == "ACTIVE", seen, "Wait, or read the Edge stack's events.")


def check_functions(account: Account) -> Iterator[Result]:
    """Each Lambda is active, and its event sources are enabled."""
    client = account.client("lambda")
    for output, function in outputs(account, "Edge").items():
        if not output.endswith("Function"):
            continue
        found = client.get_function_configuration(FunctionName=function)
        states = (found.get("State", "Active"), found.get("LastUpdateStatus", "Successful"))
        step = (
            found.get("StateReason") or found.get("LastUpdateStatusReason") or "Read its events in the Lambda console."
        )
        yield judge(function, states == ("Active", "Successful"), ", ".join(states), step)
        for mapping in client.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]:
            step = f"aws lambda update-event-source-mapping --enabled --uuid {mapping['UUID']}"
            yield judge(f"{function} reads its stream", mapping["State"] == "Enabled", mapping["State"], step)


def check_engine(account: Account) -> Iterator[Result]:
    """Exactly one engine task runs, from the stage's image."""
    found = outputs(account, "Scoring")
    if not found:
        return
    client = account.client("ecs")
    (service,) = client.describe_services(cluster=found["ClusterName"], services=[found["EngineService"]])["services"]
    running, desired = service["runningCount"], service["desiredCount"]
    step = "Read the service's events in ECS, then the engine's log. Desired 0: docs/deploy.md, Restore, last steps."
    yield judge("engine", running == desired == 1, f"{running} of {desired} tasks", step)
    tag = found["EngineImage"].rpartition(":")[2]
    step = f"Deploy RiskScoring-{account.stage.name}, or correct engine_tag in the stage file."
    yield judge("engine's version", tag == account.stage.engine_tag, tag, step)


def check_lag(account: Account) -> Iterator[Result]:
    """The engine keeps up with the stream."""
    now = datetime.now(UTC)
    points = account.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Kinesis",
        MetricName="GetRecords.IteratorAgeMilliseconds",
        Dimensions=[{"Name": "StreamName", "Value": account.stage.stream("risk-events")}],
        StartTime=now - timedelta(minutes=10),
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    if not points:
        yield judge("lag", False, "nobody read the events stream in the last 10 minutes", "Is the engine running?")
        return
    newest = max(points, key=lambda point: point["Timestamp"])
    late = timedelta(milliseconds=newest["Maximum"])
    yield judge("lag", late < LATE, f"{late.total_seconds():.1f} s", "docs/scaling.md: more vCPU, then shards.")


def check_alarms(account: Account) -> Iterator[Result]:
    """No alarm is active, and the notification address is confirmed."""
    prefix = f"risk-{account.stage.name}-"
    pages = account.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix)
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    ringing = [one for one in alarms if one["StateValue"] == "ALARM"]
    for alarm in ringing:
        what = alarm.get("AlarmDescription", "")
        yield judge(alarm["AlarmName"], False, what, "docs/deploy.md, When an alarm rings.")
    step = f"Deploy RiskObservability-{account.stage.name}."
    yield judge("alarms", bool(alarms), f"{len(alarms)}, of which {len(ringing)} ring", step)
    topic = outputs(account, "Observability").get("AlarmTopic")
    if topic and account.stage.alarm_email:
        subscribed = account.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        confirmed = any(
            one["Endpoint"] == account.stage.alarm_email and one["SubscriptionArn"].startswith("arn:")
            for one in subscribed
        )
        seen = "confirmed" if confirmed else "not confirmed"
        yield judge("alarms' mail", confirmed, seen, f"Open the mail that AWS sent to {account.stage.alarm_email}.")


def check_checkpoints(account: Account) -> Iterator[Result]:
    """A recent checkpoint of the audit log exists."""
    bucket = outputs(account, "Edge").get("AuditBucket")
    if not bucket:
        return
    found = account.client("s3").list_objects_v2(Bucket=bucket, Prefix="checkpoints/", MaxKeys=1).get("Contents", [])
    seen = f"newest kept at {found[0]['LastModified']:%Y-%m-%d %H:%M} UTC" if found else "none is kept"
    yield judge(
        "checkpoints", bool(found), seen, "Read maintenance's log for the task audit-checkpoint (docs/audit.md)."
    )


def check_health(account: Account) -> Iterator[Result]:
    """The site's address reaches Postgres and the stream through CloudFront and the API."""
    url = outputs(account, "Web").get("SiteUrl")
    if not url:
        return
    try:
        response = httpx.get(f"{url}/api/v1/health", timeout=30)
        seen = f"{response.status_code}: {response.text[:200]}"
        well = response.status_code == 200
    except httpx.HTTPError as error:
        seen, well = f"{url}: {error}", False
    yield judge(
        "API through CloudFront", well, seen, "403: the site's or the firewall's; 5xx: the API's log. Then: risk smoke"
    )


def deployed(account: Account) -> bool:
    """Whether any stack is deployed other than those needed to push the image."""
    return stack(account, "Edge") is not None


AFTER: tuple[Check, ...] = (
    check_stacks,
    check_database,
    check_streams,
    check_functions,
    check_engine,
    check_lag,
    check_alarms,
    check_checkpoints,
    check_health,
)
