"""History and alerts as files."""

from __future__ import annotations

from contextlib import closing

from fastapi import APIRouter, Response

from functions.api.dependencies import AuditDep, Database, Now, ServicesDep, require
from functions.api.exports import EXPORT_ANSWERS, ExportFormat, ExportLink, Format, export
from functions.api.routes import PREFIX
from functions.api.routes.alerts import Wanted as WantedAlerts
from functions.api.routes.risk import Wanted as WantedHistory
from risk.access import Permission
from risk.alerts import Alert
from risk.assessment import AssessmentSummary
from risk.store import alerts, assessments

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
    """Every assessment that a filter finds, last scored first, as a file."""
    audit(personal={"account_id": wanted.account_id, "counterparty_id": wanted.counterparty_id}, format=kind.value)
    columns = list(AssessmentSummary.model_fields)
    with closing(assessments.stream(connection, wanted)) as rows:
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
    """Every alert that a filter finds, newest opened first, as a file."""
    audit(personal={"account_id": wanted.account_id, "counterparty_id": wanted.counterparty_id}, format=kind.value)
    with closing(alerts.stream(connection, wanted)) as rows:
        return export(services, rows, list(Alert.model_fields), kind=kind, name="alerts", now=now)
