"""Definitions of features: drafts by analysts, backfill, deployment and rollback by administrators."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from functions.api.decisions.named_parts import lock_policy
from functions.api.definitions import service
from functions.api.definitions.schemas import (
    DefinitionDetail,
    DefinitionEdit,
    DefinitionPage,
    DefinitionRollback,
    DefinitionTransition,
    DefinitionValidation,
    NewDefinition,
    PreviewRequest,
)
from functions.api.http.conventions import etags, paging
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from risk.domain.errors import NotAllowed
from risk.domain.permissions import Permission
from risk.features.definitions.preview import DefinitionPreview
from risk.rules.lifecycle import DefinitionStatus
from risk.store.rules import definitions
from risk.store.rules.definitions import DefinitionHead

router = APIRouter(prefix=f"{PREFIX}/definitions", tags=["definitions"])
_READ = require(Permission.RULES_READ)
_DRAFT = require(Permission.RULES_DRAFT)
_PROMOTE = require(Permission.RULES_PROMOTE)
_MISSING: dict[int | str, dict[str, object]] = {404: {"description": "Definition or version not found."}}
_REFUSALS = (
    _MISSING
    | etags.STALE
    | {409: {"description": "Its present state does not allow this; `detail` says what it allows."}}
)


def _tag(head: DefinitionHead) -> str:
    return etags.tag(head.id, head.latest.version, head.stage_number)


def _tagged(response: Response, connection: Connection, services: Services, definition_id: UUID) -> DefinitionDetail:
    response.headers["etag"] = _tag(definitions.find(connection, definition_id))
    return service.detail(connection, definition_id, second_person=services.settings.rule_approval)


def _to_change(connection: Connection, definition_id: UUID, if_match: str | None) -> DefinitionHead:
    head = definitions.find_to_change(connection, definition_id)
    etags.check(if_match, _tag(head))
    return head


@router.get("", dependencies=[_READ])
def list_definitions(
    connection: Database,
    status: Annotated[DefinitionStatus | None, Query(description="Only those that stand there.")] = None,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> DefinitionPage:
    """List definitions by name. Features that ship are not among them; `GET /rules/names` lists all features."""
    after = "" if cursor is None else paging.to_name(cursor)
    found = definitions.page(connection, None if status is None else status.of_rule, limit=limit + 1, after=after)
    items = [service.summary(head) for head in found[:limit]]
    return DefinitionPage(items=items, next_cursor=paging.from_name(items[-1].name) if len(found) > limit else None)


@router.post("", status_code=201, dependencies=[_DRAFT], responses={409: {"description": "The name is taken."}})
def create_definition(
    body: NewDefinition,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
    response: Response,
) -> DefinitionDetail:
    """Create a definition as a draft. It has no effect until it is moved to backfilled, and then to live."""
    service.check(body)
    service.check_name(body.name)
    definition_id = definitions.create(connection, body.name, body, by=user.email, at=now)
    audit(f"definition:{definition_id}", version=1)
    return _tagged(response, connection, services, definition_id)


@router.post("/validate", dependencies=[_READ])
def validate_definition(body: dict[str, Any]) -> DefinitionValidation:
    """Validate a definition, without storing it."""
    return service.validate(body)


@router.post("/preview", dependencies=[_DRAFT])
def preview_definition(body: PreviewRequest, connection: Database) -> DefinitionPreview:
    """Compute a definition over stored events: its values, its keys, and the memory that they would take."""
    return service.preview(connection, body.definition, body.max_events)


@router.get("/{definition_id:uuid}", dependencies=[_READ], responses=_MISSING)
def get_definition(
    definition_id: UUID, services: ServicesDep, connection: Database, response: Response
) -> DefinitionDetail:
    """Get a definition with all its versions and stages."""
    return _tagged(response, connection, services, definition_id)


@router.put("/{definition_id:uuid}", dependencies=[_DRAFT], responses=_REFUSALS)
def edit_definition(
    definition_id: UUID,
    body: DefinitionEdit,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
    response: Response,
    if_match: etags.IfMatch = None,
) -> DefinitionDetail:
    """Add a version. The live and backfilled versions stay as they are."""
    service.check(body)  # before others have to wait
    head = _to_change(connection, definition_id, if_match)
    definitions.edit(connection, head, body, base_version=body.base_version, by=user.email, at=now)
    audit(base_version=body.base_version)
    return _tagged(response, connection, services, definition_id)


@router.post("/{definition_id:uuid}/transition", dependencies=[_PROMOTE], responses=_REFUSALS)
def move_definition(
    definition_id: UUID,
    body: DefinitionTransition,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
    response: Response,
    if_match: etags.IfMatch = None,
) -> DefinitionDetail:
    """Move a version to draft, backfilled, live or archived. The engine follows within a second."""
    lock_policy(connection)
    head = _to_change(connection, definition_id, if_match)
    version = definitions.version(connection, definition_id, body.version or head.latest.version)
    stage = head.stage.move(version.version, body.to.of_rule, called=DefinitionStatus.of)
    if body.to in (DefinitionStatus.BACKFILLED, DefinitionStatus.LIVE):
        service.check(version)
    if body.to is DefinitionStatus.LIVE:
        service.check_backfilled(connection, version)
    if body.to is DefinitionStatus.LIVE and services.settings.rule_approval and version.created_by == user.email:
        raise NotAllowed(f"you wrote version {version.version}; someone else has to put it live")
    before = definitions.current(connection)
    definitions.change_stage(connection, head, stage, by=user.email, at=now, reason=body.reason)
    service.check_change(connection, before)
    audit(personal={"reason": body.reason}, to=body.to.value, version=version.version)
    return _tagged(response, connection, services, definition_id)


@router.post("/{definition_id:uuid}/rollback", dependencies=[_PROMOTE], responses=_REFUSALS)
def roll_back_definition(
    definition_id: UUID,
    body: DefinitionRollback,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
    response: Response,
    if_match: etags.IfMatch = None,
) -> DefinitionDetail:
    """Undo the last change of stage; again, the one before it. The engine follows within a second."""
    lock_policy(connection)
    head = _to_change(connection, definition_id, if_match)
    before = definitions.current(connection)
    definitions.roll_back(connection, head, by=user.email, at=now, reason=body.reason)
    service.check_change(connection, before)
    audit(personal={"reason": body.reason})
    return _tagged(response, connection, services, definition_id)
