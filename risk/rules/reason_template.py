"""The text of a rule's reason, with placeholders such as ``{amount}`` and ``{features.count_1h:.0f}``.

Placeholders name a field of the event or a feature and may say how a number is written; they reach nothing
else. A filled text is bounded, whatever the event holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from string import Formatter
from typing import Any

from risk.domain.errors import InvalidInput
from risk.features.catalog import INDEX
from risk.reason_text.formatting import amount_text
from risk.rules.cel import Event
from risk.rules.prefilter import TEXT_READERS, TEXTS, amount

MAX_TEMPLATE = 300
MAX_VALUE = 64
MAX_TEXT = 500
UNKNOWN = "unknown"

_NUMBER = re.compile(r",?(\.[0-6])?[fg%]")
_GAP = re.compile(r" +(?=[ .,;:)]|$)")
Vector = Sequence[float]
Part = Callable[[Event, Vector], str]


def _literal(text: str) -> Part:
    return lambda _event, _vector: text


def _of_text(name: str, event: Event, _vector: Vector) -> str:
    return str(TEXT_READERS[name](event) or UNKNOWN)[:MAX_VALUE]


def _of_currency(event: Event, _vector: Vector) -> str:
    return str(event.get("currency") or "")


def _of_amount(form: str, event: Event, _vector: Vector) -> str:
    if form or event.get("amount") is None:
        return _number(amount(event), form or "f")
    return amount_text(Decimal(str(event["amount"])), event.get("currency"))


def _of_feature(place: int, form: str, _event: Event, vector: Vector) -> str:
    return _number(vector[place], form)


def _number(value: float, form: str) -> str:
    return format(value, form) if math.isfinite(value) else UNKNOWN


def _part(name: str, form: str, index: Mapping[str, int]) -> Part:
    if name in TEXTS:
        if form:
            raise _refuse(f"{{{name}}} is a text and takes no format")
        return _of_currency if name == "currency" else partial(_of_text, name)
    if form and not _NUMBER.fullmatch(form):
        raise _refuse(f"{form!r} is not a format of a number; give one such as .0f or .1%")
    if name == "amount":
        return partial(_of_amount, form)
    feature = name.removeprefix("features.")
    if feature != name and feature in index:
        return partial(_of_feature, index[feature], form or ".6g")
    raise _refuse(f"there is nothing called {name!r}; use amount, {', '.join(TEXTS)}, or features.<name>")


def _refuse(detail: str) -> InvalidInput:
    return InvalidInput(detail, field="reason_text")


class Template:
    """A checked text; raises ``InvalidInput`` for one that cannot be filled. ``index`` has the places of features."""

    def __init__(self, text: str, index: Mapping[str, int] = INDEX) -> None:
        if not text.strip() or len(text) > MAX_TEMPLATE:
            raise _refuse(f"a reason has 1 to {MAX_TEMPLATE} characters")
        try:
            parsed: list[Any] = list(Formatter().parse(text))
        except ValueError as error:
            raise _refuse(f"{error}; write {{{{ and }}}} for braces") from error
        self._parts: list[Part] = []
        for literal, name, form, conversion in parsed:
            if literal:
                self._parts.append(_literal(literal))
            if name is not None:
                if conversion:
                    raise _refuse(f"!{conversion} is not possible here")
                self._parts.append(_part(name, form, index))

    def fill(self, event: Event, vector: Vector) -> str:
        """The text for one event and its features, at most 500 characters."""
        text = "".join(part(event, vector) for part in self._parts)
        if not event.get("currency"):  # no gap is left where it would stand
            text = _GAP.sub("", text)
        return text[:MAX_TEXT]
