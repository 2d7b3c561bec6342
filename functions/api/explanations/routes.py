"""Explanations of assessments, in sentences that cite their evidence."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from functions.api.explanations.language_model import request
from functions.api.explanations.language_model.request import Written
from functions.api.explanations.schemas import ExplanationRequest
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require, require_before
from functions.api.http.routing import PREFIX
from risk.domain.permissions import Permission
from risk.store.explanations import explanations
from risk.store.explanations.explanations import Given
from risk.store.identity.users import User

router = APIRouter(prefix=f"{PREFIX}/explain", tags=["explanations"])
_EXPLAIN = Permission.RISK_EXPLAIN
_Asker = Annotated[User, require_before(_EXPLAIN)]


def _write(body: ExplanationRequest, user: _Asker, services: ServicesDep, now: Now) -> Written:
    return request.write(services, body, user.id, now)


_WrittenDep = Annotated[Written, Depends(_write)]


# In this order: a model takes many seconds, during which no transaction is open. The one that begins then asks once
# more who may, stores what was written, and logs it.
@router.post(
    "/risk",
    dependencies=[Depends(_write), require(_EXPLAIN)],
    responses={404: {"description": "Event not scored yet, or alert not found."}},
)
def explain_risk(written: _WrittenDep, user: CurrentUser, connection: Database, audit: AuditDep) -> Given:
    """Explain an event or an alert: what happened, why it was scored so, what speaks against it, what to check.

    Every sentence cites its evidence by id: facts `E1`, `E2`, …, knowledge base passages `K1`, `K2`, …. History is
    described as it was known before the event. A suggested disposition is advice; people decide. Each explanation is
    stored with its evidence and audited.

    With a language model (`RAG_ENABLED`), the model chooses, and answers a `question`, among statements that this
    system makes from the evidence: it writes no words of its own. What it may not choose is dropped (`removed`). If too
    little is left, the answer is the template's explanation, and `notice` says why. Sentences also arrive on your
    WebSocket as `{"type":"explanation","items":[{"id","event_source","event_id","user_id","part","sentence"}]}` with
    the `id` of this answer. The same evidence and question return the same answer.
    """
    given = written.given
    explanations.keep(connection, given, alert_id=written.alert_id, by=user.email)
    audit(
        f"event:{given.event_id.key}",
        personal={"question": given.question},
        explanation=str(given.id),
        source=given.source.value,
        model=given.model,
        prompt_version=given.prompt_version,
        evidence_hash=given.evidence_hash,
        removed=given.removed,
    )
    return given
