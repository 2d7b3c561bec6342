"""Embeds passages of the knowledge base on a schedule.

It is the API's Lambda that the clock wakes: it alone has the model's key, the way to it, and its budget's counters.
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
    """Embed passages that have no vector of the model that is set up, as many as there is time for; say how many.

    What was embedded stays, whatever comes after it; the rest is for the next time.
    """
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
