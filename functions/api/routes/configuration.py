"""Thresholds and alert policy, in versions that are never edited."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks, Response

from functions.api import etags, paging
from functions.api.dependencies import CurrentUser, Database, Now, ServicesDep, require
from functions.api.models import ConfigurationChange, ConfigurationPage, ConfigurationRollback
from functions.api.push import push
from functions.api.routes import PREFIX
from risk.access import Permission
from risk.configuration import Configuration
from risk.store import configurations
from risk.updates import UpdateType

router = APIRouter(prefix=f"{PREFIX}/config", tags=["config"])
_READ = require(Permission.CONFIG_READ)
_WRITE = require(Permission.CONFIG_WRITE)


def _tagged(response: Response, found: Configuration) -> Configuration:
    response.headers["etag"] = etags.tag("configuration", found.version)
    return found


@router.get("", dependencies=[_READ])
def get_configuration(services: ServicesDep, connection: Database, now: Now, response: Response) -> Configuration:
    """The configuration in force."""
    return _tagged(response, configurations.ensure_first(connection, services.settings.thresholds, now=now))


@router.get("/versions", dependencies=[_READ])
def list_configurations(
    connection: Database, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> ConfigurationPage:
    """Every version that there was, newest first: what it said, and who made it when and why."""
    before = None if cursor is None else paging.to_sequence(cursor)
    found = configurations.page(connection, limit=limit + 1, before=before)
    items = found[:limit]
    next_cursor = paging.from_sequence(items[-1].version) if len(found) > limit else None
    return ConfigurationPage(items=items, next_cursor=next_cursor)


@router.put("", dependencies=[_WRITE], responses=etags.STALE)
def change_configuration(
    body: ConfigurationChange,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    response: Response,
    after: BackgroundTasks,
    if_match: etags.IfMatch = None,
) -> Configuration:
    """Put a new version in force. The engine uses it within a second; what is scored already stays as it is."""
    present = configurations.lock(connection)
    etags.check(if_match, etags.tag("configuration", present.version if present else 0))
    changed = configurations.add_version(
        connection, body.thresholds, body.alert_policy, changed_at=now, changed_by=user.email, reason=body.reason
    )
    after.add_task(push, services, UpdateType.CONFIG, changed)
    return _tagged(response, changed)


@router.post(
    "/rollback", dependencies=[_WRITE], responses=etags.STALE | {404: {"description": "There is no such version."}}
)
def roll_back_configuration(
    body: ConfigurationRollback,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    response: Response,
    after: BackgroundTasks,
    if_match: etags.IfMatch = None,
) -> Configuration:
    """Put what an earlier version said in force again, as a new version."""
    present = configurations.lock(connection)
    etags.check(if_match, etags.tag("configuration", present.version if present else 0))
    wanted = configurations.find(connection, body.version)
    changed = configurations.add_version(
        connection, wanted.thresholds, wanted.alert_policy, changed_at=now, changed_by=user.email, reason=body.reason
    )
    after.add_task(push, services, UpdateType.CONFIG, changed)
    return _tagged(response, changed)
