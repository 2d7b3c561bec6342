"""Rules tried on the past."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from functions.api import rule_views
from functions.api.dependencies import Database, Now, ServicesDep, require
from functions.api.routes import PREFIX
from functions.api.rule_models import BacktestRequest
from risk.access import Permission
from risk.backtest import BacktestReport
from risk.store import configurations

router = APIRouter(prefix=f"{PREFIX}/rules", tags=["rules"])


@router.post(
    "/{rule_id:uuid}/backtest",
    dependencies=[require(Permission.RULES_DRAFT)],
    responses={404: {"description": "There is no such rule, or no such version."}},
)
def backtest_rule(
    rule_id: UUID, body: BacktestRequest, services: ServicesDep, connection: Database, now: Now
) -> BacktestReport:
    """Try a version on scored events, newest first, for at most nine seconds."""
    configuration = configurations.ensure_first(connection, services.settings.thresholds, now=now)
    return rule_views.backtest(connection, rule_id, body, configuration)
