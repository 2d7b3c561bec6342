"""Recent activity of an account or counterparty."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from functions.api.http.dependencies import AuditDep, Database, require
from functions.api.http.routing import PREFIX
from risk.domain.entities import EntityKind
from risk.domain.field_rules import Identifier
from risk.domain.permissions import Permission
from risk.monitoring.entity_activity import Activity
from risk.store.assessments import entity_activity

router = APIRouter(prefix=PREFIX, tags=["risk"], dependencies=[require(Permission.RISK_READ)])
_MISSING: dict[int | str, dict[str, object]] = {404: {"description": "No event of it is scored."}}
AccountId = Annotated[Identifier, Path(examples=["customer-1042"])]
CounterpartyId = Annotated[Identifier, Path(examples=["merchant-77"])]


# As paths: an id may hold a slash.
@router.get("/accounts/{account_id:path}", responses=_MISSING)
def get_account(account_id: AccountId, connection: Database, audit: AuditDep) -> Activity:
    """Summarize the newest 1,000 assessments of an account: levels, scores, amounts, counterparties.

    The assessments themselves are in `GET /risk/history`, its alerts in `GET /alerts`.
    """
    found = entity_activity.of(connection, EntityKind.ACCOUNT, account_id)
    audit("account", personal={"account_id": account_id})
    return found


@router.get("/counterparties/{counterparty_id:path}", responses=_MISSING)
def get_counterparty(counterparty_id: CounterpartyId, connection: Database, audit: AuditDep) -> Activity:
    """Summarize the newest 1,000 assessments with a counterparty: levels, scores, amounts, accounts."""
    found = entity_activity.of(connection, EntityKind.COUNTERPARTY, counterparty_id)
    audit("counterparty", personal={"counterparty_id": counterparty_id})
    return found
