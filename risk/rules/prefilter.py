"""Necessary conditions of a rule, in a form that is checked for a whole batch at once.

Most events hit few rules, and to ask CEL costs microseconds for each. A screen is read off an expression's tokens:
comparisons of a number or a text with constants, joined by ``&&`` and ``||``. Whatever else stands there is taken
for possible. So a screen never says no to an event of which CEL would say yes, nor to one that CEL could not
evaluate without the answer being false anyway (in CEL, false && error is false).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from risk.features.catalog import INDEX
from risk.features.event_values import DERIVED, FIELDS, text_reader
from risk.rules.lists import Membership

TEXTS = (*FIELDS, *DERIVED)
TEXT_READERS = {name: text_reader(name) for name in TEXTS}
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
AMOUNT = "event.amount"


class Number(NamedTuple):
    """A feature, or ``AMOUNT``, compared with a constant; false of NaN but for ``!=``, as in CEL and NumPy."""

    name: str
    operator: str
    constant: float


class OneOf(NamedTuple):
    """A text of the event is one of these; a missing one is empty."""

    field: str
    values: frozenset[str]


class Listed(NamedTuple):
    """A text of the event is on a list, whenever its entry expires."""

    field: str
    list_name: str


class AllOf(NamedTuple):
    """Every part holds."""

    parts: tuple[Screen, ...]


class AnyOf(NamedTuple):
    """Some part holds."""

    parts: tuple[Screen, ...]


Predicate = Callable[[Mapping[str, Any], Sequence[float]], bool]
Screen = Number | OneOf | Listed | AllOf | AnyOf


def screen(tokens: Sequence[str], literal: Callable[[str], str]) -> Screen | None:
    """The screen of an expression given as texts of its tokens; None if it cannot be screened.

    ``literal`` gives the text that a quoted token stands for.
    """
    if "?" in tokens:
        return None
    parts = [_conjunction(part, literal) for part in _split(tokens, "||")]
    known = tuple(part for part in parts if part is not None)
    if len(known) < len(parts):
        return None
    return known[0] if len(known) == 1 else AnyOf(known)


def is_exact(tokens: Sequence[str], literal: Callable[[str], str]) -> bool:
    """Whether the screen of an expression is true of just what the expression is: CEL need not be asked.

    An entry of a list may have expired, which a screen does not look at.
    """
    if "?" in tokens:
        return False
    units = [unit for part in _split(tokens, "||") for unit in _split(part, "&&")]
    return all(_is_exact_unit(unit, literal) for unit in units)


def _is_exact_unit(tokens: Sequence[str], literal: Callable[[str], str]) -> bool:
    if len(tokens) > 2 and tokens[0] == "(" and _closes(tokens) == len(tokens) - 1:
        return is_exact(tokens[1:-1], literal)
    return _number(tokens) is not None or _text(tokens, literal) is not None


def predicate(wanted: Screen, lists: Membership, index: Mapping[str, int] = INDEX) -> Predicate:
    """What asks ``wanted`` of one event, given as its JSON and its features, whose places are in ``index``."""
    if isinstance(wanted, Number):
        compare, constant = OPERATORS[wanted.operator], wanted.constant
        if wanted.name == AMOUNT:
            return lambda event, _: bool(compare(amount(event), constant))
        place = index[wanted.name]
        return lambda _, vector: bool(compare(vector[place], constant))
    if isinstance(wanted, AllOf | AnyOf):
        parts, every = [predicate(part, lists, index) for part in wanted.parts], isinstance(wanted, AllOf)
        if len(parts) == 2:
            first, second = parts
            if every:
                return lambda event, vector: first(event, vector) and second(event, vector)
            return lambda event, vector: first(event, vector) or second(event, vector)
        combine = all if every else any
        return lambda event, vector: combine(part(event, vector) for part in parts)
    read, accepts = TEXT_READERS[wanted.field], acceptance(wanted, lists)
    return lambda event, _: accepts(read(event) or "")


def acceptance(wanted: OneOf | Listed, lists: Membership) -> Callable[[str], bool]:
    """What tells whether a text is one that ``wanted`` takes."""
    if isinstance(wanted, OneOf):
        return wanted.values.__contains__
    return lambda value: lists.holds(wanted.list_name, value, -math.inf)


def amount(event: Mapping[str, Any]) -> float:
    """The amount of an event as its JSON has it, NaN if there is none."""
    value = event.get("amount")
    return math.nan if value is None else float(value)


def _conjunction(tokens: Sequence[str], literal: Callable[[str], str]) -> Screen | None:
    known = tuple(found for part in _split(tokens, "&&") if (found := _unit(part, literal)) is not None)
    if not known:
        return None
    return known[0] if len(known) == 1 else AllOf(known)


def _split(tokens: Sequence[str], at: str) -> list[Sequence[str]]:
    parts: list[Sequence[str]] = []
    depth = start = 0
    for place, token in enumerate(tokens):
        depth += (token in _OPEN) - (token in _CLOSE)
        if depth == 0 and token == at:
            parts.append(tokens[start:place])
            start = place + 1
    return [*parts, tokens[start:]]


def _unit(tokens: Sequence[str], literal: Callable[[str], str]) -> Screen | None:
    if len(tokens) > 2 and tokens[0] == "(" and _closes(tokens) == len(tokens) - 1:
        return screen(tokens[1:-1], literal)
    return _number(tokens) or _text(tokens, literal) or _listed(tokens, literal)


def _closes(tokens: Sequence[str]) -> int:
    """Where the bracket that opens ``tokens`` closes."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token in _OPEN) - (token in _CLOSE)
        if depth == 0:
            return place
    return -1


