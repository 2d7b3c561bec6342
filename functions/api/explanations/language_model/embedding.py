"""Embeds texts through an OpenAI-compatible API, within the daily budget.

Search works without vectors: every failure is logged and returns none.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from functions.api.explanations.language_model.budget import NOTHING, Spent
from functions.api.explanations.language_model.gate import Gate
from functions.api.explanations.language_model.sdk import Again, NoAnswer, Sdk, failing, timeout, wait
from functions.api.http.logs import logger
from risk.store.explanations.knowledge import Embedded

if TYPE_CHECKING:
    from openai.types import CreateEmbeddingResponse

QUESTION_SECONDS = 1.5
TRIES = 2
MOST_DIMENSIONS = 16_000
"""What a vector of Postgres holds."""

_LONGEST = 1e30
"""What is longer, or shorter than one part in so many, is beyond the numbers that Postgres keeps of a vector."""

Vectors = list[list[float]]


@dataclass
class Embedding:
    """One embedding model, with a circuit breaker of its own."""

    sdk: Sdk
    model: str
    gate: Gate

    def of(self, texts: Sequence[str], now: datetime, *, seconds: float) -> Vectors | None:
        """A vector for each of ``texts``, all of one length; None if there are none within ``seconds``."""
        # Three characters a token is more than any language has that this is written in.
        most = self.gate.budget.of(embedded=sum(len(text) // 3 + 1 for text in texts))
        refusal = self.gate.enter(most, now)
        if refusal is not None:
            logger.info("nothing is embedded", extra={"why": refusal})
            return None
        spent, vectors = NOTHING, None
        try:
            answer = self._ask(texts, seconds)
            spent = self._spent(answer, most)
            vectors = _read(answer, len(texts))
        except NoAnswer as error:
            logger.warning("nothing was embedded", extra={"error": error.detail, "texts": len(texts)})
        # Not retried without end: every search would wait for it.
        self.gate.leave(most, spent, now, well=vectors is not None)
        return vectors

    def question(self, text: str, now: datetime) -> Embedded | None:
        """The vector of a question; None if it takes too long, and the search uses full text alone."""
        vectors = self.of([text], now, seconds=QUESTION_SECONDS)
        return None if vectors is None else Embedded(self.model, vectors[0])

    def _ask(self, texts: Sequence[str], seconds: float) -> CreateEmbeddingResponse:
        client = self.sdk.client
        deadline, tries = time.monotonic() + seconds, 0
        while True:
            tries += 1
            try:
                with failing():
                    return client.embeddings.create(
                        model=self.model, input=list(texts), encoding_format="float", timeout=timeout(deadline)
                    )
            except Again as error:
                if tries == TRIES:
                    raise NoAnswer(error.detail) from error
                wait(error, deadline)

    def _spent(self, answer: CreateEmbeddingResponse, most: Spent) -> Spent:
        tokens = getattr(getattr(answer, "usage", None), "prompt_tokens", None)
        return self.gate.budget.of(embedded=tokens) if isinstance(tokens, int) and tokens >= 0 else most


def _read(answer: CreateEmbeddingResponse, texts: int) -> Vectors:
    """The vectors of an answer, validated: compatible servers return all kinds of things."""
    try:
        found = sorted((one.index, [float(value) for value in one.embedding]) for one in answer.data)
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise NoAnswer("the model's vectors are not understood") from error
    vectors = [vector for _, vector in found]
    if [place for place, _ in found] != list(range(texts)):
        raise NoAnswer("the model gave another number of vectors than of texts")
    if len({len(vector) for vector in vectors}) != 1 or len(vectors[0]) > MOST_DIMENSIONS:
        raise NoAnswer("the model's vectors are not of one length")
    if not all(1 / _LONGEST < math.hypot(*vector) < _LONGEST for vector in vectors):
        raise NoAnswer("the model's vectors have no direction")
    return vectors
