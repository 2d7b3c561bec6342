"""What expressions read of one event, as CEL takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from risk.domain.currencies import ExchangeRates
from risk.features.catalog import Catalog
from risk.rules.cel import EVENT_FIELDS, Ask, Environment, Expression, Run, in_base, moment
from risk.rules.lists import Membership

_READ: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {field.name: field.read for field in EVENT_FIELDS}


class Activations:
    """Makes the activation that all of some checked expressions run on, once an event.

    ``rates`` are those by which amounts are compared in the reporting currency; vectors are in the order of
    ``catalog``.
    """

    def __init__(
        self, expressions: Sequence[Expression], lists: Membership, rates: ExchangeRates, catalog: Catalog
    ) -> None:
        names = frozenset[str]().union(*(one.names for one in expressions))
        reads: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            **_READ,
            "event.amount_base": lambda event: in_base(event, rates),
        }
        self._fields = [(name, read) for name, read in reads.items() if name in names]
        self._features = [
            (f"features.{name}", place) for name, place in catalog.index.items() if f"features.{name}" in names
        ]
        self._questions = frozenset[Ask]().union(*(one.asks for one in expressions))
        self._asks = [(ask.variable, ask.list_name, _READ[ask.field]) for ask in self._questions]
        self._lists = lists
        self._environment = Environment(expressions, catalog)

    def run(self, expression: Expression) -> Run:
        """What evaluates ``expression``, one of those that this was made for."""
        return self._environment.run(expression)

    def any_of(self, expressions: Sequence[Expression]) -> Run | None:
        """What is false when all of ``expressions`` are; None if they cannot be put into one."""
        return self._environment.any_of(expressions)

    def of(self, event: Mapping[str, Any], vector: Sequence[float]) -> Any:
        """The activation of one event."""
        values = self._read(event, vector)
        if self._asks:
            at = moment(event).timestamp()
            for variable, list_name, read in self._asks:
                values[variable] = self._lists.holds(list_name, read(event), at)
        return self._environment.activation(values)

    def named(self, event: Mapping[str, Any], vector: Sequence[float]) -> dict[str, Any]:
        """What is read of an event: fields and features by name, and the answers of lists by their question.

        NaN and the empty text are what is not known.
        """
        at = moment(event).timestamp()
        return self._read(event, vector) | {
            f'in_list("{name}", {field})': self._lists.holds(name, _READ[field](event), at)
            for name, field in sorted(self._questions)
        }

    def _read(self, event: Mapping[str, Any], vector: Sequence[float]) -> dict[str, Any]:
        values = {name: read(event) for name, read in self._fields}
        for name, place in self._features:
            values[name] = vector[place]
        return values
