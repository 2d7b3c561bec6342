"""Lets the model choose what an explanation says; falls back to the template with a notice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import redis

from functions.api.explanations.language_model.answer_stream import Arriving
from functions.api.explanations.language_model.budget import Budget, Prices
from functions.api.explanations.language_model.circuit_breaker import Breaker
from functions.api.explanations.language_model.embedding import Embedding
from functions.api.explanations.language_model.gate import Gate
from functions.api.explanations.language_model.prompt import PROMPT_VERSION, messages
from functions.api.explanations.language_model.sdk import NoAnswer, Sdk
from functions.api.explanations.language_model.writer import MOST_WRITTEN, Usage, Writer
from functions.api.http.logs import logger
from risk.config.settings import ApiSettings
from risk.domain.errors import InvalidInput
from risk.explanations.explanation import Sentence, Source
from risk.explanations.pseudonyms import Pseudonyms
from risk.explanations.statements import Choice, Statement
from risk.store.explanations.explanations import Given

Tell = Callable[[str, Sentence], None]
"""Takes each sentence with its part, as it is chosen."""

SILENT = "The language model could not be asked ({}); this is the template's explanation."
TOO_LITTLE = (
    "The language model chose too little that may be said ({} of its choices are no statement of that part); this is "
    "the template's explanation."
)
CUT_SHORT = "The language model's answer was cut short ({}); this is what it had chosen."


@dataclass
class Answering:
    """One model within a budget. ``embedding`` is a second model of the same API, or None."""

    writer: Writer
    gate: Gate
    embedding: Embedding | None

    @classmethod
    def by(cls, settings: ApiSettings, key: str, client: redis.Redis) -> Answering:
        """The model that the settings describe, with its counters in Valkey."""
        sdk = Sdk(key, settings.openai_base_url)
        budget = Budget(
            client,
            Prices(settings.openai_price_read, settings.openai_price_written, settings.openai_price_embedded),
            tokens=settings.openai_tokens_per_day,
            dollars=settings.openai_dollars_per_day,
        )
        model = settings.openai_embedding_model
        return cls(
            Writer(sdk, settings.openai_model, settings.openai_seconds),
            Gate(budget, Breaker(client, "explain")),
            Embedding(sdk, model, Gate(budget, Breaker(client, "embed"))) if model else None,
        )

    def close(self) -> None:
        """Close its connections."""
        self.writer.sdk.close()

    def answer(
        self, template: Given, statements: Mapping[str, Statement], names: Pseudonyms, now: datetime, tell: Tell
    ) -> Given:
        """The explanation of what the model chose of ``statements``, or the template's with a notice of the reason."""
        asked = messages(statements.values(), template.question, names)
        # Three characters a token is more than any language has that this is written in.
        budget = self.gate.budget
        most = budget.of(sum(len(one["content"]) for one in asked) // 3, MOST_WRITTEN)
        refusal = self.gate.enter(most, now)
        if refusal is not None:
            return _fallen_back(template, SILENT.format(refusal))
        began, usage = time.monotonic(), Usage()
        given, outcome = self._write(asked, usage, template, Choice(statements, template.explanation), tell)
        spent = budget.of(usage.read, usage.written) if usage.known or not usage.began else most
        self.gate.leave(most, spent, now, well=outcome != "failed")
        logger.info(
            "the model was asked",
            extra={
                "outcome": outcome,
                "seconds": round(time.monotonic() - began, 2),
                "tokens": spent.tokens,
                "micro_dollars": spent.micros,
                "removed": given.removed,
            },
        )
        return given

    def _write(
        self,
        asked: list[dict[str, str]],
        usage: Usage,
        template: Given,
        choice: Choice,
        tell: Tell,
    ) -> tuple[Given, str]:
        arriving, outcome, cut = Arriving(), "answered", ""

        def take(complete: Iterable[tuple[str, object]]) -> None:
            for part, chosen in complete:
                stands = choice.take(part, chosen)
                if stands is not None:
                    tell(part, stands)

        if template.question is None:
            for part, sentence in choice.begin():
                tell(part, sentence)
        try:
            for piece in self.writer.write(asked, usage):
                take(arriving.add(piece))
            take(arriving.end())
        except NoAnswer as error:
            outcome, cut = "refused" if error.ours else "failed", error.detail
        except InvalidInput as error:
            outcome, cut = "malformed", error.detail
        removed = choice.removed
        if not choice.is_enough:
            return _fallen_back(template, SILENT.format(cut) if cut else TOO_LITTLE.format(removed), removed), outcome
        given = template.model_copy(
            update={
                "source": Source.MODEL,
                "model": self.writer.model,
                "prompt_version": PROMPT_VERSION,
                "explanation": choice.explanation(),
                "removed": removed,
                "notice": CUT_SHORT.format(cut) if cut else None,
            }
        )
        return given, outcome


def _fallen_back(template: Given, notice: str, removed: int = 0) -> Given:
    return template.model_copy(update={"notice": notice, "removed": removed})
