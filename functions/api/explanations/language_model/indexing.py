"""Embeds knowledge base passages on a schedule.

It runs in the API's Lambda, which alone has the model's key, its network route and its budget.
"""

from __future__ import annotations

import time
from datetime import datetime

from functions.api.http.logs import logger
from functions.api.http.services import Services
from risk.explanations.pseudonyms import Pseudonyms
from risk.store.explanations import knowledge

BATCH = 32
"""Passages a request: what servers of small models still take."""
BATCH_SECONDS = 8.0
WORK_SECONDS = 15.0
"""No batch begins later; the last one ends before the Lambda does."""


def run(services: Services, now: datetime) -> dict[str, int]:
    """Embed passages that lack a vector of the configured model, within the time given; returns how many."""
    embedding = services.answering.embedding if services.answering else None
    if embedding is None:
        return {"embedded": 0}
    with services.database.begin() as connection:
        knowledge.index_shipped(connection, now)
    embedded, end = 0, time.monotonic() + WORK_SECONDS
    while True:
        with services.database.begin() as connection:
            waiting = knowledge.unembedded(connection, embedding.model, limit=BATCH)
        if not waiting or time.monotonic() > end:
            break
        names = Pseudonyms({}, forms=not services.settings.rag_personal_data)
        vectors = embedding.of([names.hide(text) for _, text in waiting], now, seconds=BATCH_SECONDS)
        if vectors is None:
            break
        with services.database.begin() as connection:
            ids = (passage_id for passage_id, _ in waiting)
            knowledge.embed(connection, embedding.model, list(zip(ids, vectors, strict=True)))
        embedded += len(vectors)
    if embedded:
        logger.info("passages were embedded", extra={"embedded": embedded, "model": embedding.model})
    return {"embedded": embedded}
