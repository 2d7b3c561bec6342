"""Explanations as they were given, whole, with their evidence, immutable."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from risk.domain.event_ids import STREAM, EventIdField, EventSource
from risk.explanations.evidence import Evidence
from risk.explanations.explanation import Explanation, Source
from risk.store.db.tables import explanations


class Given(BaseModel):
    """An explanation with its sources.

    ``prompt_version`` is the version of the template for one that it wrote. ``removed`` counts the sentences of a
    model that the check took out, and ``notice`` says what there is to know of how this came to be.
    """

    id: UUID
    event_source: EventSource = STREAM
    event_id: EventIdField
    source: Source
    model: str | None
    prompt_version: str
    evidence_hash: str
    question: str | None
    explanation: Explanation
    evidence: list[Evidence]
    removed: Annotated[int, Field(ge=0)] = 0
    notice: str | None = None
    created_at: datetime


def keep(connection: Connection, given: Given, *, alert_id: UUID | None, by: str, **more: Any) -> None:
    """Store an explanation unless it is there, with the id of who asked for it; ``more`` are further columns."""
    values = given.model_dump(exclude={"event_source"}) | {"event_id": given.event_id.key}
    for name in ("explanation", "evidence"):
        values[name] = given.model_dump(mode="json", include={name})[name]
    row = insert(explanations).values(**values, alert_id=alert_id, created_by=by, **more)
    connection.execute(row.on_conflict_do_nothing(index_elements=["id"]))


def recall(connection: Connection, template: Given, *, model: str, prompt_version: str) -> Given | None:
    """The complete explanation that ``model`` gave earlier for the same evidence and question."""
    table = explanations
    wanted = [table.c[name] for name in Given.model_fields.keys() - {"event_source", "event_id"}]
    found = connection.execute(
        select(*wanted)
        .where(
            table.c.evidence_hash == template.evidence_hash,
            table.c.source == Source.MODEL.value,
            table.c.model == model,
            table.c.prompt_version == prompt_version,
            table.c.question.is_not_distinct_from(template.question),
            table.c.notice.is_(None),
        )
        .order_by(table.c.created_at.desc())
        .limit(1)
    ).first()
    return (
        None
        if found is None
        else Given.model_validate(
            {**found._mapping, "event_source": template.event_source, "event_id": template.event_id}
        )
    )
