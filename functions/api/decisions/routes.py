"""The decision policy. Each change is a new version of the configuration."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Response

from functions.api.decisions import service
from functions.api.decisions.schemas import (
    DecisionPolicyChange,
    DecisionPolicyPage,
    DecisionPolicyRollback,
    DecisionPolicyVersion,
    DecisionPreviewRequest,
)
from functions.api.http.conventions import etags, paging
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.push import push
from functions.api.http.routing import PREFIX
from risk.adapters.stream_contracts import UpdateType
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
    """A change of the policy: locked, checked, versioned, logged and pushed."""

    def __init__(
        self,
        user: CurrentUser,
        services: ServicesDep,
        connection: Database,
        now: Now,
        response: Response,
        after: BackgroundTasks,
        audit: AuditDep,
        if_match: etags.IfMatch = None,
    ) -> None:
        self._user, self._services, self._connection, self._now = user, services, connection, now
        self._response, self._after, self._audit, self._if_match = response, after, audit, if_match

    def __call__(self, policy: DecisionPolicy, reason: str, *, restored: int | None = None) -> DecisionPolicyVersion:
        configurations.ensure_first(self._connection, self._services.settings.thresholds, now=self._now)
        present = configurations.lock(self._connection)
        assert present is not None
        etags.check(self._if_match, etags.tag("configuration", present.version))
        service.check_policy(self._connection, policy)
        changed = configurations.add_version(
            self._connection,
            present.thresholds,
            present.alert_policy,
            decisions=policy,
            changed_at=self._now,
            changed_by=self._user.email,
            reason=reason,
        )
        self._audit(
            personal={"reason": reason},
            version=changed.version,
            before=present.decisions.model_dump(mode="json", exclude_defaults=True),
            after=policy.model_dump(mode="json", exclude_defaults=True),
            restored=restored,
        )
        self._after.add_task(push, self._services, UpdateType.CONFIG, changed)
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
