"""Models: versions, champion and challenger, quality and drift."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path, Query

from functions.api.http.conventions import paging, time_spans
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.push import push
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from functions.api.models import schemas
from functions.api.models.schemas import (
    ModelChangeReason,
    ModelDetail,
    ModelDrift,
    ModelDriftHistory,
    ModelPage,
    ModelPromotion,
    ModelStagePage,
)
from risk.adapters.stream_contracts import ModelMoved, UpdateType
from risk.domain.errors import Conflict, NotFound
from risk.domain.permissions import Permission
from risk.monitoring.calibration import Calibration
from risk.monitoring.model_comparison import ModelComparison
from risk.store.config import configurations
from risk.store.engine_state import drift
from risk.store.models import calibrations, comparisons, models
from risk.store.models.models import ModelStageChange

MAX_HOURS = 7 * 24
FINE_HOURS = 2 * 24

router = APIRouter(prefix=f"{PREFIX}/models", tags=["models"])
_READ = require(Permission.MODELS_READ)
_PROMOTE = require(Permission.MODELS_PROMOTE)
_REFUSALS: dict[int | str, dict[str, object]] = {
    409: {"description": "The present stage, or the version itself, does not allow this; `detail` says why."}
}
_VERSION = r"^[A-Za-z0-9._-]+$"
Version = Annotated[str, Path(max_length=100, pattern=_VERSION)]


@router.get("", dependencies=[_READ])
def list_models(
    connection: Database, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> ModelPage:
    """List models, newest first; last the shipped model and the scorecard."""
    after = {} if cursor is None else {"after": paging.to_model(cursor)}
    found = models.page(connection, limit=limit + 1, **after)
    stage = models.current(connection).stage
    items = [schemas.summary(one, stage) for one in found[:limit]]
    more = len(found) > limit
    last = items[-1] if items else None
    cursor = paging.from_model(last.created_at or models.NEVER, last.version) if more and last else None
    return ModelPage(items=items, next_cursor=cursor)


@router.get("/current", dependencies=[_READ])
def get_models_in_force(connection: Database) -> ModelStageChange:
    """Get the champion and challenger in force, and who put them there."""
    return models.current(connection)


@router.get("/history", dependencies=[_READ])
def list_model_stages(
    connection: Database, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> ModelStagePage:
    """List all stage changes, newest first."""
    before = None if cursor is None else paging.to_sequence(cursor)
    found = models.history(connection, limit=limit + 1, before=before)
    items = found[:limit]
    return ModelStagePage(items=items, next_cursor=paging.from_sequence(items[-1].number) if found[limit:] else None)


@router.get(
    "/comparison", dependencies=[_READ], responses={404: {"description": "No challenger scores, and none is named."}}
)
def compare_models(
    services: ServicesDep,
    connection: Database,
    now: Now,
    span: time_spans.BoundsDep,
    champion: Annotated[
        str | None, Query(max_length=100, pattern=_VERSION, description="The champion then; default: now's.")
    ] = None,
    challenger: Annotated[
        str | None, Query(max_length=100, pattern=_VERSION, description="The challenger then; default: now's.")
    ] = None,
) -> ModelComparison:
    """Compare champion and challenger on labelled events of a time span that both scored, before rules.

    The span is the 30 days up to now, if left out.
    """
    since, until = time_spans.complete(*span, now)
    stage = models.current(connection).stage
    challenger = challenger or stage.challenger
    if challenger is None:
        raise NotFound("no challenger scores in shadow; promote one, or say which one to compare: challenger=…")
    configuration = configurations.ensure_first(connection, services.settings.thresholds, now=now)
    return comparisons.compare(
        connection, champion or stage.champion, challenger, since, until, now, configuration.thresholds
    )


@router.get("/drift", dependencies=[_READ])
def get_model_drift(
    connection: Database,
    now: Now,
    hours: Annotated[int, Query(ge=1, le=MAX_HOURS, description="How far back.")] = 24,
) -> ModelDrift:
    """Measure the drift of the champion's events from its training data."""
    since = now - timedelta(hours=hours)
    champion = models.find(connection, models.current(connection).champion)
    return schemas.drift(champion, drift.totals(connection, champion.version, since), since)


