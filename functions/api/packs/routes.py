"""Packs: what there is, installed, upgraded and removed by administrators."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Path, Query

from functions.api.config.schemas import Why
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.push import push
from functions.api.http.routing import PREFIX
from functions.api.packs import page, service
from functions.api.packs.schemas import FilledPage, PackDetail, PackIndex, PackInstallation, PackOutcome
from risk.adapters.stream_contracts import UpdateType
from risk.domain.permissions import Permission
from risk.packs.pack import PackName
from risk.store.config import configurations

router = APIRouter(prefix=f"{PREFIX}/packs", tags=["packs"])
_READ = require(Permission.CONFIG_READ)
_SEE = require(Permission.RISK_READ)
_MANAGE = require(Permission.PACKS_MANAGE)
_MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "No such pack ships or is installed."}}
_REFUSED = _MISSING | {409: {"description": "Something that others made is in the way; `detail` says what."}}
Name = Annotated[PackName, Path(description="The name of the pack.", examples=["card-payments"])]


@router.get("", dependencies=[_READ])
def list_packs(connection: Database) -> PackIndex:
    """List the packs that ship or are installed, by name."""
    return PackIndex(items=service.summaries(connection))


@router.get("/{name}", dependencies=[_READ], responses=_MISSING)
def get_pack(name: Name, connection: Database) -> PackDetail:
    """Get a pack with all that it brings: as it is installed, or as it ships."""
    return service.detail(connection, name)


@router.get("/{name}/page", dependencies=[_SEE], responses=_MISSING)
def get_pack_page(name: Name, connection: Database, now: Now, audit: AuditDep) -> FilledPage:
    """Get the page that an installed pack declares, with the events and hits that are stored."""
    found = page.fill(connection, service.installed(connection, name), now)
    audit(f"pack:{name}")
    return found


@router.put("/{name}", dependencies=[_MANAGE], responses=_REFUSED)
def install_pack(
    name: Name,
    body: PackInstallation,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    audit: AuditDep,
) -> PackOutcome:
    """Install a pack, or upgrade it, as far as it can go now: all of that, or nothing.

    Definitions are backfilled first; installed again, the pack goes on with what waited for that. What it did not make
    is not changed.
    """
    configurations.ensure_first(connection, services.settings.thresholds, now=now)
    outcome, configuration = service.install(
        connection, name, body, by=user.email, at=now, second_person=services.settings.rule_approval
    )
    _tell(audit, outcome, body.reason)
    if configuration is not None:
        after.add_task(push, services, UpdateType.CONFIG, configuration)
    return outcome


@router.delete("/{name}", dependencies=[_MANAGE], responses=_REFUSED)
def remove_pack(
    name: Name,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    audit: AuditDep,
    reason: Annotated[Why | None, Query(description="Kept with every stage.")] = None,
    dry_run: Annotated[bool, Query(description="Only say what would change.")] = False,
) -> PackOutcome:
    """Remove what a pack made. Rules and definitions are archived; lists with entries of others are kept."""
    why = reason or f"pack {name} removed"
    outcome, configuration = service.remove(connection, name, by=user.email, at=now, reason=why, dry_run=dry_run)
    _tell(audit, outcome, reason)
    if configuration is not None:
        after.add_task(push, services, UpdateType.CONFIG, configuration)
    return outcome


def _tell(audit: AuditDep, outcome: PackOutcome, reason: str | None) -> None:
    changes = [f"{one.kind} {one.name}: {one.change}" for one in outcome.changes]
    audit(
        f"pack:{outcome.name}",
        personal={"reason": reason},
        version=outcome.version,
        dry_run=outcome.dry_run,
        changes=list(changes),
    )
