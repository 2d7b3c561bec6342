"""The language of rule expressions: CEL over an event's fields and features, typed and bounded.

Refused when written: unknown names, wrong types, loops, patterns that could be slow, more than 4 KB or 32
levels. What is left takes time in proportion to its length. A feature or amount that is not known is NaN:
``<``, ``<=``, ``>``, ``>=`` and ``==`` are false of it (and ``!=`` is true); a text that is not known is
empty. An attribute that an event lacks is an error unless ``has(event.attributes.name)`` was asked first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple, cast

from cel_expr_python import cel  # type: ignore[import-untyped]  # its stubs lack the marker

from risk.domain.currencies import DEFAULT_RATES, ExchangeRates
from risk.domain.errors import Fault, InvalidExpression
from risk.features.catalog import BUILT_IN, FEATURES, Catalog
from risk.features.event_values import text_reader
from risk.rules.cost_limits import excess
from risk.rules.lists import LIST_NAME
from risk.rules.prefilter import Screen, amount, is_exact, screen
from risk.rules.regex_limits import pattern_fault

MAX_SOURCE = 4096
LOOPS = ("all", "exists", "exists_one", "filter", "map")

Event = Mapping[str, Any]
"""The fields of ``risk.domain.events.Event`` as its JSON has them; what an event lacks is missing or None."""
Read = Callable[[Event], Any]


@dataclass(frozen=True)
class Field:
    """A name that expressions may use; ``type`` is its CEL type."""

    name: str
    type: str
    meaning: str
    read: Read


def moment(event: Event) -> datetime:
    """When the event occurred, in UTC."""
    at = event["occurred_at"]
    return (at if isinstance(at, datetime) else datetime.fromisoformat(at)).astimezone(UTC)


def in_base(event: Event, rates: ExchangeRates) -> float:
    """The amount of an event in the reporting currency; NaN if it has none."""
    return rates.to_base(amount(event), event.get("currency"), moment(event))


def _text(name: str) -> Read:
    read = text_reader(name)
    return lambda event: read(event) or ""


EVENT_FIELDS = (
    Field("event.event_type", "string", "its type, such as payment, refund or login", _text("event_type")),
    Field("event.family", "string", "payment, login, trade, metric or other, by its type", _text("family")),
    Field("event.amount_flow", "string", "outgoing, incoming or none: what its amount is", _text("amount_flow")),
    Field("event.occurred_at", "timestamp", "when it happened", moment),
    Field("event.hour", "int", "hour of the day, 0 to 23, UTC", lambda event: moment(event).hour),
    Field("event.weekday", "int", "1 Monday to 7 Sunday, UTC", lambda event: moment(event).isoweekday()),
    Field("event.account_id", "string", "who acted", _text("account_id")),
    Field("event.counterparty_id", "string", "whom it was done with", _text("counterparty_id")),
    Field("event.amount", "double", "amount in major units of the currency; NaN if there is none", amount),
    Field(
        "event.amount_base",
        "double",
        "amount in the reporting currency, by the exchange rate of its day; NaN if there is none",
        lambda event: in_base(event, DEFAULT_RATES),
    ),
    Field("event.currency", "string", "ISO 4217 code", _text("currency")),
    Field("event.channel", "string", "where it came in", _text("channel")),
    Field("event.device_id", "string", "the device used", _text("device_id")),
    Field("event.ip", "string", "the address used", _text("ip")),
    Field("event.country", "string", "ISO 3166-1 alpha-2 code", _text("country")),
    Field(
        "event.outcome",
        "string",
        "succeeded, failed or declined; from attributes outcome, status or success",
        _text("outcome"),
    ),
    Field(
        "event.card",
        "string",
        "the card used; from attributes card, card_id, card_token or card_fingerprint",
        _text("card"),
    ),
    Field(
        "event.email_domain",
        "string",
        "what follows the @; from attributes email_domain or email",
        _text("email_domain"),
    ),
    Field("event.attributes", "map", "what else the event carries, by name", lambda e: e.get("attributes") or {}),
)


class Function(NamedTuple):
    """A function that expressions may use: ``usage`` shows it at work."""

    name: str
    usage: str
    meaning: str


FUNCTIONS = (
    Function("in_list", 'in_list("bad_nets", event.ip)', "whether a text of the event is on a list"),
    Function("has", "has(event.attributes.basket)", "whether the event carries an attribute"),
    Function("matches", 'event.account_id.matches("^TEST-[0-9]{4}$")', "whether a text holds a pattern (RE2)"),
    Function("startsWith", 'event.device_id.startsWith("emu-")', "whether a text begins with another"),
    Function("endsWith", 'event.account_id.endsWith("-test")', "whether a text ends with another"),
    Function("contains", 'event.channel.contains("web")', "whether a text has another in it"),
    Function("size", "size(event.account_id) > 20", "how many characters a text has, or a list elements"),
    Function("double", "double(event.hour) < features.count_1h", "a whole number as one with decimals"),
    Function("int", "int(event.amount) % 100 == 0", "a number without its decimals"),
    Function("string", 'string(event.attributes.basket) == "3"', "a value as text"),
    Function("timestamp", 'event.occurred_at > timestamp("2026-01-31T00:00:00Z")', "a moment, from RFC 3339"),
    Function("duration", 'event.occurred_at > timestamp("2026-01-31T00:00:00Z") + duration("1h")', "a span of time"),
)
"""What there is beside operators and ``in``; the rest of CEL's own functions works, too."""

