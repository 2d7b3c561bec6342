"""The client: every operation of the API, and what makes sending many events easy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from realtime_risk.operations import Operations

EVENTS_A_REQUEST = 500


class Client(Operations):
    """The API at ``base_url``, for the holder of an API key (``rk_…``) or of an access token."""

    def send_all(self, events: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Send any number of events, 500 a request; gives what became of each, in their order.

        An event that was sent before is scored once, so that all of them may be sent again.
        """
        rest = iter(events)
        while part := list(islice(rest, EVENTS_A_REQUEST)):
            answer: Any = self.send_events(part)  # type: ignore[arg-type]  # plain dictionaries do
            yield from answer["items"]

    def pages(self, operation: Any, **query: Any) -> Iterator[Any]:
        """Every item of a list, page after page: ``client.pages(client.list_alerts, status=["open"])``."""
        cursor = None
        while True:
            found = operation(**query, cursor=cursor)
            yield from found["items"]
            cursor = found["next_cursor"]
            if cursor is None:
                return
