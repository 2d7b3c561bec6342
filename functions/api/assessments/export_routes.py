"""Exports of history and alerts."""

from __future__ import annotations

from contextlib import closing

from fastapi import APIRouter, Response

from functions.api.alerts.routes import Wanted as WantedAlerts
from functions.api.assessments import service
from functions.api.assessments.routes import Wanted as WantedHistory
from functions.api.assessments.routes import personal
from functions.api.assessments.schemas import ListedAssessment
from functions.api.http.conventions.exports import EXPORT_ANSWERS, ExportFormat, ExportLink, Format, export
from functions.api.http.dependencies import AuditDep, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from risk.alerts.alert import Alert
from risk.domain.permissions import Permission
from risk.store.alerts import alerts
from risk.store.assessments import assessments

router = APIRouter(prefix=PREFIX, dependencies=[require(Permission.EXPORT)])


@router.get("/risk/history/export", tags=["risk"], responses=EXPORT_ANSWERS, response_model=None)
def export_history(
    services: ServicesDep,
    connection: Database,
    audit: AuditDep,
    now: Now,
    wanted: WantedHistory,
    kind: Format = ExportFormat.CSV,
) -> Response | ExportLink:
    """Export every assessment that a filter finds, last scored first."""
    audit(personal=personal(wanted), format=kind.value)
    columns = list(ListedAssessment.model_fields)
    with closing(assessments.stream(connection, wanted)) as found:
        rows = service.with_overturns(connection, found)
        return export(services, rows, columns, kind=kind, name="history", now=now)


@router.get("/alerts/export", tags=["alerts"], responses=EXPORT_ANSWERS, response_model=None)
def export_alerts(
    services: ServicesDep,
    connection: Database,
    audit: AuditDep,
    now: Now,
    wanted: WantedAlerts,
    kind: Format = ExportFormat.CSV,
) -> Response | ExportLink:
    """Export every alert that a filter finds, newest first."""
    audit(personal={"account_id": wanted.account_id, "counterparty_id": wanted.counterparty_id}, format=kind.value)
    with closing(alerts.stream(connection, wanted)) as rows:
        return export(services, rows, list(Alert.model_fields), kind=kind, name="alerts", now=now)
