"""Requests an explanation from a language model, where one is configured, streaming the result."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from functions.api.explanations import service
from functions.api.explanations.language_model.prompt import PROMPT_VERSION
from functions.api.explanations.schemas import ExplanationRequest
from functions.api.http.push import push
from functions.api.http.services import Services
from risk.adapters.stream_contracts import ExplanationPart, UpdateType
from risk.config.settings import ApiSettings
from risk.explanations.context import Dossier, PastCase, PastEvent
from risk.explanations.evidence_builder import shown_attributes
from risk.explanations.explanation import Sentence
from risk.explanations.pseudonyms import Pseudonyms, kinds
from risk.explanations.statements import Statement, statements
from risk.store.assessments import event_lookup
from risk.store.explanations import context, explanations, knowledge
from risk.store.explanations.explanations import Given


class Written(NamedTuple):
    """An explanation to store, and the alert for which it was requested."""

    given: Given
    alert_id: UUID | None


def write(services: Services, wanted: ExplanationRequest, user_id: UUID, now: datetime) -> Written:
    """The explanation of an alert if one is named, otherwise of an event: stored, or written now.

    The database is queried in short transactions; none is open during a call to the model.
    """
    answering, question = services.answering, wanted.question
    embedding = answering.embedding if answering else None
    with services.database.begin() as connection:
        event_id = wanted.event_id and event_lookup.find(connection, wanted.event_id, wanted.event_source)
        dossier = context.read(connection, event_id=event_id or None, alert_id=wanted.alert_id)
        vectors = question and embedding and knowledge.is_embedded(connection, embedding.model)
    embedded = None
    if question and embedding and vectors:
        embedded = embedding.question(pseudonyms(services.settings, dossier).hide(question), now)
    kept = None
    with services.database.begin() as connection:
        grounds = service.gather(connection, dossier, question, now, embedded)
        template = service.by_template(grounds, question, now)
        if answering is not None:
            kept = explanations.recall(
                connection, template, model=answering.writer.model, prompt_version=PROMPT_VERSION
            )
    given = kept or template
    if answering is not None and kept is None:
        names, told = pseudonyms(services.settings, dossier), _Told(services, template, user_id)
        given = answering.answer(template, sayable(grounds, template), names, now, told)
    return Written(given, dossier.alert.id if dossier.alert else None)


def sayable(grounds: service.Grounds, template: Given) -> dict[str, Statement]:
    """What a model may choose from."""
    shipped = {document.slug for document in knowledge.shipped()}
    return statements(grounds.dossier, grounds.exhibits, template.explanation, shipped)


def pseudonyms(settings: ApiSettings, dossier: Dossier) -> Pseudonyms:
    """The pseudonyms for what the settings hide from the model."""
    return Pseudonyms({}, forms=False) if settings.rag_personal_data else Pseudonyms(named(dossier))


def named(dossier: Dossier) -> dict[str, str]:
    """Names and attribute values in the evidence of ``dossier``.

    A number of five or more digits may identify a customer or be a telephone number; shorter ones are counts and
    sums.
    """
    event = dossier.assessment
    latest = [*dossier.account.latest, *(dossier.counterparty.latest if dossier.counterparty else ())]
    parties: list[PastEvent | PastCase] = [*latest, *dossier.cases]
    return kinds(
        account=[event.account_id, *(one.account_id for one in parties)],
        counterparty=[event.counterparty_id, *(one.counterparty_id for one in parties)],
        device=[event.device_id, *(one.device_id for one in latest)],
        address=[event.ip],
        value=[value for _, value, is_text in shown_attributes(event) if is_text or sum(map(str.isdigit, value)) >= 5],
    )


class _Told:
    """Sends each sentence to the caller as it is chosen, until sending fails."""

    def __init__(self, services: Services, template: Given, user_id: UUID) -> None:
        self._services = services
        self._template = template
        self._user_id = user_id
        self._reaches = True

    def __call__(self, part: str, sentence: Sentence) -> None:
        """Send one sentence to the caller's connections."""
        told = ExplanationPart(
            id=self._template.id,
            event_source=self._template.event_source,
            event_id=self._template.event_id,
            user_id=self._user_id,
            part=part,
            sentence=sentence,
        )
        self._reaches = self._reaches and push(self._services, UpdateType.EXPLANATION, told)
