"""A language model behind an OpenAI-compatible API: asked within a deadline, its answer read as it comes.

The SDK is imported when the first question is asked: no other request waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from functions.api.logs import logger
from functions.api.writing.prompt import SCHEMA
from risk.errors import Unavailable

if TYPE_CHECKING:
    from openai import OpenAI

MOST_WRITTEN = 2_000
"""Tokens of one answer; models that think count what they think, too."""
TRIES = 2
_CONNECT_SECONDS = 3.0
_WAIT_SECONDS = 0.5
_AGAIN = {408, 409, 429, 500, 502, 503, 504}


class NoAnswer(Unavailable):
    """The model gave no answer that can be used; ``ours`` if asking again later would change nothing."""

    def __init__(self, detail: str, *, ours: bool = False) -> None:
        super().__init__(detail)
        self.ours = ours


@dataclass
class Usage:
    """Tokens read and written, as the API counted them; ``known`` once it has, ``began`` once an answer came."""

    read: int = 0
    written: int = 0
    known: bool = False
    began: bool = False


@dataclass
class Writer:
    """One model. ``seconds`` is the deadline of a whole answer, tries and waits included."""

    model: str
    api_key: str
    base_url: str | None
    seconds: float
    _client: OpenAI | None = field(default=None, repr=False)

    def write(self, messages: list[dict[str, str]], usage: Usage) -> Iterator[str]:
        """The answer, piece by piece; ``NoAnswer`` if there is none, or no more of it. ``usage`` is filled at the end.

        Asks again only before anything has come: what came once is not taken back.
        """
        self._sdk()  # its first import takes a while, which is not the model's
        deadline = time.monotonic() + self.seconds
        for attempt in range(1, TRIES + 1):
            try:
                yield from self._ask(messages, usage, deadline)
                return
            except _Again as error:
                wait = error.after if error.after is not None else _WAIT_SECONDS
                left = deadline - time.monotonic() - wait
                if usage.began or attempt == TRIES or left < 1:
                    raise NoAnswer(error.detail) from error
                logger.info("the model is asked again", extra={"error": error.detail, "after": wait})
                time.sleep(wait)

    def _ask(self, messages: list[dict[str, str]], usage: Usage, deadline: float) -> Iterator[str]:
        import httpx
        import openai

        left = max(0.1, deadline - time.monotonic())
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
            "timeout": httpx.Timeout(left, connect=min(_CONNECT_SECONDS, left)),
        }
        try:
            with self._sdk().chat.completions.create(**request) as stream:
                yield from _pieces(stream, usage, deadline)
        except openai.APIStatusError as error:
            # What the API says may repeat what was sent, so it is not logged.
            detail = f"the model's API answered {error.status_code}"
            if error.status_code in _AGAIN:
                raise _Again(detail, _retry_after(error.response.headers)) from error
            raise NoAnswer(detail, ours=True) from error
        except (openai.APIConnectionError, httpx.TransportError) as error:  # time-outs are among them
            raise _Again(f"the model's API did not answer: {type(error).__name__}") from error
        except (openai.OpenAIError, ValueError) as error:
            raise NoAnswer(f"the model's answer is not understood: {type(error).__name__}") from error

    def _sdk(self) -> OpenAI:
        if self._client is None:
            from openai import OpenAI

            self._client = OpenAI(api_key=self.api_key, base_url=self.base_url or None, max_retries=0)
            self._client.chat.completions  # noqa: B018  (the SDK imports most of itself here)
        return self._client

    def close(self) -> None:
        """Close its connections."""
        if self._client is not None:
            self._client.close()


class _Again(Exception):
    """Asking again may help, after so many seconds if the API said so."""

    def __init__(self, detail: str, after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.after = after


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


def _retry_after(headers: Any) -> float | None:
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None