_TYPES = {
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "map": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
}
_VARIABLES = {field.name: _TYPES[field.type] for field in EVENT_FIELDS} | {
    f"features.{feature.name}": cel.Type.DOUBLE for feature in FEATURES
}
_CONFIG = cel.NewEnvConfigFromYaml(f"name: rules\nstdlib:\n  exclude_macros: [{', '.join(LOOPS)}]\n")
_IN_LIST = cel.Overload("in_list_string_string", cel.Type.BOOL, [cel.Type.STRING] * 2)
_CHECK = cel.NewEnv(config=_CONFIG, variables=_VARIABLES, functions=[cel.FunctionDecl("in_list", [_IN_LIST])])


class _Language(NamedTuple):
    """The names that expressions may use, and what compiles them."""

    variables: dict[str, Any]
    checker: Any


@lru_cache(maxsize=8)
def _language(features: frozenset[str]) -> _Language:
    """The language with the features that users define."""
    if not features:
        return _Language(_VARIABLES, _CHECK)
    variables = _VARIABLES | {f"features.{name}": cel.Type.DOUBLE for name in features}
    checker = cel.NewEnv(config=_CONFIG, variables=variables, functions=[cel.FunctionDecl("in_list", [_IN_LIST])])
    return _Language(variables, checker)


def _of(catalog: Catalog) -> _Language:
    return _language(frozenset(one.name for one in catalog.live))


class Token(NamedTuple):
    """A token of an expression, and where it starts."""

    kind: str
    text: str
    start: int


_TOKEN = re.compile(
    r"(?P<skip>\s+|//[^\n]*)"
    r'|(?P<string>[bB]?[rR][bB]?(?:"""(?s:.*?)"""|\'\'\'(?s:.*?)\'\'\'|"[^"\n]*"|\'[^\'\n]*\')'
    r'|[bB]?(?:"""(?s:[^\\]|\\.)*?"""|\'\'\'(?s:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'))'
    r"|(?P<name>[A-Za-z_]\w*)|(?P<other>[0-9.]*[0-9]\w*|(?s:.))"
)
_PAIRS = frozenset({"&&", "||", "==", "!=", "<=", ">="})
_ERROR = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): (.*)")


def tokens_of(source: str) -> list[Token]:
    """The tokens of an expression, without spaces and comments."""
    found = (Token(str(match.lastgroup), match.group(), match.start()) for match in _TOKEN.finditer(source))
    return [token for token in found if token.kind != "skip"]


def fault_at(source: str, place: int, detail: str) -> Fault:
    """A fault at an offset in ``source``."""
    line = source.count("\n", 0, place) + 1
    return Fault(line, place - source.rfind("\n", 0, place), detail)


