"""The filters of definitions: CEL over the fields of an event, asked of one event after another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, lru_cache

from risk.domain.errors import Fault, InvalidExpression
from risk.features.catalog import Catalog
from risk.features.definitions.definition import Definition
from risk.features.definitions.definition_set import DefinitionSet, filters_of
from risk.features.definitions.shipped import SHIPPED
from risk.features.event_values import Event
from risk.rules.cel import EVENT_FIELDS, Environment, Expression, check
from risk.rules.lists import Membership
from risk.rules.prefilter import predicate

_NO_LISTS = Membership([])
_READ = {field.name: field.read for field in EVENT_FIELDS}


def check_filter(source: str) -> Expression:
    """The filter that ``source`` is; ``InvalidExpression`` unless it is true or false of an event's fields alone."""
    expression = check(source)
    refused = sorted(name for name in expression.names if name.startswith("features."))
    refused += [f"list {name}" for name in sorted(expression.lists)]
    if refused:
        raise InvalidExpression([Fault(1, 1, f"a filter reads the event alone, not {', '.join(refused)}")])
    return expression


class Filters:
    """Checked filters; a filter that fails on an event, as for an attribute that is not there, does not pass it."""

    def __init__(self, sources: Sequence[str]) -> None:
        expressions = [check_filter(source) for source in sources]
        environment = Environment(expressions)
        self._environment = environment
        self._names = sorted(frozenset[str]().union(*(one.names for one in expressions)))
        self._filters = [
            (
                None if one.screen is None else predicate(one.screen, _NO_LISTS),
                None if one.exact else environment.run(one),
            )
            for one in expressions
        ]

    def __call__(self, event: Event) -> list[bool]:
        """Which filters ``event`` passes."""
        answers = []
        activation = None
        for screen, run in self._filters:
            if screen is not None and not screen(event, _NOTHING):
                answers.append(False)
                continue
            if run is None:
                answers.append(True)
                continue
            if activation is None:
                activation = self._environment.activation({name: _READ[name](event) for name in self._names})
            answers.append(run(activation).value() is True)
        return answers


_NOTHING = (math.nan,)


def definition_set(definitions: Sequence[Definition], own: Sequence[Definition] = ()) -> DefinitionSet:
    """``definitions``, and those of users, ready for events. Raises ``InvalidExpression`` for a wrong filter."""
    return DefinitionSet(definitions, Filters(filters_of([*definitions, *own])), own)


@cache
def shipped_set() -> DefinitionSet:
    """The definitions that ship."""
    return definition_set(SHIPPED)


@lru_cache(maxsize=8)
def set_of(catalog: Catalog) -> DefinitionSet:
    """The definitions that ship, and after them those of users in ``catalog``."""
    return definition_set(SHIPPED, catalog.definitions) if catalog.defined else shipped_set()
