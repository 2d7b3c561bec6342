"""An explanation by a language model, where one is set up: what was kept, or a new one, told as it is written."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from functions.api.push import push
from functions.api.services import Services
from functions.api.writing.prompt import PROMPT_VERSION
from risk.dossier import Dossier, PastCase, PastEvent
from risk.exhibits import shown_attributes
from risk.explain import Sentence
from risk.grounding import Grounds
from risk.pseudonyms import Pseudonyms, kinds
from risk.settings import ApiSettings
from risk.store import explanations
from risk.store.explanations import Given
from risk.updates import ExplanationPart, UpdateType


def explain(
    services: Services, connection: Connection, dossier: Dossier, template: Given, user_id: UUID
) -> tuple[Given, bool]:
    """The explanation to give instead of ``template``, and whether it is new: what was kept is given as it was."""
    answering = services.answering
    if answering is None:
        return template, True
    kept = explanations.recall(connection, template, model=answering.writer.model, prompt_version=PROMPT_VERSION)
    if kept is not None:
        return kept, False
    names, told = pseudonyms(services.settings, dossier), _Told(services, template, user_id)
    return answering.answer(template, grounds(dossier, template), names, template.created_at, told), True


def grounds(dossier: Dossier, given: Given) -> Grounds:
    """What sentences about ``dossier`` are checked against."""
    return Grounds(given.evidence, list(named(dossier)))


def pseudonyms(settings: ApiSettings, dossier: Dossier) -> Pseudonyms:
    """What is hidden from a model, as far as the settings ask for it."""
    return Pseudonyms({}, forms=False) if settings.rag_personal_data else Pseudonyms(named(dossier))


def named(dossier: Dossier) -> dict[str, str]:
    """Who and what the evidence of ``dossier`` speaks of, and the texts of the sender's own attributes."""
    event = dossier.assessment
    latest = [*dossier.account.latest, *(dossier.counterparty.latest if dossier.counterparty else ())]
    parties: list[PastEvent | PastCase] = [*latest, *dossier.cases]
    return kinds(
        account=[event.account_id, *(one.account_id for one in parties)],
        counterparty=[event.counterparty_id, *(one.counterparty_id for one in parties)],
        device=[event.device_id, *(one.device_id for one in latest)],
        address=[event.ip],
        value=[value for _, value, is_text in shown_attributes(event) if is_text],
    )


class _Told:
    """Tells whoever asked each sentence as it is written, until telling fails."""

    def __init__(self, services: Services, template: Given, user_id: UUID) -> None:
        self._services = services
        self._template = template
        self._user_id = user_id
        self._reaches = True

    def __call__(self, part: str, sentence: Sentence) -> None:
        """Send one sentence to the connections of who asked."""
        told = ExplanationPart(
            id=self._template.id,
            event_id=self._template.event_id,
            user_id=self._user_id,
            part=part,
            sentence=sentence,
        )
        self._reaches = self._reaches and push(self._services, UpdateType.EXPLANATION, told)