def _explained(detail: str, variables: Iterable[str] = _VARIABLES) -> str:
    unknown = re.match(r"undeclared reference to '(.+?)'", detail)
    if unknown:
        close = get_close_matches(unknown[1], list(variables), n=1)
        return f"there is no {unknown[1]} here" + (f"; did you mean {close[0]}?" if close else "")
    if "(double, int)" in detail or "(int, double)" in detail:
        return "a number with decimals meets a whole number; write 3.0 instead of 3"
    if "recursion" in detail:
        return "this is nested too deeply; split it into several rules, or use a list"
    if "expecting {" in detail:
        detail = detail.partition(" expecting {")[0]  # some twenty kinds of token follow
    return detail.replace("found no matching overload for", "no operation fits:")


def _faults(message: str, variables: Iterable[str] = _VARIABLES) -> list[Fault]:
    found = [
        Fault(max(1, int(line)), max(1, int(column)), _explained(text, variables)[:200])
        for line, column, text in _ERROR.findall(message)
    ]
    # A limit that is hit is told once for each level that it unwinds.
    return list(dict.fromkeys(found))[:10] or [Fault(1, 1, _explained(message.splitlines()[0])[:200])]


Run = Callable[[Any], Any]
"""``run(activation).value()`` is True or False, or else tells the error that kept it from being either."""


class Ask(NamedTuple):
    """A question whether a field of the event is on a list; ``variable`` stands for its answer."""

    list_name: str
    field: str

    @property
    def variable(self) -> str:
        """The name under which an activation holds the answer."""
        return f"listed_{self.list_name}__{self.field.removeprefix('event.')}"


@dataclass(frozen=True)
class Expression:
    """A checked expression: the fields and features that it may read, and what it asks of lists.

    ``source`` is what runs: the questions to lists are variables there. Functions called back from CEL would
    be slower, and each call would leak its arguments. ``screen`` is what must hold for it to be true, if that
    can be told without CEL; with ``exact`` nothing else must.
    """

    source: str
    names: frozenset[str]
    asks: frozenset[Ask]
    screen: Screen | None
    exact: bool

    @property
    def lists(self) -> frozenset[str]:
        """The names of the lists that are asked."""
        return frozenset(ask.list_name for ask in self.asks)


def check(source: str, known_lists: Collection[str] | None = None, catalog: Catalog = BUILT_IN) -> Expression:
    """The expression that ``source`` is, or ``InvalidExpression``; with ``known_lists`` it may ask only these.

    It may read the features of ``catalog``.
    """
    if len(source) > MAX_SOURCE:
        detail = f"an expression may have {MAX_SOURCE} characters, this has {len(source)}"
        raise InvalidExpression([Fault(1, MAX_SOURCE + 1, f"{detail}; put long enumerations into a list")])
    tokens = tokens_of(source)
    faults = [*_loops(source, tokens), *_patterns(source, tokens), *_questions(source, tokens, known_lists)]
    faults += [fault_at(source, tokens[place].start, detail) for place, detail in excess(tokens)]
    if faults:
        raise InvalidExpression(faults)
    language = _of(catalog)
    try:
        compiled = language.checker.compile(source)
    except RuntimeError as error:
        raise InvalidExpression(_faults(str(error), language.variables)) from error
    except TypeError as error:
        raise InvalidExpression([Fault(1, 1, "this is not text that can be written as UTF-8")]) from error
    found = compiled.return_type().name()
    if found != "BOOL":
        raise InvalidExpression([Fault(1, 1, f"a rule must be true or false, this is {found.lower()}")])
    asks = {i: _ask(tokens, i) for i in _calls(tokens, "in_list")}
    running = source
    for i, ask in reversed(asks.items()):
        end = tokens[i + 7]
        running = running[: tokens[i].start] + ask.variable + running[end.start + len(end.text) :]
    joined = list(_joined(tokens))
    screened = screen(joined, literal)
    exact = screened is not None and is_exact(joined, literal)
    return Expression(running, frozenset(_names(tokens, language.variables)), frozenset(asks.values()), screened, exact)


