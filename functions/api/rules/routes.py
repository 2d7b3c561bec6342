"""Rules: drafts by analysts, deployment and rollback by administrators."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from functions.api.decisions.named_parts import check_unnamed, lock_policy
from functions.api.http.conventions import etags, paging
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from functions.api.rules import service
from functions.api.rules.schemas import (
    ExpressionFunction,
    ExpressionName,
    ExpressionNames,
    NewRule,
    RuleDetail,
    RuleDraft,
    RuleEdit,
    RulePage,
    RuleRollback,
    RuleTransition,
    RuleTrial,
    RuleTrialResult,
    RuleValidation,
)
from risk.domain.errors import NotAllowed
from risk.domain.permissions import Permission
from risk.rules.cel import EVENT_FIELDS, FUNCTIONS
from risk.rules.lifecycle import RuleStatus
from risk.store.engine_state import rule_hits
from risk.store.engine_state.rule_hits import RulesStats, RuleStats
from risk.store.rules import definitions, rules
from risk.store.rules.rules import RuleHead

MAX_HOURS = 7 * 24

router = APIRouter(prefix=f"{PREFIX}/rules", tags=["rules"])
_READ = require(Permission.RULES_READ)
_DRAFT = require(Permission.RULES_DRAFT)
_PROMOTE = require(Permission.RULES_PROMOTE)
_MISSING: dict[int | str, dict[str, object]] = {404: {"description": "Rule or version not found."}}
_REFUSALS = (
    _MISSING
    | etags.STALE
    | {409: {"description": "Its present state does not allow this; `detail` says what it allows."}}
)


def _tag(head: RuleHead) -> str:
    return etags.tag(head.id, head.latest.version, head.stage_number)


def _tagged(response: Response, connection: Connection, services: Services, rule_id: UUID) -> RuleDetail:
    response.headers["etag"] = _tag(rules.find(connection, rule_id))
    return service.detail(connection, rule_id, second_person=services.settings.rule_approval)


def _to_change(connection: Connection, rule_id: UUID, if_match: str | None) -> RuleHead:
    head = rules.find_to_change(connection, rule_id)
    etags.check(if_match, _tag(head))
    return head


@router.get("", dependencies=[_READ])
def list_rules(
    connection: Database,
    status: Annotated[RuleStatus | None, Query(description="Only those that stand there.")] = None,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> RulePage:
    """List rules by name."""
    after = "" if cursor is None else paging.to_name(cursor)
    found = rules.page(connection, status, limit=limit + 1, after=after)
    items = [service.summary(head) for head in found[:limit]]
    return RulePage(items=items, next_cursor=paging.from_name(items[-1].name) if len(found) > limit else None)


@router.get("/names", dependencies=[_READ])
def list_expression_names(connection: Database) -> ExpressionNames:
    """List what expressions may use: event fields, features with their units, and functions."""
    fields = [ExpressionName(name=field.name, type=field.type, meaning=field.meaning) for field in EVENT_FIELDS]
    features = [
        ExpressionName(name=f"features.{one.name}", type="double", meaning=one.meaning, unit=one.unit)
        for one in definitions.current(connection).features.values()
    ]
    functions = [ExpressionFunction(**one._asdict()) for one in FUNCTIONS]
    return ExpressionNames(items=fields + features, functions=functions)


@router.get("/stats", dependencies=[_READ])
def list_rule_stats(
    connection: Database,
    now: Now,
    hours: Annotated[int, Query(ge=1, le=MAX_HOURS, description="How far back.")] = 24,
) -> RulesStats:
    """Count hits of each rule, live and in shadow, and how many turned out to be fraud.

    Rules without hits are left out.
    """
    return rule_hits.of_all(connection, now - timedelta(hours=hours))


@router.post("", status_code=201, dependencies=[_DRAFT], responses={409: {"description": "The name is taken."}})
def create_rule(
    body: NewRule,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
    response: Response,
) -> RuleDetail:
    """Create a rule as a draft. It has no effect until it is moved to shadow or live."""
    service.check_definition(connection, body)
    rule_id = rules.create(connection, body.name, body, by=user.email, at=now)
    audit(f"rule:{rule_id}", version=1)
    return _tagged(response, connection, services, rule_id)


@router.post("/validate", dependencies=[_READ])
def validate_rule(body: RuleDraft, connection: Database) -> RuleValidation:
    """Validate an expression and its reason text, without storing them."""
    return service.validate(connection, body)


@router.post("/test", dependencies=[_DRAFT])
def test_rule(body: RuleTrial, connection: Database) -> RuleTrialResult:
    """Evaluate an expression on one event, without storing either."""
    return service.try_on(connection, body)


@router.get("/{rule_id:uuid}", dependencies=[_READ], responses=_MISSING)
def get_rule(rule_id: UUID, services: ServicesDep, connection: Database, response: Response) -> RuleDetail:
    """Get a rule with all its versions and stages."""
    return _tagged(response, connection, services, rule_id)


@router.put("/{rule_id:uuid}", dependencies=[_DRAFT], responses=_REFUSALS)
def edit_rule(
    rule_id: UUID,
    body: RuleEdit,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
    response: Response,
    if_match: etags.IfMatch = None,
) -> RuleDetail:
    """Add a version. The live and shadow versions stay as they are."""
    service.check_definition(connection, body)  # before others have to wait
    head = _to_change(connection, rule_id, if_match)
    rules.edit(connection, head, body, base_version=body.base_version, by=user.email, at=now)
    audit(base_version=body.base_version)
    return _tagged(response, connection, services, rule_id)


@router.post("/{rule_id:uuid}/transition", dependencies=[_PROMOTE], responses=_REFUSALS)
def move_rule(
    rule_id: UUID,
    body: RuleTransition,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
    response: Response,
    if_match: etags.IfMatch = None,
) -> RuleDetail:
    """Move a version to draft, shadow, live (for a share of events) or archived.

    The engine follows within a second.
    """
    lock_policy(connection)
    head = _to_change(connection, rule_id, if_match)
    version = rules.version(connection, rule_id, body.version or head.latest.version)
    stage = head.stage.move(version.version, body.to, body.percent)
    if body.to in (RuleStatus.SHADOW, RuleStatus.LIVE):
        # What it was validated against (features, lists) may have changed since.
        service.check_definition(connection, version)
    if body.to is RuleStatus.LIVE and services.settings.rule_approval and version.created_by == user.email:
        raise NotAllowed(f"you wrote version {version.version}; someone else has to put it live")
    if stage.archived:
        check_unnamed(connection, rules=[head.name])
    rules.change_stage(connection, head, stage, by=user.email, at=now, reason=body.reason)
    audit(personal={"reason": body.reason}, to=body.to.value, version=version.version, percent=body.percent)
    return _tagged(response, connection, services, rule_id)


@router.post("/{rule_id:uuid}/rollback", dependencies=[_PROMOTE], responses=_REFUSALS)
def roll_back_rule(
    rule_id: UUID,
    body: RuleRollback,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    audit: AuditDep,
    response: Response,
    if_match: etags.IfMatch = None,
) -> RuleDetail:
    """Undo the last change of stage; again, the one before it. The engine follows within a second."""
    lock_policy(connection)
    head = _to_change(connection, rule_id, if_match)
    if rules.roll_back(connection, head, by=user.email, at=now, reason=body.reason).archived:
        check_unnamed(connection, rules=[head.name])
    audit(personal={"reason": body.reason})
    return _tagged(response, connection, services, rule_id)


@router.get("/{rule_id:uuid}/stats", dependencies=[_READ], responses=_MISSING)
def get_rule_stats(
    rule_id: UUID,
    connection: Database,
    now: Now,
    hours: Annotated[int, Query(ge=1, le=MAX_HOURS, description="How far back.")] = 24,
) -> RuleStats:
    """Count the hits of a rule by version and hour, and how many turned out to be fraud."""
    rules.find(connection, rule_id)
    return rule_hits.stats(connection, rule_id, now - timedelta(hours=hours))
