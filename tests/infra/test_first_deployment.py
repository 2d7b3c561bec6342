"""What would stop a deployment in a fresh account, or beside another stage, is in no template."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as SCHEMAS  # type: ignore[import-untyped]

from infra import PROJECT, node
from infra.local.services.postgres import binaries
from infra.stacks.web import one_page
from infra.versions import POSTGRES_VERSION, VALKEY_VERSION
from tests.infra.templates import Template, of_type
from tests.services import Services

IN_AWS = ("dev", "prod", "tiny", "full", "bare")
Stacks = dict[str, Template]
Stages = dict[str, Stacks]

# Names that are of one thing inside another, or of what is there anyway.
INSIDE = {
    ("AWS::EC2::VPCEndpoint", "ServiceName"): "what it leads to",
    ("AWS::Lambda::EventInvokeConfig", "Qualifier"): "which version of its function",
    ("AWS::WAFv2::WebACL", "Scope"): "what it is for",
    ("AWS::IAM::Policy", "PolicyName"): "a policy of its role",
    ("AWS::CloudWatch::Alarm", "MetricName"): "what is watched",
    ("AWS::ElastiCache::User", "UserName"): "a user of its group, known by its UserId",
    ("AWS::RDS::DBInstance", "CACertificateIdentifier"): "one of Amazon's authorities",
    ("AWS::RDS::DBInstance", "DBName"): "a database of the instance",
    ("AWS::RDS::DBProxyTargetGroup", "TargetGroupName"): "the one group of a proxy",
    ("AWS::ApiGatewayV2::Stage", "StageName"): "a stage of its API",
    ("AWS::Lambda::Alias", "Name"): "an alias of its function",
    ("AWS::Kinesis::StreamConsumer", "ConsumerName"): "a reader of its stream",
}


def resources(stacks: Stacks) -> Iterator[tuple[str, str, dict[str, Any]]]:
    return ((stack, name, one) for stack, template in stacks.items() for name, one in template["Resources"].items())


def physical_names(stacks: Stacks) -> Iterator[tuple[str, str]]:
    """Each name that a template gives to a resource, with the kind of the resource."""
    for _, _, resource in resources(stacks):
        kind, given = resource["Type"], resource.get("Properties", {})
        identifying = set()
        if not kind.startswith("Custom::"):
            schema = SCHEMAS.get_resource_schema("us-east-1", kind).schema
            identifying = {path.rsplit("/", 1)[-1] for path in schema.get("primaryIdentifier", [])}
        if kind == "AWS::Budgets::Budget":
            yield kind, given["Budget"]["BudgetName"]
        for key, value in given.items():
            if not isinstance(value, str) or (kind, key) in INSIDE:
                continue
            if key in identifying or re.fullmatch(r"(Name|\w+Name|\w+Identifier)", key):
                yield kind, value


@pytest.mark.parametrize("stage", IN_AWS)
def test_every_physical_name_holds_the_name_of_its_stage(templates: Stages, stage: str) -> None:
    names = list(physical_names(templates[stage]))
    assert len(names) > 25
    assert [(kind, name) for kind, name in names if stage not in name] == []


def test_no_two_stages_share_a_name_or_an_export(templates: Stages) -> None:
    taken: dict[tuple[str, str], str] = {}
    for stage in IN_AWS:
        exports = [
            ("export", json.dumps(output["Export"]["Name"]))
            for template in templates[stage].values()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        ]
        for name in {*physical_names(templates[stage]), *exports}:
            assert taken.setdefault(name, stage) == stage, name


@pytest.mark.parametrize("stage", ["dev", "prod", "tiny", "full"])
def test_api_gateway_may_write_logs_before_the_first_stage_that_needs_it(templates: Stages, stage: str) -> None:
    edge = templates[stage]["edge"]["Resources"]
    ((account, setting),) = ((name, one) for name, one in edge.items() if one["Type"] == "AWS::ApiGateway::Account")
    role = setting["Properties"]["CloudWatchRoleArn"]["Fn::GetAtt"][0]
    assert "AmazonAPIGatewayPushToCloudWatchLogs" in str(edge[role]["Properties"]["ManagedPolicyArns"])
    assert {edge[name]["DeletionPolicy"] for name in (account, role)} == {"Retain"}
    (socket,) = (
        one
        for one in edge.values()
        if one["Type"] == "AWS::ApiGatewayV2::Stage" and one["Properties"]["StageName"] == "ws"
    )
    assert "AccessLogSettings" in socket["Properties"]
    assert account in socket["DependsOn"]


def test_without_access_logs_no_account_setting_is_needed(templates: Stages) -> None:
    edge = templates["bare"]["edge"]
    assert not of_type(edge, "AWS::ApiGateway::Account")
    assert not [one for one in of_type(edge, "AWS::ApiGatewayV2::Stage").values() if "AccessLogSettings" in one]


@pytest.mark.parametrize("stage", IN_AWS)
def test_what_a_failed_creation_made_does_not_stand_in_the_way_of_the_next(templates: Stages, stage: str) -> None:
    named = {name for _, name in physical_names(templates[stage])}
    for stack, name, resource in resources(templates[stage]):
        kept = resource.get("DeletionPolicy") == "Retain"
        own = {value for value in resource.get("Properties", {}).values() if isinstance(value, str)} & named
        assert not (kept and own), f"{stack}: {name} would keep the name {own}"
    policies = {one.get("DeletionPolicy") for _, _, one in resources(templates["prod"])}
    assert "RetainExceptOnCreate" in policies


# --- one version of each ---------------------------------------------------------------------------


@pytest.mark.parametrize("stage", IN_AWS)
def test_the_stacks_ask_for_the_one_version_of_postgres_and_of_valkey(templates: Stages, stage: str) -> None:
    (database,) = of_type(templates[stage]["data"], "AWS::RDS::DBInstance").values()
    (group,) = of_type(templates[stage]["data"], "AWS::RDS::DBParameterGroup").values()
    (valkey,) = of_type(templates[stage]["data"], "AWS::ElastiCache::ReplicationGroup").values()
    assert (database["EngineVersion"], group["Family"]) == (POSTGRES_VERSION, f"postgres{POSTGRES_VERSION}")
    assert (valkey["Engine"], valkey["EngineVersion"]) == ("valkey", VALKEY_VERSION)


def test_containers_and_wheels_are_of_the_same_versions(services: Services) -> None:
    images = {name: one.get("image", "") for name, one in yaml.safe_load(_compose())["services"].items()}
    postgres = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, text=True, check=True)
    assert re.search(rf"PostgreSQL\) {POSTGRES_VERSION}\.", postgres.stdout)
    extension = next((binaries().parent / "share/postgresql/extension").glob("vector.control")).read_text()
    (vector,) = re.findall(r"default_version = '([\d.]+)'", extension)
    assert images["postgres"].partition("@")[0] == f"pgvector/pgvector:{vector}-pg{POSTGRES_VERSION}"
    assert str(_valkey(services).info("server")["valkey_version"]).startswith(f"{VALKEY_VERSION}.")
    assert images["valkey"].startswith(f"valkey/valkey:{VALKEY_VERSION}-")


def _compose() -> str:
    return (PROJECT / "compose.yaml").read_text()


def test_valkey_has_every_command_that_the_code_sends(services: Services) -> None:
    """By what the server says of each: since which version it is there."""
    client: Any = _valkey(services)
    documented = {name.decode() if isinstance(name, bytes) else name for name in client.execute_command("COMMAND LIST")}
    sources = [path for part in ("risk", "functions", "streaming") for path in (PROJECT / part).rglob("*.py")]
    texts = [text for text in (path.read_text() for path in sources) if re.search(r"^\s*import redis", text, re.M)]
    called = {name for text in texts for name in re.findall(r"\b(?:client|pipe|valkey|store\(\))\.(\w+)\(", text)}
    called |= {name.lower() for text in texts for name in re.findall(r"redis\.call\(['\"](\w+)", text)}
    commands = called & documented
    assert {"getdel", "zadd"} <= commands
    for name, facts in client.execute_command("COMMAND DOCS", *commands).items():
        since = (facts.get("since") or facts[b"since"]).decode()
        assert _numbers(since) <= (*_numbers(VALKEY_VERSION), 999), (name, since)


def _valkey(services: Services) -> redis.Redis:
    return redis.Redis(port=services.valkey().port)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


# --- the page at the edge ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/", "/index.html"),
        ("/alerts", "/index.html"),
        ("/counterparties/amazon.com", "/index.html"),
        ("/accounts/a.b.c/x.y", "/index.html"),
        ("/favicon.svg", "/favicon.svg"),
        ("/assets/index-1a2b.js", "/assets/index-1a2b.js"),
        ("/assets", "/index.html"),
    ],
)
def test_every_path_but_a_file_of_the_site_is_the_page(tmp_path: Path, asked: str, given: str) -> None:
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "favicon.svg", "assets/index-1a2b.js"):
        (tmp_path / name).touch()
    code = one_page(tmp_path)
    assert len(code) < 10_000  # CloudFront's limit
    program = f"{code}\nconsole.log(handler({{request: {{uri: {json.dumps(asked)}}}}}).uri)"
    done = subprocess.run([node.folder() / "node", "-e", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == given
