"""Calls a language model with a deadline and streams its answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from functions.api.explanations.language_model.prompt import SCHEMA
from functions.api.explanations.language_model.sdk import Again, NoAnswer, Sdk, failing, timeout, wait

MOST_WRITTEN = 2_000
"""Tokens of one answer; models that think count what they think, too."""
TRIES = 2


@dataclass
class Usage:
    """Tokens of input and output as counted by the API; ``known`` once counted, ``began`` once an answer started."""

    read: int = 0
    written: int = 0
    known: bool = False
    began: bool = False


@dataclass
class Writer:
    """One model. ``seconds`` is the deadline of a whole answer, including retries."""

    sdk: Sdk
    model: str
    seconds: float

    def write(self, messages: list[dict[str, str]], usage: Usage) -> Iterator[str]:
        """The answer, piece by piece; ``NoAnswer`` if there is none or it breaks off. ``usage`` is filled at the end.

        Retries only before the first piece.
        """
        self.sdk.client  # noqa: B018  (its import takes a while, which is not the model's)
        deadline = time.monotonic() + self.seconds
        for attempt in range(1, TRIES + 1):
            try:
                yield from self._ask(messages, usage, deadline)
                return
            except Again as error:
                if usage.began or attempt == TRIES:
                    raise NoAnswer(error.detail) from error
                wait(error, deadline)

    def _ask(self, messages: list[dict[str, str]], usage: Usage, deadline: float) -> Iterator[str]:
        request: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "max_completion_tokens": MOST_WRITTEN,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "explanation", "strict": True, "schema": SCHEMA},
            },
            "stream": True,
            "stream_options": {"include_usage": True},
            "timeout": timeout(deadline),
        }
        with failing(), self.sdk.client.chat.completions.create(**request) as stream:
            yield from _pieces(stream, usage, deadline)


def _pieces(stream: Any, usage: Usage, deadline: float) -> Iterator[str]:
    finished = False
    for chunk in stream:
        usage.began = True
        if time.monotonic() > deadline:
            raise NoAnswer("the model's answer took too long")
        if chunk.usage is not None:
            usage.read, usage.written, usage.known = chunk.usage.prompt_tokens, chunk.usage.completion_tokens, True
        for choice in chunk.choices[:1]:
            if choice.delta.content:
                yield choice.delta.content
            if choice.delta.refusal or choice.finish_reason == "content_filter":
                raise NoAnswer("the model refused to answer", ours=True)
            if choice.finish_reason == "length":
                raise NoAnswer("the model's answer was cut off at its greatest length", ours=True)
            finished = finished or choice.finish_reason is not None
    if not finished:
        raise NoAnswer("the model's answer broke off")
