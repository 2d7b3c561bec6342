"""The synthesized templates, and how tests look into them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from infra import PROJECT, bundle
from infra.stages import DEV_STAGE, PROD_STAGE, STAGES, Stage

Template = dict[str, Any]

FULL_STAGE = replace(
    PROD_STAGE,
    name="full",
    suffix="-full",
    engine_tag="3f9c2a1",
    account="000000000000",
    domain_name="risk.example.com",
    certificate_arn="arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000000",
    mail_from="risk@example.com",
    alarm_email="duty@example.com",
    oidc_issuer="https://login.example.com",
    oidc_client_id="risk",
    oidc_group_roles={"risk-admins": "admin"},
    openai_model="gpt-5-mini",
    openai_base_url="https://models.example.com/v1",
    event_source="kafka",
    kafka_brokers="b-1.kafka.example.com:9096",
)
"""Everything that can be switched on is."""

BARE_STAGE = replace(
    DEV_STAGE,
    name="bare",
    suffix="-bare",
    access_logs=False,
    flow_logs=False,
    tracing=False,
    dashboard=False,
    container_insights=False,
    own_keys=False,
    snap_start=False,
    streams_on_demand=True,
    engine_spot=True,
)
"""Everything that can be switched off is."""


def synthesize(stage: Stage, empty: Path, out: Path) -> dict[str, Template]:
    """The templates of a stage by the kind of their stack, on empty bundles; a finding of cdk-nag fails."""
    from aws_cdk import App

    from infra.app import build

    context = {
        **json.loads((PROJECT / "cdk.json").read_text())["context"],
        **json.loads((PROJECT / "cdk.context.json").read_text()),
    }
    app = App(outdir=str(out), context=context)
    stacks = build(app, stage, dict.fromkeys(bundle.EXTRAS, empty), empty)
    app.synth()
    return {
        kind: json.loads((out / f"{stack.artifact_id}.template.json").read_text()) for kind, stack in stacks.items()
    }


def stages() -> dict[str, Stage]:
    """The stages that are synthesized."""
    return {**STAGES, FULL_STAGE.name: FULL_STAGE, BARE_STAGE.name: BARE_STAGE}


def of_type(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    found = template["Resources"].items()
    return {name: resource.get("Properties", {}) for name, resource in found if resource["Type"] == kind}


def function(template: Template, name: str) -> dict[str, Any]:
    (found,) = (
        properties
        for properties in of_type(template, "AWS::Lambda::Function").values()
        if properties["Handler"] == f"functions.{name}.handler.handler"
    )
    return found


def statements(template: Template, role: str) -> list[dict[str, Any]]:
    policies = of_type(template, "AWS::IAM::Policy").values()
    return [
        statement
        for policy in policies
        if any(reference["Ref"].startswith(role) for reference in policy["Roles"])
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def actions(template: Template, role: str) -> set[str]:
    found = [statement["Action"] for statement in statements(template, role)]
    return {action for one in found for action in ([one] if isinstance(one, str) else one)}


def logical_ids(template: Template, kind: str) -> Iterator[str]:
    """The names of the resources of a kind."""
    return (name for name, resource in template["Resources"].items() if resource["Type"] == kind)
