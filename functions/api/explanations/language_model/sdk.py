"""The OpenAI SDK, imported on first use, with its errors mapped to two kinds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from functions.api.http.logs import logger
from risk.domain.errors import Unavailable

if TYPE_CHECKING:
    from openai import OpenAI, Timeout

_CONNECT_SECONDS = 3.0
_WAIT_SECONDS = 0.5
_LEAST_SECONDS = 0.5
"""With less time left than this, asking again is in vain."""
_AGAIN = {408, 409, 429, 500, 502, 503, 504}


class NoAnswer(Unavailable):
    """The model gave no usable answer; ``ours`` if retrying would not help."""

    def __init__(self, detail: str, *, ours: bool = False) -> None:
        super().__init__(detail)
        self.ours = ours


class Again(Exception):
    """A retry may help, after so many seconds if the API said so."""

    def __init__(self, detail: str, after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.after = after


@dataclass
class Sdk:
    """One API and its key."""

    api_key: str = field(repr=False)
    base_url: str | None
    _client: OpenAI | None = field(default=None, repr=False)

    @property
    def client(self) -> OpenAI:
        """The SDK's client. Its import is not counted against a deadline."""
        if self._client is None:
            from openai import OpenAI

            self._client = OpenAI(api_key=self.api_key, base_url=self.base_url or None, max_retries=0)
            self._client.chat.completions  # noqa: B018  (the SDK imports most of itself here)
        return self._client

    def close(self) -> None:
        """Close its connections."""
        if self._client is not None:
            self._client.close()


def timeout(deadline: float) -> Timeout:
    """The time left until ``deadline`` (monotonic), as the SDK expects it."""
    from openai import Timeout

    left = max(0.1, deadline - time.monotonic())
    return Timeout(left, connect=min(_CONNECT_SECONDS, left))


@contextmanager
def failing() -> Iterator[None]:
    """Raise ``Again`` or ``NoAnswer`` for an error of the SDK."""
    import openai

    try:
        yield
    except openai.APIStatusError as error:
        # Error texts of the API may repeat the request, so they are not logged.
        detail = f"the model's API answered {error.status_code}"
        if error.status_code in _AGAIN:
            raise Again(detail, _retry_after(error.response.headers)) from error
        raise NoAnswer(detail, ours=True) from error
    except openai.APIConnectionError as error:  # time-outs are among them
        raise Again(f"the model's API did not answer: {type(error).__name__}") from error
    except (openai.OpenAIError, ValueError) as error:
        raise NoAnswer(f"the model's answer is not understood: {type(error).__name__}") from error


def wait(error: Again, deadline: float) -> None:
    """Wait before a retry as long as the API asks; ``NoAnswer`` if there is not enough time."""
    seconds = error.after if error.after is not None else _WAIT_SECONDS
    if deadline - time.monotonic() - seconds < _LEAST_SECONDS:
        raise NoAnswer(error.detail) from error
    logger.info("the model is asked again", extra={"error": error.detail, "after": seconds})
    time.sleep(seconds)


def _retry_after(headers: Any) -> float | None:
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None
