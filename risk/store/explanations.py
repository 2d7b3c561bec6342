"""Explanations as they were given: whole, with their evidence, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection, insert

from risk.evidence import Evidence
from risk.explain import Explanation, Source
from risk.store.tables import explanations


class Given(BaseModel):
    """An explanation with its sources.

    ``prompt_version`` is the version of the template for one that it wrote. ``removed`` counts the sentences of a
    model that the check took out, and ``notice`` says what there is to know of how this came to be.
    """

    id: UUID
    event_id: UUID
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
    """Store an explanation, with the id of who asked for it; ``more`` are further columns."""
    values = given.model_dump()
    for name in ("explanation", "evidence"):
        values[name] = given.model_dump(mode="json", include={name})[name]
    connection.execute(insert(explanations).values(**values, alert_id=alert_id, created_by=by, **more))
