"""Thresholds and alert policy, in versions that are never edited."""

from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks

from functions.api.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.models import ConfigurationChange
from functions.api.push import push
from functions.api.routes import PREFIX
from risk.access import Permission
from risk.configuration import Configuration
from risk.store import configurations
from risk.updates import UpdateType

router = APIRouter(prefix=f"{PREFIX}/config", tags=["config"])


@router.get("", dependencies=[require(Permission.CONFIG_READ)])
def get_configuration(services: ServicesDep, connection: Database, now: Now) -> Configuration:
    """The configuration in force."""
    return configurations.ensure_first(connection, services.settings.thresholds, now=now)


@router.put("", dependencies=[require(Permission.CONFIG_WRITE)])
def change_configuration(
    body: ConfigurationChange,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    audit: AuditDep,
) -> Configuration:
    """Put a new version in force. The engine uses it within a second; what is scored already stays as it is."""
    changed = configurations.add_version(
        connection, body.thresholds, body.alert_policy, changed_at=now, changed_by=user.email, reason=body.reason
    )
    audit(
        personal={"reason": body.reason},
        version=changed.version,
        thresholds=changed.thresholds.model_dump(mode="json"),
        alert_policy=changed.alert_policy.model_dump(mode="json"),
    )
    after.add_task(push, services, UpdateType.CONFIG, changed)
    return changed
