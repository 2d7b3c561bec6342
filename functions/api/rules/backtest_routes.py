"""Backtests of rules."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from functions.api.http.dependencies import Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from functions.api.rules import service
from functions.api.rules.schemas import BacktestRequest
from risk.domain.permissions import Permission
from risk.rules.backtest import BacktestReport
from risk.store.config import configurations

router = APIRouter(prefix=f"{PREFIX}/rules", tags=["rules"])


@router.post(
    "/{rule_id:uuid}/backtest",
    dependencies=[require(Permission.RULES_DRAFT)],
    responses={404: {"description": "Rule or version not found."}},
)
def backtest_rule(
    rule_id: UUID, body: BacktestRequest, services: ServicesDep, connection: Database, now: Now
) -> BacktestReport:
    """Backtest a rule version on scored events, newest first, for at most nine seconds."""
    configuration = configurations.ensure_first(connection, services.settings.thresholds, now=now)
    return service.backtest(connection, rule_id, body, configuration)
