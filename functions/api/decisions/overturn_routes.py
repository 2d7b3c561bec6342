"""Overturns of decisions by analysts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends

from functions.api.assessments.event_reference import UNKNOWN, StoredEvent
from functions.api.decisions.schemas import NewOverturn
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.push import push
from functions.api.http.routing import PREFIX
from functions.api.labels import service as labels
from risk.adapters.stream_contracts import UpdateType
from risk.domain.assessment import Assessment, AssessmentSummary
from risk.domain.decisions import Overturn
from risk.domain.errors import Conflict
from risk.domain.permissions import Permission
from risk.rules.cel import in_base
from risk.store.alerts import webhook_deliveries
from risk.store.alerts.workflow import alert_policy
from risk.store.assessments import assessments, overturns

router = APIRouter(prefix=f"{PREFIX}/risk", tags=["risk"], dependencies=[require(Permission.ALERTS_ACT)])
_REFUSALS: dict[int | str, dict[str, Any]] = UNKNOWN | {
    409: {
        "description": "Nothing was decided of it, this was decided, or another overturn holds; or several sources "
        "have an event with this id, and `event_source` says which is meant."
    }
}


class _Desk:
    """Logs an overturn, and tells webhooks, dashboards and the engine of it."""

    def __init__(self, services: ServicesDep, connection: Database, after: BackgroundTasks, audit: AuditDep) -> None:
        self._services, self._connection, self._after, self._audit = services, connection, after, audit

    def done(self, found: Assessment, overturn: Overturn, *, changed: bool) -> Overturn:
        """The label is sent even if nothing ``changed``: asking again makes up for one that was lost."""
        self._audit(
            personal={"reason": overturn.reason},
            decided=overturn.decided.value,
            action=overturn.action.value,
            changed=changed,
        )
        if changed:
            event = AssessmentSummary.model_validate(found.model_dump(include=set(AssessmentSummary.model_fields)))
            rates = alert_policy(self._connection).exchange
            amount = None if found.amount is None else in_base(found.model_dump(mode="json"), rates)
            webhook_deliveries.enqueue_overturn(self._connection, overturn, event, amount)
            self._after.add_task(push, self._services, UpdateType.OVERTURN, overturn)
        self._after.add_task(labels.push_overturn, self._services, overturn, found.account_id)
        return overturn


DeskDep = Annotated[_Desk, Depends()]


@router.post("/{event_id:path}/overturn", responses=_REFUSALS)
def overturn_decision(
    event: StoredEvent, body: NewOverturn, user: CurrentUser, connection: Database, now: Now, desk: DeskDep
) -> Overturn:
    """Overturn the decision on an event: from now on `action` holds.

    It labels the event: `approve` as legitimate, `decline` as fraud, anything else not at all. Webhooks are told with
    `decision.overturned`. Asking for the same again changes nothing, and sends a label that was lost.
    """
    found = assessments.get(connection, event)
    if found.decision is None:
        raise Conflict("nothing was decided of this event: it was scored before there were decisions")
    overturn, changed = overturns.add(
        connection, event, found.decision.action, body.action, body.reason, user.email, now
    )
    return desk.done(found, overturn, changed=changed)


@router.delete("/{event_id:path}/overturn", responses=_REFUSALS)
def restore_decision(event: StoredEvent, user: CurrentUser, connection: Database, now: Now, desk: DeskDep) -> Overturn:
    """Undo the overturn of a decision: what the policy decided holds again, and the label is withdrawn.

    Webhooks are told with `decision.restored`.
    """
    found = assessments.get(connection, event)
    overturn, changed = overturns.undo(connection, event, user.email, now)
    return desk.done(found, overturn, changed=changed)
