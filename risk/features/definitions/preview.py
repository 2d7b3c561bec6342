"""What a definition would be over events of the past: its values, its keys, and the memory that they take."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import BaseModel

from risk.domain.event_ids import STREAM, EventId, EventIdField, EventSource
from risk.features.definitions.definition_set import DefinitionSet, Memory
from risk.features.definitions.hyperloglog import STANDARD_ERROR
from risk.features.event_values import Event

EXAMPLES = 10
_QUANTILES = (0.5, 0.9, 0.99, 1.0)


class Quantile(BaseModel):
    """So large or smaller is the value at this share of the events that have one."""

    share: float
    value: float


class Example(BaseModel):
    """An event with one of the largest values."""

    event_source: EventSource = STREAM
    event_id: EventIdField
    value: float


class DefinitionPreview(BaseModel):
    """A definition over stored events, and what its keys would take in the engine's memory.

    ``events`` were looked at, ``with_value`` of them have a value; others lack the key, or what the aggregate needs.
    ``bytes`` is that of the states of all ``keys``; ``bytes_per_key`` is the mean. ``complete`` says whether the events
    span the window: of a longer one, keys and values are of what was looked at.
    """

    events: int
    with_value: int
    since: datetime | None
    until: datetime | None
    complete: bool
    keys: int
    bytes: int
    bytes_per_key: float
    largest_key_bytes: int
    quantiles: list[Quantile]
    examples: list[Example]
    standard_error: float | None
    """Of ``distinct`` above 256 values a key, where it is an estimate: a share of the value."""


class Previewed:
    """Computes the one definition of ``definitions`` at one event after the other."""

    def __init__(self, definitions: DefinitionSet) -> None:
        [self._definition] = definitions.definitions
        self._memory = Memory(definitions)
        self._values: list[float] = []
        self._largest: list[tuple[float, EventId]] = []
        self._events = 0
        self._first, self._last = math.inf, -math.inf

    def observe(self, event_id: EventId, event: Event, at: int) -> None:
        """Look at the next event, in the order in which events were scored."""
        [value] = self._memory.observe(event, at)
        self._events += 1
        self._first, self._last = min(self._first, at), max(self._last, at)
        if not math.isnan(value):
            self._values.append(value)
            add = heapq.heappush if len(self._largest) < EXAMPLES else heapq.heappushpop
            add(self._largest, (value, event_id))

    def report(self) -> DefinitionPreview:
        """What was seen so far."""
        sizes = self._memory.sizes()
        total = sum(sizes)
        return DefinitionPreview(
            events=self._events,
            with_value=len(self._values),
            since=_moment(self._first),
            until=_moment(self._last),
            complete=self._last - self._first >= self._definition.window_seconds,
            keys=len(sizes),
            bytes=total,
            bytes_per_key=round(total / len(sizes), 1) if sizes else 0.0,
            largest_key_bytes=max(sizes, default=0),
            quantiles=_quantiles(sorted(self._values)),
            examples=[
                Example(event_source=one.source, event_id=one, value=value)
                for value, one in sorted(self._largest, reverse=True)
            ],
            standard_error=round(STANDARD_ERROR, 4) if self._definition.is_estimated else None,
        )


def _moment(at: float) -> datetime | None:
    return datetime.fromtimestamp(at, UTC) if math.isfinite(at) else None


def _quantiles(values: Sequence[float]) -> list[Quantile]:
    if not values:
        return []
    last = len(values) - 1
    return [Quantile(share=share, value=values[math.ceil(share * last)]) for share in _QUANTILES]
