"""Thresholds and alert policy, in immutable versions."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Response
from pydantic import ValidationError

from functions.api.config.schemas import ConfigurationChange, ConfigurationPage, ConfigurationRollback
from functions.api.http.access.request_audit import Audit
from functions.api.http.conventions import etags, paging
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.push import push
from functions.api.http.routing import PREFIX
from risk.adapters.stream_contracts import UpdateType
from risk.alerts.configuration import Configuration
from risk.domain.assessment import Thresholds
from risk.domain.errors import InvalidInput
from risk.domain.permissions import Permission
from risk.monitoring.threshold_preview import ThresholdPreview
from risk.store.assessments import threshold_preview
from risk.store.config import configurations

router = APIRouter(prefix=f"{PREFIX}/config", tags=["config"])
_READ = require(Permission.CONFIG_READ)
_WRITE = require(Permission.CONFIG_WRITE)


def _tagged(response: Response, found: Configuration) -> Configuration:
    response.headers["etag"] = etags.tag("configuration", found.version)
    return found


@router.get("", dependencies=[_READ])
def get_configuration(services: ServicesDep, connection: Database, now: Now, response: Response) -> Configuration:
    """Get the configuration in force."""
    return _tagged(response, configurations.ensure_first(connection, services.settings.thresholds, now=now))


@router.get("/versions", dependencies=[_READ])
def list_configurations(
    connection: Database, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> ConfigurationPage:
    """List all configuration versions, newest first, with author, time and reason."""
    before = None if cursor is None else paging.to_sequence(cursor)
    found = configurations.page(connection, limit=limit + 1, before=before)
    items = found[:limit]
    next_cursor = paging.from_sequence(items[-1].version) if len(found) > limit else None
    return ConfigurationPage(items=items, next_cursor=next_cursor)


Bound = Annotated[float, Query(gt=0, lt=1)]


@router.get("/preview", dependencies=[_READ])
def preview_configuration(
    services: ServicesDep,
    connection: Database,
    now: Now,
    low: Annotated[Bound, Query(description="Where MEDIUM would begin.", examples=[0.3])],
    medium: Annotated[Bound, Query(description="Where HIGH would begin.", examples=[0.5])],
    high: Annotated[Bound, Query(description="Where CRITICAL would begin.", examples=[0.8])],
    days: Annotated[int, Query(ge=1, le=31, description="How far back.")] = 7,
) -> ThresholdPreview:
    """Preview other thresholds on recent events. Nothing is changed.

    Large histories are sampled, and the counts scaled up.
    """
    try:
        wanted = Thresholds(low=low, medium=medium, high=high)
    except ValidationError as error:
        detail = f"must rise strictly: low {low} < medium {medium} < high {high}"
        raise InvalidInput(detail, field="low" if low >= medium else "medium") from error
    present = configurations.ensure_first(connection, services.settings.thresholds, now=now)
    return threshold_preview.preview(connection, present.thresholds, wanted, now - timedelta(days=days), now)


def _log(audit: Audit, changed: Configuration, restored: int | None = None) -> None:
    audit(
        personal={"reason": changed.reason},
        version=changed.version,
        thresholds=changed.thresholds.model_dump(mode="json"),
        alert_policy=changed.alert_policy.model_dump(mode="json"),
        event_types={name: kind.model_dump(mode="json") for name, kind in changed.event_types.items()},
        decisions=changed.decisions.model_dump(mode="json"),
        restored=restored,
    )


@router.put("", dependencies=[_WRITE], responses=etags.STALE)
def change_configuration(
    body: ConfigurationChange,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    response: Response,
    after: BackgroundTasks,
    audit: AuditDep,
    if_match: etags.IfMatch = None,
) -> Configuration:
    """Put a new configuration version in force. The engine uses it within a second; stored scores do not change.

    Service levels, grouping and exchange rates stay as they are if left out.
    """
    present = configurations.lock(connection)
    etags.check(if_match, etags.tag("configuration", present.version if present else 0))
    policy = body.alert_policy
    if present:
        kept = {"service_levels", "grouping", "exchange"} - policy.model_fields_set
        policy = policy.model_copy(update={name: getattr(present.alert_policy, name) for name in kept})
    changed = configurations.add_version(
        connection, body.thresholds, policy, changed_at=now, changed_by=user.email, reason=body.reason
    )
    _log(audit, changed)
    after.add_task(push, services, UpdateType.CONFIG, changed)
    return _tagged(response, changed)


@router.post("/rollback", dependencies=[_WRITE], responses=etags.STALE | {404: {"description": "Version not found."}})
def roll_back_configuration(
    body: ConfigurationRollback,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    response: Response,
    after: BackgroundTasks,
    audit: AuditDep,
    if_match: etags.IfMatch = None,
) -> Configuration:
    """Put the content of an earlier version in force again, as a new version."""
    present = configurations.lock(connection)
    etags.check(if_match, etags.tag("configuration", present.version if present else 0))
    wanted = configurations.find(connection, body.version)
    changed = configurations.add_version(
        connection,
        wanted.thresholds,
        wanted.alert_policy,
        event_types=wanted.event_types,
        decisions=wanted.decisions,
        changed_at=now,
        changed_by=user.email,
        reason=body.reason,
    )
    _log(audit, changed, restored=body.version)
    after.add_task(push, services, UpdateType.CONFIG, changed)
    return _tagged(response, changed)
