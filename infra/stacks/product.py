"""Product settings of a stage, as the API reads them."""

from __future__ import annotations

import json

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from infra.stages import Stage

_THRESHOLDS = ("risk_low_threshold", "risk_medium_threshold", "risk_high_threshold")
_SAME = (
    "registration_open",
    "rule_approval",
    "access_token_minutes",
    "refresh_token_days",
    "session_days",
    "rate_limit_user",
    "rate_limit_key",
    "rate_limit_address",
    *_THRESHOLDS,
)
_OIDC = ("oidc_issuer", "oidc_client_id", "oidc_scopes", "oidc_groups_claim", "oidc_default_role")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def thresholds(stage: Stage) -> dict[str, str]:
    """The thresholds of a new installation."""
    return {name.upper(): _text(getattr(stage, name)) for name in _THRESHOLDS}


def product_settings(stage: Stage) -> dict[str, str]:
    """The API's environment for the stage, without settings that are not configured."""
    found = {name.upper(): _text(getattr(stage, name)) for name in _SAME}
    # CloudFront adds its client's address; on a laptop there is no proxy in front.
    found["TRUSTED_PROXIES"] = "0" if stage.emulated else "1"
    if stage.public_url:
        found["SITE_URL"] = stage.public_url
    if stage.mail_from:
        found["MAIL_FROM"] = stage.mail_from
    if stage.oidc_issuer:
        found |= {name.upper(): getattr(stage, name) for name in _OIDC}
        found["OIDC_GROUP_ROLES"] = json.dumps(dict(stage.oidc_group_roles), sort_keys=True)
    if stage.openai_model:
        found |= {"RAG_ENABLED": "true", "OPENAI_MODEL": stage.openai_model}
        found["OPENAI_EMBEDDING_MODEL"] = stage.openai_embedding_model
        found["OPENAI_API_KEY_SECRET"] = stage.secret("openai-api-key")
        if stage.openai_base_url:
            found["OPENAI_BASE_URL"] = stage.openai_base_url
    return found


def allow_mail(function: lambda_.Function, stage: Stage) -> None:
    """Let a function send mail from the stage's one address."""
    domain = stage.mail_from.partition("@")[2]
    identities = [
        Stack.of(function).format_arn(service="ses", resource="identity", resource_name=name)
        for name in (domain, stage.mail_from)
    ]
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=["ses:SendEmail"],
            resources=identities,
            conditions={"StringEquals": {"ses:FromAddress": stage.mail_from}},
        )
    )