def _number(tokens: Sequence[str]) -> Number | None:
    name = _numeric(tokens[:3])
    if name is not None and len(tokens) > 3 and tokens[3] in OPERATORS:
        compared, sign = tokens[4:], tokens[3]
    elif len(tokens) > 3 and (name := _numeric(tokens[-3:])) is not None and tokens[-4] in OPERATORS:
        compared, sign = tokens[:-4], _MIRRORED[tokens[-4]]
    else:
        return None
    try:
        return Number(name, sign, float("".join(compared)))
    except ValueError:
        return None


def _numeric(tokens: Sequence[str]) -> str | None:
    if len(tokens) == 3 and tokens[1] == ".":
        if tokens[0] == "features":
            return tokens[2]
        if tokens[0] == "event" and tokens[2] == "amount":
            return AMOUNT
    return None


def _text(tokens: Sequence[str], literal: Callable[[str], str]) -> OneOf | None:
    field = _textual(tokens[:3])
    if field is not None:
        if len(tokens) == 5 and tokens[3] == "==" and _quoted(tokens[4]):
            return OneOf(field, frozenset({literal(tokens[4])}))
        values = tokens[5:-1:2]
        enumerated = len(tokens) > 6 and tokens[3:5] == ["in", "["] and tokens[-1] == "]"
        if enumerated and all(map(_quoted, values)) and all(comma == "," for comma in tokens[6:-1:2]):
            return OneOf(field, frozenset(map(literal, values)))
    if len(tokens) == 5 and tokens[1] == "==" and _quoted(tokens[0]) and (field := _textual(tokens[2:])) is not None:
        return OneOf(field, frozenset({literal(tokens[0])}))
    return None


def _textual(tokens: Sequence[str]) -> str | None:
    if len(tokens) == 3 and tokens[0] == "event" and tokens[1] == "." and tokens[2] in TEXTS:
        return tokens[2]
    return None


def _quoted(token: str) -> bool:
    # Raw strings and bytes are rare enough to be left to CEL.
    return token[:1] in {'"', "'"}


def _listed(tokens: Sequence[str], literal: Callable[[str], str]) -> Listed | None:
    if len(tokens) == 8 and tokens[:2] == ["in_list", "("] and _quoted(tokens[2]):
        field = _textual(tokens[4:7])
        if field is not None:
            return Listed(field, literal(tokens[2]))
    return None
