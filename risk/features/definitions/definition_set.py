"""The definitions in force: which events have which keys, and the value of each definition at an event.

``observe`` first says what the definitions of one key are at an event, then makes it part of the past. The stream,
training, backtests and offline scoring all call it; there is no second definition. Definitions with the same key
share one state a key value, which is bounded whatever is sent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from msgspec import Raw, ValidationError, msgpack

from risk.features.definitions.aggregates import STATES, State
from risk.features.definitions.definition import OF_ITS_OWN, Aggregate, Definition, Plan
from risk.features.definitions.hyperloglog import digest
from risk.features.event_values import Event, number_reader, text_reader
from risk.features.lazy_parts import ENCODER
from risk.features.sliding_windows import DAY

FORMAT = 1
"""First number of a dump; it rises when what follows changes."""
MAX_KEY = 200
USUAL_OVER = 8
"""A key's usual value is a mean over about so many of its latest periods."""
SEPARATOR = "\x1f"
STANDS_OUT = 3.0
"""Values from which on what is usual for their key is said beside them."""
_NAN = math.nan

Predicate = Callable[[Event], bool]
Predicates = Callable[[Event], Sequence[bool]]
"""For an event, whether it passes each of the filters of a set, in the order of ``filters_of``."""
Inputs = tuple[Any, ...]


_DUMPED = msgpack.Decoder(tuple[int, dict[str, tuple[Raw, list[float] | None]]])
_STATE = msgpack.Decoder()


class KeyState:
    """The state of the definitions of one key, for one of its values."""

    __slots__ = ("_group", "_states", "_usual")

    def __init__(self, group: Group) -> None:
        self._group = group
        self._states: list[State] = [new() for new in group.makers]
        # The period, the largest value in it, how many periods there were, and the mean of their largest values.
        self._usual: list[list[float] | None] = [None] * len(self._states)

    def observe(self, at: int, inputs: Inputs) -> Observed:
        """The values at ``at`` (seconds since 1970); then count ``inputs``."""
        values: list[float] = []
        usuals: dict[int, float] | None = None
        usual = self._usual
        for place, (state, (plan, seconds), given) in enumerate(
            zip(self._states, self._group.plans, inputs, strict=False)
        ):
            value = state.observe(plan, at, given)
            values.append(value)
            if value > 0.0:
                period, kept = at // seconds, usual[place]
                if kept is None:
                    usual[place] = [period, value, 0, 0.0]
                elif period > kept[0]:
                    _begin(kept, period, value)
                elif value > kept[1] and period == kept[0]:
                    kept[1] = value
                if value >= STANDS_OUT and kept is not None and kept[2]:
                    usuals = usuals or {}
                    usuals[place] = kept[3]
        return values, usuals

    def dump(self) -> bytes:
        """The state as MessagePack."""
        kept = zip(self._group.signatures, self._states, self._usual, strict=True)
        return ENCODER.encode((FORMAT, {signature: (state.dump(), usual) for signature, state, usual in kept}))

    def restore(self, data: bytes) -> None:
        """Restore what ``dump`` wrote: definitions missing from it start empty, unknown ones are dropped."""
        try:
            version, dumped = _DUMPED.decode(data)
        except ValidationError as error:
            raise ValueError(f"this is no state of definitions of format {FORMAT}") from error
        if version != FORMAT:
            raise ValueError(f"this state of definitions has format {version}, not {FORMAT}")
        for place, signature in enumerate(self._group.signatures):
            if signature in dumped:
                state, self._usual[place] = dumped[signature]
                self._states[place].load(_STATE.decode(state))


def _begin(usual: list[float], period: int, value: float) -> None:
    """A period begins, and with it what the one before it was becomes part of what is usual."""
    usual[2] = min(usual[2] + 1, USUAL_OVER)
    usual[3] += (usual[1] - usual[3]) / usual[2]
    usual[0], usual[1] = period, value


class Member(NamedTuple):
    """A definition in a set: the position of its value and its filter, and what it aggregates."""

    place: int
    definition: Definition
    filter: int | None
    read: Callable[[Event], Any]


class Group:
    """The definitions that share a key."""

    def __init__(self, fields: tuple[str, ...], members: Sequence[Member], kind: str = "") -> None:
        self.fields = fields
        self.kind = kind or "+".join(fields)
        self.members = members
        self.places = [one.place for one in members]
        self.makers = [STATES[one.definition.aggregate] for one in members]
        self.signatures = [one.definition.signature for one in members]
        self.plans = [_timing(one.definition) for one in members]
        """The steps of each definition's window, and the seconds of a period of what is usual."""
        self._inputs = [(one.filter, one.read, one.definition.aggregate in OF_ITS_OWN) for one in members]
        self._first, *self._others = (text_reader(name) for name in fields)

    def key_of(self, event: Event) -> str | None:
        """The value of the key at ``event``, None if a part of it is missing."""
        key = self._first(event)
        if key is None:
            return None
        for read in self._others:
            part = read(event)
            if part is None:
                return None
            # With its length no value, whatever is in it, can pass for two.
            key = f"{len(key)}{SEPARATOR}{key}{SEPARATOR}{part}"
        return key if len(key) <= MAX_KEY else blake2b(key.encode(), digest_size=16).hexdigest()

    def inputs_of(self, event: Event, passes: Sequence[bool]) -> Inputs:
        """What each definition counts of ``event``; ``passes`` are the results of the set's filters."""
        given = []
        for wanted, read, is_own in self._inputs:
            counts = wanted is None or passes[wanted]
            if is_own:
                value = read(event)
                given.append(None if value is None else (value, counts))
            else:
                given.append(read(event) if counts else None)
        return tuple(given)

    def new(self) -> KeyState:
        """The empty state of a key value."""
        return KeyState(self)

    def load(self, data: bytes) -> KeyState:
        """The state that ``KeyState.dump`` wrote. Raises ValueError for one of another format."""
        state = KeyState(self)
        state.restore(data)
        return state


