"""What a user-defined feature is: an aggregate over the events that share a key, in a sliding window of event time.

Its value at an event speaks of the events before it: those that came earlier, share its key, pass the filter, and
lie in the window that ends with it. Windows are cut into steps (``Plan.grain``): an event counts while its step is
one of the ``Plan.width`` up to that of the event that asks. Amounts of different currencies are never added: what
aggregates ``amount`` counts events in the currency of the event that asks.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b
from typing import Annotated, NamedTuple, Self

from msgspec import json
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from risk.features.directions import Direction
from risk.features.event_values import ATTRIBUTE, is_readable
from risk.features.sliding_windows import DAY, HOUR, MINUTE

MAX_LIVE = 64
MAX_FILTER = 1_024
AMOUNT, CURRENCY = "amount", "currency"
_STEPS, _DISTINCT_STEPS = 64, 32
_DISTINCT_LATE = 6 * HOUR
"""Different values take 512 bytes a step where there are many."""
_MOST_STEPS = 128
_GRAINS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
           DAY, 2 * DAY, 3 * DAY)  # fmt: skip
_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY}
_SPANS = {"m": "minute", "h": "hour", "d": "day"}


class Aggregate(StrEnum):
    """The aggregate over the events in the window."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    DISTINCT = "distinct"
    LAST = "last"
    SECONDS_SINCE_LAST = "seconds_since_last"
    RATIO = "ratio"
    STDDEV = "stddev"
    ZSCORE = "zscore"


_WITHOUT_FIELD = (Aggregate.COUNT, Aggregate.SECONDS_SINCE_LAST)
OF_ITS_OWN = (Aggregate.RATIO, Aggregate.ZSCORE)
"""These compare the value of the event that asks, whether it counts or not."""
_FROM_ZERO = (Aggregate.COUNT, Aggregate.SUM, Aggregate.DISTINCT)


class Plan(NamedTuple):
    """A window in steps: each is ``grain`` seconds, the window ``width`` of them; ``keep`` are kept for late events.

    An event that is later than ``keep - width`` steps has no value; one older than ``keep`` steps is not counted.
    """

    grain: int
    width: int
    keep: int


def plan(window: int, steps: int = _STEPS, late: int = DAY) -> Plan:
    """The steps of a window of so many seconds, for events at most ``late`` seconds, and a window, late.

    ValueError when no grain divides it.
    """
    grains = [grain for grain in _GRAINS if window % grain == 0]
    fitting = [grain for grain in grains if window // grain <= steps] or [
        grain for grain in grains if window // grain <= _MOST_STEPS
    ]
    if not fitting:
        raise ValueError("cannot be cut into at most 128 equal steps; take a rounder one, such as 90m, 12h or 30d")
    grain = fitting[0]
    width = window // grain
    return Plan(grain, width, width + max(1, -(-min(window, late) // grain)))


DefinitionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,47}$")]
Phrase = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
Window = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,4}[mhd]$")]
FieldName = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class DefinitionBody(BaseModel):
    """One version of a feature. ``key`` is one field or two; ``filter`` is CEL over the event's fields.

    ``unit`` is what a count counts, in the plural (``failed logins``), or the unit of the value; ``meaning`` says in a
    sentence what the value is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=2)]
    aggregate: Aggregate
    field: FieldName | None = None
    window: Window
    filter: Annotated[str, StringConstraints(min_length=1, max_length=MAX_FILTER, pattern=r"^[^\x00]+$")] | None = None
    unit: Annotated[Phrase, StringConstraints(max_length=40)]
    meaning: Phrase
    direction: Direction = Direction.NONE

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name in self.key:
            if not is_readable(name):
                raise ValueError(f"key: {name} is neither a field of an event nor attributes.<name>")
        if len(set(self.key)) < len(self.key):
            raise ValueError("key: the two fields must differ")
        if self.aggregate in _WITHOUT_FIELD:
            if self.field is not None:
                raise ValueError(f"field: {self.aggregate} takes none")
        elif self.field is None:
            raise ValueError(f"field: {self.aggregate} needs one, such as amount or attributes.<name>")
        elif self.aggregate is Aggregate.DISTINCT:
            if not is_readable(self.field):
                raise ValueError(f"field: {self.field} is neither a field of an event nor attributes.<name>")
        elif self.field != AMOUNT and not (self.field.startswith(ATTRIBUTE) and is_readable(self.field)):
            raise ValueError(f"field: {self.aggregate} needs a number: amount or attributes.<name>")
        if not MINUTE <= self.window_seconds <= 90 * DAY:
            raise ValueError("window: from 1m to 90d")
        try:
            _ = self.plan
        except ValueError as error:
            raise ValueError(f"window: {self.window} {error}") from error
        return self

    @property
    def window_seconds(self) -> int:
        """The window in seconds."""
        return int(self.window[:-1]) * _UNITS[self.window[-1]]

    @property
    def span(self) -> str:
        """The window in words: ``hour``, ``10 minutes``, ``7 days``."""
        number, unit = int(self.window[:-1]), _SPANS[self.window[-1]]
        return unit if number == 1 else f"{number} {unit}s"

    @property
    def plan(self) -> Plan:
        """The window in steps."""
        if self.aggregate is Aggregate.DISTINCT:
            return plan(self.window_seconds, _DISTINCT_STEPS, _DISTINCT_LATE)
        return plan(self.window_seconds)

    @property
    def group(self) -> tuple[str, ...]:
        """The fields that an event must have and by which states are kept: the key, and the currency of amounts."""
        money = self.field == AMOUNT and CURRENCY not in self.key
        return (*self.key, CURRENCY) if money else self.key

    @property
    def starts_at_zero(self) -> bool:
        """Whether the value at a key without events in the window is 0 rather than unknown."""
        return self.aggregate in _FROM_ZERO

    @property
    def is_estimated(self) -> bool:
        """Whether large values are estimates."""
        return self.aggregate is Aggregate.DISTINCT

    @property
    def signature(self) -> str:
        """The identity of its states: the same for definitions that compute the same."""
        told = json.encode((self.group, self.aggregate, self.field, self.window_seconds, self.filter))
        return blake2b(told, digest_size=6).hexdigest()


class Definition(DefinitionBody):
    """A feature in the words of its author, under the name by which rules and models know it."""

    name: DefinitionName