class Environment:
    """Runs checked expressions, all on the same activation."""

    def __init__(self, expressions: Iterable[Expression], catalog: Catalog = BUILT_IN) -> None:
        asks = {ask.variable: cel.Type.BOOL for expression in expressions for ask in expression.asks}
        self._cel = cel.NewEnv(config=_CONFIG, variables=_of(catalog).variables | asks)

    def activation(self, values: Mapping[str, Any]) -> Any:
        """What expressions see: the values of the names that they read, and the answers to what they ask."""
        return self._cel.Activation(values)

    def run(self, expression: Expression) -> Run:
        """What evaluates ``expression``."""
        return cast(Run, self._cel.compile(expression.source).eval)

    def any_of(self, expressions: Sequence[Expression]) -> Run | None:
        """What is false when all of ``expressions`` are; None if they cannot be put into one.

        As when one of them is at the limit of nesting.
        """
        # Each on lines of its own: it may end with a comment.
        whole = " || ".join(f"({expression.source}\n)" for expression in expressions)
        try:
            return cast(Run, self._cel.compile(whole).eval)
        except RuntimeError:
            return None


def _ask(tokens: Sequence[Token], place: int) -> Ask:
    return Ask(literal(tokens[place + 2].text), f"event.{tokens[place + 6].text}")


def _questions(source: str, tokens: Sequence[Token], known: Collection[str] | None) -> Iterator[Fault]:
    for i in _calls(tokens, "in_list"):
        call = tokens[i + 1 : i + 8]
        shape = [token.text if token.kind != "string" else '""' for token in call]
        field = "".join(shape[3:6])
        if len(call) < 7 or [*shape[:3], shape[6]] != ["(", '""', ",", ")"] or _VARIABLES.get(field) != cel.Type.STRING:
            detail = 'in_list takes the name of a list and a text of the event: in_list("name", event.ip)'
            yield fault_at(source, tokens[i].start, detail)
            continue
        name = literal(call[1].text)
        if not LIST_NAME.fullmatch(name) or (known is not None and name not in known):
            yield fault_at(source, call[1].start, f"list {name} not found; make it first")


def _patterns(source: str, tokens: Sequence[Token]) -> Iterator[Fault]:
    for i in _calls(tokens, "matches"):
        method = i > 0 and tokens[i - 1].text == "."
        if not method or [token.text for token in tokens[i + 3 : i + 4]] != [")"] or tokens[i + 2].kind != "string":
            yield fault_at(source, tokens[i].start, 'matches takes a pattern in quotes: event.channel.matches("^a")')
        elif detail := pattern_fault(literal(tokens[i + 2].text)):
            yield fault_at(source, tokens[i + 2].start, detail)


def constant_error(text: str) -> str | None:
    """Why an expression without names cannot be evaluated; None if it can."""
    try:
        value = _CHECK.compile(text).eval(data={})
    except RuntimeError as error:
        return _faults(str(error))[0].detail
    return str(value.value()).partition(": ")[2] if value.type().name() == "ERROR" else None


def literal(text: str) -> str:
    """The text that a string literal stands for."""
    try:
        return str(_CHECK.compile(text).eval(data={}).plain_value())
    except RuntimeError as error:
        raise InvalidExpression(_faults(str(error))) from error


def _calls(tokens: Sequence[Token], name: str) -> Iterator[int]:
    return (i for i, token in enumerate(tokens[:-1]) if token[:2] == ("name", name) and tokens[i + 1].text == "(")


def _joined(tokens: Sequence[Token]) -> Iterator[str]:
    """The texts of ``tokens``, those operators made one that have two characters."""
    place = 0
    while place < len(tokens):
        first = tokens[place]
        second = tokens[place + 1] if place + 1 < len(tokens) else None
        two = first.text + second.text if second is not None and second.start == first.start + 1 else ""
        place += 2 if two in _PAIRS else 1
        yield two if two in _PAIRS else first.text


def _loops(source: str, tokens: Sequence[Token]) -> Iterator[Fault]:
    for name in LOOPS:
        for i in _calls(tokens, name):
            yield fault_at(source, tokens[i].start, f"{name} is a loop, which rules cannot have; use `in`, or a list")


def _names(tokens: Iterable[Token], variables: Collection[str]) -> Iterator[str]:
    """Names of variables in ``tokens``: an over-estimate, for what to put into an activation."""
    found = [token.text for token in tokens]
    for first, dot, second in zip(found, found[1:], found[2:], strict=False):
        if dot == "." and f"{first}.{second}" in variables:
            yield f"{first}.{second}"