class DefinitionSet:
    """Definitions in the order of their values. ``predicates`` evaluates the filters of ``filters_of``.

    Those that ship are kept together by key. Each of ``own``, which users define, has a state of its own a key, so that
    it can come and go while the others stay; its values follow.
    """

    def __init__(
        self, definitions: Sequence[Definition], predicates: Predicates, own: Sequence[Definition] = ()
    ) -> None:
        together = len(definitions)
        self.definitions = (*definitions, *own)
        self.unknown = (_NAN,) * len(self.definitions)
        """The values at an event that has none of the keys."""
        self.passes = predicates
        filters = filters_of(self.definitions)
        members: dict[tuple[str, ...], list[Member]] = {}
        alone: list[Group] = []
        for place, one in enumerate(self.definitions):
            wanted = None if one.filter is None else filters.index(one.filter)
            member = Member(place, one, wanted, _reader(one))
            if place < together:
                members.setdefault(one.group, []).append(member)
            else:
                alone.append(Group(one.group, [member], own_kind(one)))
        # Those with the same key follow each other, so that it is read once.
        alone.sort(key=lambda group: group.fields)
        self.groups = [*(Group(fields, group) for fields, group in members.items()), *alone]

    def keys(self, event: Event) -> list[tuple[str, str]]:
        """Kind and value of every key that ``event`` has."""
        return [(group.kind, key) for group in self.groups if (key := group.key_of(event)) is not None]


OWN = "defined:"


def own_kind(definition: Definition) -> str:
    """The kind under which the states of a user's definition are kept: by what it computes, whatever it is called."""
    return OWN + definition.signature


def _timing(definition: Definition) -> tuple[Plan, int]:
    return definition.plan, min(DAY, definition.window_seconds)


def filters_of(definitions: Sequence[Definition]) -> list[str]:
    """The distinct filters of ``definitions``."""
    return list(dict.fromkeys(one.filter for one in definitions if one.filter is not None))


def _reader(definition: Definition) -> Callable[[Event], Any]:
    if definition.field is None:
        return lambda _: 1
    if definition.aggregate is not Aggregate.DISTINCT:
        return number_reader(definition.field)
    read = text_reader(definition.field)

    def digested(event: Event) -> int | None:
        text = read(event)
        return None if text is None else digest(text)

    return digested


Observed = tuple[list[float], dict[int, float] | None]
"""The values of a key's definitions and, of those that stand out, by their place among them, what is usual for the key.

That is the mean of the largest values of its latest periods before this one: days, or the window if shorter."""


class Memory:
    """The states of all keys in a dictionary: for a single pass over a history."""

    def __init__(self, definitions: DefinitionSet) -> None:
        self._definitions = definitions
        self._states: dict[tuple[str, str], KeyState] = {}

    def observe(self, event: Event, at: int) -> tuple[float, ...]:
        """The values of the definitions at ``event``; then count it."""
        return observe_groups(self._definitions, event, at, self._observe)[0]

    def dumps(self) -> dict[tuple[str, str], bytes]:
        """The state of each key, by kind and key."""
        return {key: state.dump() for key, state in self._states.items()}

    def sizes(self) -> list[int]:
        """The bytes of each key's state, as it is stored."""
        return [len(kind) + len(key) + len(state.dump()) for (kind, key), state in self._states.items()]

    def _observe(self, group: Group, key: str, at: int, inputs: Inputs) -> Observed:
        state = self._states.get((group.kind, key))
        if state is None:
            state = self._states[group.kind, key] = group.new()
        return state.observe(at, inputs)


Observe = Callable[[Group, str, int, Inputs], Observed]


def observe_groups(
    definitions: DefinitionSet, event: Event, at: int, observe: Observe
) -> tuple[tuple[float, ...], dict[int, float] | None]:
    """The values at ``event`` in the order of the definitions, and the usual value of those that stand out.

    ``observe`` updates the state of a key.
    """
    values = list(definitions.unknown)
    usual: dict[int, float] | None = None
    passes: Sequence[bool] | None = None
    fields: tuple[str, ...] = ()
    key: str | None = None
    for group in definitions.groups:
        if group.fields != fields:
            fields, key = group.fields, group.key_of(event)
        if key is None:
            continue
        if passes is None:
            passes = definitions.passes(event)
        found, usual_here = observe(group, key, at, group.inputs_of(event, passes))
        for place, value in zip(group.places, found, strict=True):
            values[place] = value
        if usual_here is not None:
            placed = {group.places[at_member]: value for at_member, value in usual_here.items()}
            usual = placed if usual is None else usual | placed
    return tuple(values), usual
