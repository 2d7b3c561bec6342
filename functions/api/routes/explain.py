"""Why an event was scored so, in sentences that cite their evidence."""

from __future__ import annotations

from fastapi import APIRouter

from functions.api import explaining
from functions.api.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.explanation_models import ExplanationRequest
from functions.api.routes import PREFIX
from functions.api.writing import asking
from risk.access import Permission
from risk.store import dossiers, explanations
from risk.store.explanations import Given

router = APIRouter(prefix=f"{PREFIX}/explain", tags=["explanations"], dependencies=[require(Permission.RISK_EXPLAIN)])


@router.post("/risk", responses={404: {"description": "No such event is scored, or there is no such alert."}})
def explain_risk(
    body: ExplanationRequest,
    user: CurrentUser,
    connection: Database,
    services: ServicesDep,
    now: Now,
    audit: AuditDep,
) -> Given:
    """Explain an event, or an alert: what happened, why it was scored so, what speaks against it, what to check.

    Every sentence cites the evidence in `evidence` that it rests on, by its id: facts `E1`, `E2`, …, passages of the
    knowledge base `K1`, `K2`, …. The past is told as it was known before the event. A suggested disposition is advice;
    people decide. Each explanation is stored with its evidence, and is in the audit log.

    Where a language model is set up (`RAG_ENABLED`), it writes, and answers a `question`: each of its sentences is
    checked against the evidence that it cites, what does not stand there is taken out (`removed`), and where too little
    is left this is the template's explanation, as `notice` says. While it writes, sentences that have passed the check
    arrive over your own WebSockets, as `{"type":"explanation","items":[{"id","event_id","user_id","part","sentence"}]}`
    with the `id` of this answer. The same evidence and question get the same answer again.
    """
    dossier = dossiers.read(connection, event_id=body.event_id, alert_id=body.alert_id)
    grounds = explaining.gather(connection, dossier, body.question, now)
    template = explaining.by_template(grounds, body.question, now)
    given, is_new = asking.explain(services, connection, dossier, template, user.id)
    if is_new:
        explanations.keep(connection, given, alert_id=dossier.alert.id if dossier.alert else None, by=user.email)
    audit(
        f"event:{given.event_id}",
        personal={"question": body.question},
        explanation=str(given.id),
        source=given.source.value,
        model=given.model,
        prompt_version=given.prompt_version,
        evidence_hash=given.evidence_hash,
        removed=given.removed,
    )
    return given
