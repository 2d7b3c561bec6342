"""Evidence behind an assessment: rule hits, score contributions, connections."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from functions.api.assessments.event_reference import UNKNOWN, StoredEvent
from functions.api.assessments.evidence import reading, waterfall
from functions.api.assessments.evidence_schemas import Contributions, RuleReadings
from functions.api.http.dependencies import AuditDep, Database, require
from functions.api.http.routing import PREFIX
from risk.domain.permissions import Permission
from risk.store.alerts import alerts
from risk.store.assessments import assessments, connections
from risk.store.assessments.connections import Neighbourhood
from risk.store.engine_state import rule_hits
from risk.store.rules import definitions

router = APIRouter(prefix=PREFIX)


@router.get(
    "/risk/{event_id:path}/rules", tags=["risk"], dependencies=[require(Permission.RISK_READ)], responses=UNKNOWN
)
def list_rule_hits(event: StoredEvent, connection: Database, audit: AuditDep) -> RuleReadings:
    """List the rules that hit an event, each with the fields and features that it reads."""
    audit()
    catalog = definitions.current(connection)
    return RuleReadings(items=[reading(hit, catalog) for hit in rule_hits.of_event(connection, event)])


@router.get(
    "/risk/{event_id:path}/contributions",
    tags=["risk"],
    dependencies=[require(Permission.RISK_READ)],
    responses=UNKNOWN,
)
def get_contributions(event: StoredEvent, connection: Database, audit: AuditDep) -> Contributions:
    """Break a score down into the contributions of features and rules, largest first."""
    found = assessments.get(connection, event)
    audit()
    return waterfall(connection, found, rule_hits.of_event(connection, event))


@router.get(
    "/alerts/{alert_id:uuid}/related",
    tags=["alerts"],
    dependencies=[require(Permission.ALERTS_READ)],
    responses={404: {"description": "Alert not found."}},
)
def get_related(alert_id: UUID, connection: Database, audit: AuditDep) -> Neighbourhood:
    """Connections around an alert.

    The counterparties of the account's latest 500 events (7 at most: the alert's own, then the riskiest), and for
    each the accounts with the riskiest payments to it.
    """
    alert = alerts.find(connection, alert_id)
    audit(personal={"account_id": alert.account_id, "counterparty_id": alert.counterparty_id})
    return connections.around(connection, alert.account_id, alert.counterparty_id)
