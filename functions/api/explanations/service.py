"""Produces an explanation: reads the context, searches the knowledge base, writes the text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection

from risk.explanations import typologies
from risk.explanations.context import Dossier, Passage
from risk.explanations.evidence import evidence_hash
from risk.explanations.evidence_builder import Exhibits, exhibits
from risk.explanations.explanation import Source
from risk.explanations.template_writer import TEMPLATE_VERSION, explain
from risk.store.explanations import knowledge
from risk.store.explanations.explanations import Given
from risk.store.explanations.knowledge import Embedded

PASSAGES, ANSWERS = 4, 5
NOT_ASKED = "Questions are answered by a language model, which is not set up here (RAG_ENABLED); this is the template."


class Grounds(NamedTuple):
    """What an explanation is based on: the context, and the same as evidence."""

    dossier: Dossier
    exhibits: Exhibits


def found(
    connection: Connection, dossier: Dossier, question: str | None, embedded: Embedded | None = None
) -> list[Passage]:
    """The passages that answer ``question``, if any, then those relevant to ``dossier``.

    They are searched separately: the dossier has more words than a question and would dominate it. Passages on the
    typologies that the event resembles are known by name and need no search; the remaining places are for other
    matches, such as an uploaded policy.
    """
    asked = [] if question is None else knowledge.search(connection, question, limit=ANSWERS, embedded=embedded)
    named = knowledge.named(connection, typologies.wanted(dossier))
    more = knowledge.search(connection, typologies.query(dossier), limit=PASSAGES)
    bearing = list(dict.fromkeys([*named, *(hit.passage for hit in more)]))[:PASSAGES]
    return list(dict.fromkeys([*(hit.passage for hit in asked), *bearing]))


def gather(
    connection: Connection, dossier: Dossier, question: str | None, now: datetime, embedded: Embedded | None = None
) -> Grounds:
    """``dossier`` with the relevant passages as evidence. ``embedded`` is the question as a vector, if any."""
    knowledge.index_shipped(connection, now)
    complete = replace(dossier, passages=tuple(found(connection, dossier, question, embedded)))
    return Grounds(complete, exhibits(complete))


def by_template(grounds: Grounds, question: str | None, now: datetime) -> Given:
    """The template's explanation."""
    evidence = grounds.exhibits.evidence
    return Given(
        id=uuid4(),
        event_source=grounds.dossier.assessment.event_source,
        event_id=grounds.dossier.assessment.event_id,
        source=Source.TEMPLATE,
        model=None,
        prompt_version=TEMPLATE_VERSION,
        evidence_hash=evidence_hash(evidence),
        question=question,
        explanation=explain(grounds.dossier, grounds.exhibits),
        evidence=evidence,
        notice=NOT_ASKED if question else None,
        created_at=now,
    )
