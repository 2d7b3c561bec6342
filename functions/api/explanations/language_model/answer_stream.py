"""Parses a model's answer as it streams in: each choice as soon as it is complete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json

from risk.domain.errors import InvalidInput
from risk.explanations.statements import PARTS

MOST_BYTES = 64 * 1024
"""What is longer is no answer to what was asked."""


class Arriving:
    """The JSON of an answer as it arrives; ``InvalidInput`` once it cannot become valid."""

    def __init__(self) -> None:
        self._text = ""
        self._taken: dict[str, int] = {}

    def add(self, piece: str) -> Iterator[tuple[str, object]]:
        """Add what has arrived; returns the choices that are now complete, each with its part."""
        self._text += piece
        if len(self._text) > MOST_BYTES:
            raise InvalidInput("the answer is too long")
        yield from self._new(self._parse(partial=True), complete=False)

    def end(self) -> Iterator[tuple[str, object]]:
        """End the answer; returns the remaining choices."""
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

    def _new(self, found: dict[str, Any], *, complete: bool) -> Iterator[tuple[str, object]]:
        last = None if complete else next(reversed(found), None)
        for part in PARTS:
            choices = found.get(part)
            if not isinstance(choices, list):
                continue
            # The last one may still grow.
            ready = len(choices) - (1 if part == last else 0)
            for one in choices[self._taken.get(part, 0) : ready]:
                self._taken[part] = self._taken.get(part, 0) + 1
                yield part, one
