"""Request and response schemas of the decision policy."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from functions.api.config.schemas import Why
from functions.api.http.conventions.schemas import WHOLE, Input, Page
from risk.decisions.policy import DecisionPolicy
from risk.domain.assessment import Thresholds
from risk.domain.decisions import DecisionAction

_EXAMPLE: dict[str, Any] = {
    "rules": [
        {"name": "trusted", "action": "approve", "lists": ["trusted_accounts"]},
        {"name": "blocked", "action": "decline", "lists": ["blocked_devices"]},
        {"name": "critical", "action": "decline", "levels": ["CRITICAL"]},
        {"name": "step_up", "action": "challenge", "families": ["payment"], "when": "event.amount_base > 500.0"},
        {"name": "high", "action": "review", "levels": ["HIGH"]},
    ],
    "fallback": "approve",
}


class NewOverturn(Input):
    """What holds instead of the decision, and why."""

    action: DecisionAction = Field(examples=["approve"])
    reason: Why = Field(examples=["the customer confirmed the payment by telephone"])


class DecisionPolicyVersion(BaseModel):
    """A decision policy that is, or was, in force: with the configuration version that put it there."""

    version: int
    policy: DecisionPolicy
    changed_at: datetime
    changed_by: str
    reason: str


class DecisionPolicyPage(Page[DecisionPolicyVersion]):
    """A page of versions; ``next_cursor`` asks for the next page and is null on the last."""


class DecisionPolicyChange(Input):
    """The decision policy from now on, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"policy": _EXAMPLE, "reason": "step up large payments"}]}
    )

    policy: DecisionPolicy
    reason: Why


class DecisionPolicyRollback(Input):
    """The version whose decision policy is to be in force again, and the reason."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, examples=[3]), WHOLE]
    reason: Why = Field(examples=["too many customers were declined"])


class DecisionPreviewRequest(Input):
    """What to try on recent events: another policy, other thresholds, or both. What is left out is as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"policy": _EXAMPLE, "days": 7}]})

    policy: DecisionPolicy | None = None
    thresholds: Thresholds | None = None
    days: Annotated[int, Field(ge=1, le=31), WHOLE] = 7
