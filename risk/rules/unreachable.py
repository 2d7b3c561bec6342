"""Finds parts of an expression that can be true of no event: told when a rule is written, not by its silence.

Checked are comparisons of a field or feature with a constant, questions to lists of another kind, and constants that
cannot be evaluated. What is refused here would still run: an engine does not ask.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import takewhile

from pydantic_core import PydanticCustomError

from risk.domain import field_rules
from risk.domain.errors import Fault
from risk.domain.event_types import SHIPPED, AmountFlow, Family
from risk.features.catalog import FEATURES
from risk.features.event_values import text_reader
from risk.rules.cel import Token, constant_error, fault_at, literal, tokens_of
from risk.rules.lists import FIELDS, ListSubject

_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_ARITHMETIC = frozenset("+-*/%.?")
_PARTS = {"startsWith": "begins with", "endsWith": "ends with", "contains": "has"}
_CONSTANTS = {"timestamp", "duration", "int", "double", "bool"}
_ZONED = {
    "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes",
    "getSeconds", "getMilliseconds",
}  # fmt: skip
_MOMENT = 'timestamp("2026-01-01T00:00:00Z")'

_NORMAL: dict[str, Callable[[str], str]] = {
    "event.account_id": field_rules.identifier,
    "event.counterparty_id": field_rules.identifier,
    "event.device_id": field_rules.identifier,
    "event.channel": field_rules.word,
    "event.ip": field_rules.address,
    "event.currency": field_rules.currency,
    "event.country": field_rules.country,
    "event.outcome": lambda text: text_reader("outcome")({"attributes": {"outcome": text}}) or "",
    "event.email_domain": lambda text: text_reader("email_domain")({"attributes": {"email_domain": text}}) or "",
}
_CASES: dict[str, Callable[[str], str]] = {
    "event.currency": str.upper,
    "event.country": str.upper,
    "event.email_domain": str.lower,
    "event.outcome": str.lower,
}
_TYPE = "event.event_type"
_WORDS = {"event.family": [*Family], "event.amount_flow": [*AmountFlow]}
_UNITS = {"0 or 1": (0.0, 1.0)}
_SHARES = {"hour_share", "counterparty_new_share_1d"}
_RANGES = {
    "event.hour": (0.0, 23.0),
    "event.weekday": (1.0, 7.0),
    "event.amount": (0.0, math.inf),
    "event.amount_base": (0.0, math.inf),
} | {
    f"features.{each.name}": (0.0, 1.0) if each.name in _SHARES else _UNITS.get(each.unit, (0.0, math.inf))
    for each in FEATURES
}
_SUBJECTS = {f"event.{field}": subject for subject, field in FIELDS.items()}
_PARTIES = {ListSubject.ACCOUNT, ListSubject.COUNTERPARTY}
_FREE = _PARTIES | {ListSubject.DEVICE}
"""Lists that may hold any text."""


def unreachable(source: str, subjects: Mapping[str, ListSubject], types: Collection[str] = SHIPPED) -> list[Fault]:
    """Parts of a checked expression that are true of no event, or are false of none.

    ``subjects`` are those of lists by name, ``types`` the registered types of events.
    """
    tokens = tokens_of(source)
    found = [*_comparisons(tokens, types), *_questions(tokens, subjects), *_constants(tokens)]
    return [fault_at(source, place, detail) for place, detail in sorted(found)]


_Found = Iterator[tuple[int, str]]


def _comparisons(tokens: Sequence[Token], types: Collection[str]) -> _Found:
    for place in range(len(tokens) - 2):
        name = "".join(token.text for token in tokens[place : place + 3])
        before, after = tokens[:place], tokens[place + 3 :]
        if name not in _NORMAL and name not in _RANGES and name not in _WORDS and name != _TYPE:
            continue
        if before and before[-1].text in _ARITHMETIC:
            continue
        yield from _of_operator(name, *_operation(after), types)
        if not after or after[0].text not in _ARITHMETIC:
            sign, value, start = _operation_before(before)
            yield from _of_operator(name, _MIRRORED.get(sign, ""), value, start, types)
        yield from _of_call(name, after, types)
        yield from _of_members(name, after, types)


def _operator(tokens: Sequence[Token]) -> str:
    """The comparison that ``tokens`` begin with, or the empty text."""
    texts = [token.text for token in tokens[:2]]
    if len(texts) == 2 and texts[1] == "=" and texts[0] in ("=", "!", "<", ">"):
        return "".join(texts)
    return texts[0] if texts and texts[0] in ("<", ">") else ""


def _constant(tokens: Sequence[Token]) -> tuple[str | float | None, int]:
    """The text or number that ``tokens`` begin with, and how many of them it is."""
    negative = len(tokens) > 1 and tokens[0].text == "-"
    token = tokens[int(negative)] if tokens else None
    if token is not None and token.kind == "string" and not negative and token.text[0] in "\"'rR":
        return literal(token.text), 1
    try:
        number = float(token.text.rstrip("uU")) if token is not None and token.kind == "other" else None
    except ValueError:
        number = None
    return (None if number is None else -number if negative else number), 1 + int(negative)


def _operation(after: Sequence[Token]) -> tuple[str, str | float | None, int]:
    """The comparison with a constant that follows a name: its operator, the constant, and where that starts."""
    sign = _operator(after)
    rest = after[len(sign) :]
    value, length = _constant(rest)
    if not sign or value is None or (len(rest) > length and rest[length].text in _ARITHMETIC):
        return "", None, 0
    return sign, value, rest[0].start


def _operation_before(before: Sequence[Token]) -> tuple[str, str | float | None, int]:
    """The comparison of a constant with a name that follows it."""
    for length in (2, 1):
        sign = _operator(before[-length:]) if len(before) > length else ""
        if len(sign) == length:
            first = before[-length - 1]
            value, _ = _constant([first])
            earlier = before[-length - 2].text if len(before) > length + 1 else ""
            return ("", None, 0) if earlier in _ARITHMETIC else (sign, value, first.start)
    return "", None, 0


def _of_operator(name: str, sign: str, value: str | float | None, start: int, types: Collection[str]) -> _Found:
    if isinstance(value, str) and sign in ("==", "!="):
        if why := _never_is(name, value, types):
            yield start, why
    elif isinstance(value, float) and name in _RANGES:
        low, high = _RANGES[name]
        reach = {"<": low, "<=": low, ">": high, ">=": high}
        outside = not low <= value <= high or (name in _FLAGS and value not in (0.0, 1.0))
        if outside if sign in ("==", "!=") else sign and not _COMPARE[sign](reach[sign], value):
            until = "and more" if high == math.inf else f"to {high:g}"
            yield start, f"{name} is {low:g} {until}: this is {'always' if sign == '!=' else 'never'} true"


_FLAGS = {f"features.{each.name}" for each in FEATURES if each.unit in _UNITS}


def _of_members(name: str, after: Sequence[Token], types: Collection[str]) -> _Found:
    if [token.text for token in after[:2]] == ["in", "["]:
        for token in takewhile(lambda token: token.text != "]", after[2:]):
            value, _ = _constant([token])
            yield from _of_operator(name, "==", value, token.start, types)


def _of_call(name: str, after: Sequence[Token], types: Collection[str]) -> _Found:
    """``name.startsWith("text")`` and the like."""
    if len(after) < 5 or after[0].text != "." or after[1].text not in _PARTS or after[3].kind != "string":
        return
    part = literal(after[3].text)
    case = _CASES.get(name)
    if case is not None and part != case(part):
        yield after[3].start, f"no event's {name} {_PARTS[after[1].text]} {part!r}: write {case(part)!r}"
    elif name == _TYPE:
        kind = after[1].text
        tests = {"startsWith": str.startswith, "endsWith": str.endswith, "contains": str.__contains__}
        if not any(tests[kind](each, part) for each in types):
            yield after[3].start, f"no registered type {_PARTS[kind]} {part!r}: register one first"


def _never_is(name: str, value: str, types: Collection[str]) -> str | None:
    """Why no event's field is ``value``; None if one may be."""
    if name == _TYPE:
        near = get_close_matches(value, types, 1)
        return (
            None
            if value in types
            else f"the type {value!r} is not registered{f': did you mean {near[0]!r}?' if near else ''}"
        )
    if name in _WORDS:
        return None if value in _WORDS[name] else f"no event's {name} is {value!r}: they are {', '.join(_WORDS[name])}"
    if not value or name not in _NORMAL:
        return None  # what is not known is the empty text
    try:
        normal = _NORMAL[name](value)
    except (PydanticCustomError, ValueError):
        ranges = '; put a range on a list: in_list("name", event.ip)' if name == "event.ip" else ""
        return f"no event's {name} is {value!r}{ranges}"
    return None if normal == value else f"no event's {name} is {value!r}: it is written {normal!r}"


