"""Parses a model's answer as it streams in: each sentence as soon as it is complete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from risk.alerts.alert import Disposition
from risk.domain.errors import InvalidInput
from risk.explanations.explanation import Sentence
from risk.explanations.grounding.answer_check import BECAUSE, PARTS

MOST_BYTES = 64 * 1024
"""What is longer is no answer to what was asked."""


class Arriving:
    """The JSON of an answer as it arrives; ``InvalidInput`` once it cannot become valid.

    ``broken`` counts sentences of the wrong shape, such as those without citations.
    """

    def __init__(self) -> None:
        self._text = ""
        self._taken: dict[str, int] = {}
        self.broken = 0
        self.disposition: Disposition | None = None

    def add(self, piece: str) -> Iterator[tuple[str, Sentence]]:
        """Add what has arrived; returns the sentences that are now complete, each with its part."""
        self._text += piece
        if len(self._text) > MOST_BYTES:
            raise InvalidInput("the answer is too long")
        yield from self._new(self._parse(partial=True), complete=False)

    def end(self) -> Iterator[tuple[str, Sentence]]:
        """End the answer; returns the remaining sentences."""
        yield from self._new(self._parse(partial=False), complete=True)

    def _parse(self, *, partial: bool) -> dict[str, Any]:
        try:
            found = from_json(self._text or "{}", allow_partial=partial)
        except ValueError as error:
            raise InvalidInput("the answer is not JSON") from error
        if not isinstance(found, dict):
            raise InvalidInput("the answer is not an object")
        if not partial and not set(PARTS) <= found.keys():
            raise InvalidInput("the answer lacks a part")
        return found

    def _new(self, found: dict[str, Any], *, complete: bool) -> Iterator[tuple[str, Sentence]]:
        suggestion = found.get("suggestion")
        if isinstance(suggestion, dict):
            # Not before the next field begins: until then it may be half a word.
            if self.disposition is None and (complete or len(suggestion) > 1):
                self.disposition = _disposition(suggestion.get("disposition"))
            found = found | {BECAUSE: suggestion.get("because")}
        last = None if complete else next(reversed(found), None)
        for part in (*PARTS, BECAUSE):
            sentences = found.get(part)
            if not isinstance(sentences, list):
                continue
            # The last one may still grow.
            ready = len(sentences) - (1 if part == last else 0)
            for one in sentences[self._taken.get(part, 0) : ready]:
                self._taken[part] = self._taken.get(part, 0) + 1
                try:
                    yield part, Sentence.model_validate(one)
                except ValidationError:
                    self.broken += 1


def _disposition(value: object) -> Disposition | None:
    return next((one for one in Disposition if one == value), None)
