"""Makes the values of a scenario: what its texts name, and what its operations draw."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from math import log, prod
from random import Random
from typing import Any

from risk.domain.errors import InvalidInput
from risk.packs.scenario import Values, is_operation

_NAMED = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
Known = Mapping[str, Any]
Member = Callable[[str], Known]


class ValueMaker:
    """Makes values from ``rng``; ``member`` gives somebody of a population."""

    def __init__(self, rng: Random, member: Member) -> None:
        self._rng, self._member = rng, member

    def make(self, value: Any, known: Known, at: datetime) -> Any:
        """What ``value`` is, where ``known`` are the values that it may name. Raises ``InvalidInput``."""
        if isinstance(value, str):
            return _lookup(value[1:], known) if value.startswith("$") else self._filled(value, known)
        if isinstance(value, list):
            return [self.make(one, known, at) for one in value]
        if not isinstance(value, dict):
            return value
        if not is_operation(value):
            return {name: self.make(one, known, at) for name, one in value.items()}
        ((name, arguments),) = value.items()
        return self._draw(name, arguments, known, at)

    def given(self, values: Values, known: Known, at: datetime) -> dict[str, Any]:
        """``known``, and ``values`` in order, of which each may name those before it."""
        found = dict(known)
        for name, value in values.items():
            found[name] = self.make(value, found, at)
        return found

    def _draw(self, name: str, arguments: Any, known: Known, at: datetime) -> Any:
        if name == "member":
            return self._member(arguments)
        if name == "choice":
            return self.make(self._rng.choice(arguments), known, at)
        if name == "chance":
            probability, then, otherwise = arguments
            happens = self._rng.random() < self.make(probability, known, at)
            return self.make(then if happens else otherwise, known, at)
        if name in ("by_hour", "by_weekday"):
            return self.make(arguments[at.hour if name == "by_hour" else at.weekday()], known, at)
        return self._number(name, [self.make(one, known, at) for one in arguments])

    def _number(self, name: str, numbers: list[Any]) -> Any:
        if name == "product":
            return prod(numbers)
        if name == "sum":
            return sum(numbers)
        first, second = numbers
        if name == "integer":
            return self._rng.randint(first, second)
        if name == "uniform":
            return self._rng.uniform(first, second)
        return self._rng.gauss(first, second) if name == "normal" else self._rng.lognormvariate(log(first), second)

    @staticmethod
    def _filled(text: str, known: Known) -> str:
        return _NAMED.sub(lambda found: str(_lookup(found[1], known)), text) if "{" in text else text


def _lookup(path: str, known: Known) -> Any:
    found: Any = known
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            raise InvalidInput(f"the scenario names {path}, and there is no {name}")
        found = found[name]
    return found
