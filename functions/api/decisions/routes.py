"""The decision policy. Each change is a new version of the configuration."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from functions.api.config.change import Part, PartChange
from functions.api.decisions import service
from functions.api.decisions.schemas import (
    DecisionPolicyChange,
    DecisionPolicyPage,
    DecisionPolicyRollback,
    DecisionPolicyVersion,
    DecisionPreviewRequest,
)
from functions.api.http.conventions import etags, paging
from functions.api.http.dependencies import AuditDep, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from risk.alerts.configuration import Configuration
from risk.decisions.policy import DecisionPolicy
from risk.decisions.preview import DecisionPreview
from risk.domain.permissions import Permission
from risk.store.config import configurations

router = APIRouter(prefix=f"{PREFIX}/decisions", tags=["config"])
_READ = require(Permission.CONFIG_READ)
_TRY = require(Permission.RULES_DRAFT)
_WRITE = require(Permission.CONFIG_WRITE)


def _shown(found: Configuration) -> DecisionPolicyVersion:
    return DecisionPolicyVersion(
        version=found.version,
        policy=found.decisions,
        changed_at=found.changed_at,
        changed_by=found.changed_by,
        reason=found.reason,
    )


@router.get("/policy", dependencies=[_READ])
def get_decision_policy(
    services: ServicesDep, connection: Database, now: Now, response: Response
) -> DecisionPolicyVersion:
    """Get the decision policy in force, and since which version of the configuration."""
    present = configurations.ensure_first(connection, services.settings.thresholds, now=now)
    response.headers["etag"] = etags.tag("configuration", present.version)
    [newest] = configurations.decision_policies(connection, limit=1)
    return _shown(newest)


@router.get("/policy/versions", dependencies=[_READ])
def list_decision_policies(
    connection: Database, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> DecisionPolicyPage:
    """List the versions of the configuration that changed the decision policy, newest first."""
    before = None if cursor is None else paging.to_sequence(cursor)
    found = configurations.decision_policies(connection, limit=limit + 1, before=before)
    items = [_shown(one) for one in found[:limit]]
    next_cursor = paging.from_sequence(items[-1].version) if len(found) > limit else None
    return DecisionPolicyPage(items=items, next_cursor=next_cursor)


@router.post("/preview", dependencies=[_TRY])
def preview_decisions(
    body: DecisionPreviewRequest, services: ServicesDep, connection: Database, now: Now
) -> DecisionPreview:
    """Preview another policy, or other thresholds, on recent events: what would be decided otherwise, in money.

    Events are decided by the engine's own evaluation, newest first, for at most nine seconds. Nothing is changed.
    """
    present = configurations.ensure_first(connection, services.settings.thresholds, now=now)
    return service.preview(connection, body, present, now)


class _Change:
    """A change of the policy: checked and logged."""

    def __init__(self, change: PartChange, connection: Database, response: Response, audit: AuditDep) -> None:
        self._change, self._connection, self._response, self._audit = change, connection, response, audit

    def __call__(self, policy: DecisionPolicy, reason: str, *, restored: int | None = None) -> DecisionPolicyVersion:
        def edit(_present: Configuration) -> Part:
            service.check_policy(self._connection, policy)
            return {"decisions": policy}

        before, changed = self._change(edit, reason)
        self._audit(
            personal={"reason": reason},
            version=changed.version,
            before=before.decisions.model_dump(mode="json", exclude_defaults=True),
            after=policy.model_dump(mode="json", exclude_defaults=True),
            restored=restored,
        )
        self._response.headers["etag"] = etags.tag("configuration", changed.version)
        return _shown(changed)


ChangeDep = Annotated[_Change, Depends()]


@router.put("/policy", dependencies=[_WRITE], responses=etags.STALE)
def change_decision_policy(body: DecisionPolicyChange, change: ChangeDep) -> DecisionPolicyVersion:
    """Put a decision policy in force. The engine decides by it within a second; what was decided stays."""
    return change(body.policy, body.reason)


@router.post(
    "/policy/rollback", dependencies=[_WRITE], responses=etags.STALE | {404: {"description": "Version not found."}}
)
def roll_back_decision_policy(
    body: DecisionPolicyRollback, change: ChangeDep, connection: Database
) -> DecisionPolicyVersion:
    """Put the decision policy of an earlier version in force again; thresholds and the rest stay as they are."""
    return change(configurations.find(connection, body.version).decisions, body.reason, restored=body.version)
