"""What a pack's simulated world is made of: who acts, how they usually do, and what goes wrong.

Values are data. A text may name what is known, as ``card-{me.id}``; ``$me.typical`` is the value itself. An object
with one operation makes a value: ``choice``, ``uniform``, ``integer``, ``normal`` (mean, standard deviation),
``lognormal`` (median, sigma), ``chance`` (probability, then, otherwise), ``product``, ``sum``, ``by_hour`` and
``by_weekday`` (the one of the simulated time), ``member`` (somebody of a population).
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from risk.domain.events import Event
from risk.rules.evaluator import RuleName

OPERATIONS = {
    "choice": None, "uniform": 2, "integer": 2, "normal": 2, "lognormal": 2, "chance": 3, "product": None, "sum": None,
    "by_hour": 24, "by_weekday": 7, "member": None,
}  # fmt: skip
"""How many arguments each operation takes."""
MAX_MEMBERS = 20_000
_Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,47}$")]
Values = dict[str, JsonValue]
Rate = Annotated[float, Field(gt=0, le=10_000)]
_EVENT = set(Event.model_fields) - {"kind", "event_id", "occurred_at"}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Population(_Part):
    """Those who act or are acted on; each member has ``id`` (its number) and ``fields``, made once in order."""

    count: Annotated[int, Field(ge=1, le=MAX_MEMBERS)]
    fields: Values = {}


class Habit(_Part):
    """What each member of a population does, at random (``per_day``) or at a fixed pace (``every_minutes``).

    ``hours`` and ``weekdays`` weigh the times. ``given`` are values made for each event, in order; ``remember`` changes
    fields of the member after it.
    """

    name: _Word
    of: _Word
    per_day: Rate | None = None
    every_minutes: Annotated[float, Field(ge=1, le=1_440)] | None = None
    hours: Annotated[list[float], Field(min_length=24, max_length=24)] | None = None
    weekdays: Annotated[list[float], Field(min_length=7, max_length=7)] | None = None
    given: Values = {}
    event: Values
    remember: Values = {}

    @model_validator(mode="after")
    def _paced(self) -> Self:
        if (self.per_day is None) == (self.every_minutes is None):
            raise ValueError("give per_day or every_minutes")
        if self.every_minutes is not None and (self.hours or self.weekdays):
            raise ValueError("hours and weekdays weigh what is done per_day")
        return self


class Step(_Part):
    """Events of an episode, ``repeat`` times, ``gap_seconds`` apart."""

    repeat: JsonValue = 1
    gap_seconds: JsonValue = 0
    given: Values = {}
    event: Values


class Change(_Part):
    """For a while (``minutes``) an activity of one member is made with other values."""

    activity: _Word
    minutes: JsonValue
    given: Values = {}


class Anomaly(_Part):
    """What goes wrong, ``per_day``, with somebody of a population: a ``change`` of what they do, or ``steps``.

    ``found_by`` are the rules that should find it. An ``honest`` one only looks wrong: no rule should find it.
    """

    kind: _Word
    of: _Word
    per_day: Rate
    given: Values = {}
    change: Change | None = None
    steps: list[Step] = []
    found_by: list[RuleName] = []
    honest: bool = False

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.change is None) != bool(self.steps):
            raise ValueError("give a change, or steps")
        if bool(self.found_by) == self.honest:
            raise ValueError("give the rules that find it in found_by, or say that it is honest")
        return self


class Scenario(_Part):
    """A simulated world. Nothing goes wrong in the first ``warm_up_days``, in which keys get their history."""

    warm_up_days: Annotated[float, Field(ge=0, le=60)] = 1
    judged_days: Annotated[float, Field(gt=0, le=60)] = 1
    populations: dict[_Word, Population]
    activities: Annotated[list[Habit], Field(min_length=1)]
    anomalies: list[Anomaly] = []

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        activities = {one.name for one in self.activities}
        for of in (*(one.of for one in self.activities), *(one.of for one in self.anomalies)):
            if of not in self.populations:
                raise ValueError(f"there is no population {of}")
        for one in self.anomalies:
            if one.change is not None and one.change.activity not in activities:
                raise ValueError(f"{one.kind}: there is no activity {one.change.activity}")
        for event in (*(one.event for one in self.activities), *_steps(self)):
            unknown = sorted(event.keys() - _EVENT)
            if unknown or "event_type" not in event or "account_id" not in event:
                missing = f"{unknown[0]} is no field of an event" if unknown else "needs event_type and account_id"
                raise ValueError(f"event: {missing}")
        _check(self.model_dump(), set(self.populations))
        return self


def _steps(scenario: Scenario) -> list[Values]:
    return [step.event for one in scenario.anomalies for step in one.steps]


def is_operation(value: Any) -> bool:
    """Whether ``value`` makes a value, rather than being an object of attributes."""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in OPERATIONS


def _check(value: Any, populations: set[str]) -> None:
    if is_operation(value):
        ((name, arguments),) = value.items()
        wanted = OPERATIONS[name]
        if name == "member":
            if arguments not in populations:
                raise ValueError(f"member: there is no population {arguments}")
            return
        if not isinstance(arguments, list) or not arguments or (wanted is not None and len(arguments) != wanted):
            raise ValueError(f"{name} takes a list of {wanted or 'values'}")
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            _check(one, populations)