@router.get("/drift/history", dependencies=[_READ])
def get_model_drift_history(
    connection: Database,
    now: Now,
    hours: Annotated[int, Query(ge=1, le=MAX_HOURS, description="How far back.")] = MAX_HOURS,
) -> ModelDriftHistory:
    """Measure drift over time: hourly for up to two days, six-hourly beyond."""
    since, step = now - timedelta(hours=hours), 1 if hours <= FINE_HOURS else 6
    champion = models.find(connection, models.current(connection).champion)
    counts = drift.history(connection, champion.version, since, step_hours=step)
    return schemas.drift_history(champion, counts, since, step)


@router.get("/calibration", dependencies=[_READ])
def get_model_calibration(
    connection: Database,
    now: Now,
    span: time_spans.BoundsDep,
) -> Calibration:
    """Compare predicted with observed fraud in a time span, for champion and challenger.

    The span is the 30 days up to now, if left out.
    """
    since, until = time_spans.complete(*span, now)
    return calibrations.calibrate(connection, models.current(connection).stage, since, until, now)


@router.post("/challenger/withdraw", dependencies=[_PROMOTE], responses=_REFUSALS)
def withdraw_challenger(
    body: ModelChangeReason,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    audit: AuditDep,
) -> ModelStageChange:
    """Withdraw the challenger. The engine follows within a second."""
    present = models.current_to_change(connection)
    stage = present.stage.withdraw()
    changed = models.change_stage(connection, present, stage, by=user.email, at=now, reason=body.reason)
    return _tell(services, after, audit, changed)


@router.post("/current/rollback", dependencies=[_PROMOTE], responses=_REFUSALS)
def roll_back_models(
    body: ModelChangeReason,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    audit: AuditDep,
) -> ModelStageChange:
    """Undo the last change of stage; again, the one before it. The engine follows within a second."""
    present = models.current_to_change(connection)
    changed = models.roll_back(connection, present, by=user.email, at=now, reason=body.reason)
    return _tell(services, after, audit, changed)


@router.get("/{version}", dependencies=[_READ], responses={404: {"description": "Model not found."}})
def get_model(version: Version, connection: Database) -> ModelDetail:
    """Get a model with its manifest."""
    return schemas.detail(models.find(connection, version), models.current(connection).stage)


@router.post("/{version}/promote", dependencies=[_PROMOTE], responses=_REFUSALS)
def promote_model(
    version: Version,
    body: ModelPromotion,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    audit: AuditDep,
) -> ModelStageChange:
    """Promote a version to champion, which scores, or challenger, which scores in shadow.

    The engine follows within a second, without a restart; stored scores do not change. A challenger that becomes
    champion leaves its place empty.
    """
    present = models.current_to_change(connection)
    try:
        found = models.find(connection, version)
    except NotFound as error:
        raise Conflict(error.detail) from error
    why = schemas.refused(found.manifest)
    if why is not None:
        raise Conflict(f"{version} cannot score today's events: {why}; train it anew: risk train --publish")
    stage = present.stage.promote(version, body.role)
    changed = models.change_stage(connection, present, stage, by=user.email, at=now, reason=body.reason)
    return _tell(services, after, audit, changed)


def _tell(services: Services, after: BackgroundTasks, audit: AuditDep, changed: ModelStageChange) -> ModelStageChange:
    audit(
        f"model:{changed.champion}",
        personal={"reason": changed.reason},
        number=changed.number,
        champion=changed.champion,
        challenger=changed.challenger,
    )
    after.add_task(push, services, UpdateType.MODEL, ModelMoved.model_validate(changed.model_dump(exclude={"back_to"})))
    return changed