def _questions(tokens: Sequence[Token], subjects: Mapping[str, ListSubject]) -> _Found:
    for place, token in enumerate(tokens[:-7]):
        if token[:2] != ("name", "in_list") or tokens[place + 2].kind != "string":
            continue
        subject = subjects.get(literal(tokens[place + 2].text))
        field = f"event.{tokens[place + 6].text}"
        asked = _SUBJECTS.get(field)
        fits = subject in _FREE if asked is None else subject is asked or {subject, asked} <= _PARTIES
        if subject is not None and not fits:
            own = next(name for name, kind in _SUBJECTS.items() if kind is subject)
            yield tokens[place + 4].start, f"this list is of kind {subject}, which {field} never is: ask for {own}"


def _constants(tokens: Sequence[Token]) -> _Found:
    for place, token in enumerate(tokens[:-3]):
        call, argument = token.text, tokens[place + 2]
        if [tokens[place + 1].text, tokens[place + 3].text] != ["(", ")"] or argument.kind != "string":
            continue
        whole = f"{_MOMENT}.{call}({argument.text})" if call in _ZONED else f"{call}({argument.text})"
        if call in _ZONED | _CONSTANTS and (error := constant_error(whole)):
            yield argument.start, f"{call} cannot be evaluated with this: {error}"
