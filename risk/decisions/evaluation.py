"""Evaluates a decision policy: compiled once, asked of one event after another.

The engine, backtests, offline scoring and previews all decide here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from risk.decisions.policy import FALLBACK, DecisionPolicy, PolicyRule
from risk.domain.assessment import RiskLevel
from risk.domain.currencies import DEFAULT_RATES, ExchangeRates
from risk.domain.decisions import ACTIONS, DecisionAction
from risk.domain.errors import InvalidInput
from risk.features.catalog import BUILT_IN, Catalog
from risk.rules.activation import Activations
from risk.rules.cel import Expression, Run, check, moment
from risk.rules.lists import Membership
from risk.rules.prefilter import Predicate, predicate

_NO_LISTS = Membership([])


class Outcome(NamedTuple):
    """What is decided, by which rule of the policy (``fallback`` if by none), and the sentence that says so."""

    action: DecisionAction
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class _Condition:
    """``when``, compiled: the screen answers most events without CEL, and all of them if it is exact (no ``run``)."""

    screen: Predicate | None
    run: Run | None


@dataclass(frozen=True, slots=True)
class _Step:
    rule: PolicyRule
    levels: frozenset[RiskLevel]
    hits: frozenset[str]
    event_types: frozenset[str]
    families: frozenset[str]
    condition: _Condition | None


class DecisionSet:
    """A compiled policy.

    ``refused`` says which rules did not compile, and why: they are left out. ``errors`` counts, by rule of the policy,
    the evaluations of ``when`` that failed, ``last_error`` has the text of the last; a failed one is no match.
    """

    def __init__(
        self,
        policy: DecisionPolicy,
        lists: Membership = _NO_LISTS,
        rates: ExchangeRates = DEFAULT_RATES,
        catalog: Catalog = BUILT_IN,
    ) -> None:
        self.policy = policy
        self.refused: dict[str, str] = {}
        self.errors: Counter[str] = Counter()
        self.last_error: dict[str, str] = {}
        self._lists = lists
        expressions: dict[str, Expression] = {}
        for rule in policy.rules:
            try:
                if rule.when is not None:
                    expressions[rule.name] = check(rule.when, None, catalog)
            except InvalidInput as error:
                self.refused[rule.name] = error.detail
        self._activations = Activations(list(expressions.values()), lists, rates, catalog)
        self._steps = [
            self._step(rule, expressions.get(rule.name), catalog)
            for rule in policy.rules
            if rule.name not in self.refused
        ]
        self._fallback = Outcome(policy.fallback, FALLBACK, f"{FALLBACK}: no rule of the policy matched")

    def _step(self, rule: PolicyRule, expression: Expression | None, catalog: Catalog) -> _Step:
        condition = None
        if expression is not None:
            screen = None if expression.screen is None else predicate(expression.screen, self._lists, catalog.index)
            condition = _Condition(screen, None if expression.exact else self._activations.run(expression))
        return _Step(
            rule,
            frozenset(rule.levels),
            frozenset(rule.rules),
            frozenset(rule.event_types),
            frozenset(rule.families),
            condition,
        )

    def decide(
        self, level: RiskLevel, hits: Collection[str], event: Mapping[str, Any], vector: Sequence[float]
    ) -> Outcome:
        """The decision on one event; never an exception.

        ``hits`` are the names of the live rules that hit; ``event`` and ``vector`` are as rules read them.
        """
        forbidden: dict[DecisionAction, str] = {}
        for step in self._steps:
            action = step.rule.action
            if action is not None and action in forbidden:
                continue
            if step.levels and level not in step.levels:
                continue
            try:
                matched = self._match(step, level, hits, event, vector)
            except Exception as error:  # however odd the event is, it is decided
                self._fail(step, f"{type(error).__name__}: {error}")
                continue
            if matched is None:
                continue
            if action is not None:
                return Outcome(action, step.rule.name, f"{step.rule.name}: {matched}{_passed_over(forbidden)}")
            if step.rule.forbid is not None:
                forbidden.setdefault(step.rule.forbid, step.rule.name)
        return self._fallback if self.policy.fallback not in forbidden else self._instead(forbidden)

    def _instead(self, forbidden: Mapping[DecisionAction, str]) -> Outcome:
        """What takes the place of a forbidden fallback: the next stricter action, or else the next more lenient."""
        rank = self.policy.fallback.rank
        order = [*ACTIONS[rank + 1 :], *reversed(ACTIONS[:rank])]
        action = next((action for action in order if action not in forbidden), self.policy.fallback)
        return Outcome(action, FALLBACK, self._fallback.because + _passed_over(forbidden))

    def _match(
        self, step: _Step, level: RiskLevel, hits: Collection[str], event: Mapping[str, Any], vector: Sequence[float]
    ) -> str | None:
        """Which conditions of ``step`` hold, in words; None unless all do."""
        parts = [f"level {level.value}"] if step.levels else []
        if step.hits:
            hit = next((name for name in step.rule.rules if name in hits), None)
            if hit is None:
                return None
            parts.append(f"rule {hit} hit")
        if step.event_types:
            if event["event_type"] not in step.event_types:
                return None
            parts.append(f"event type {event['event_type']}")
        if step.families:
            if event["family"] not in step.families:
                return None
            parts.append(f"family {event['family']}")
        if step.rule.lists:
            listed = self._lists.first_with(step.rule.lists, event, moment(event).timestamp())
            if listed is None:
                return None
            name, field = listed
            parts.append(f"{field} on list {name}")
        if step.condition is not None:
            if not self._holds(step, step.condition, event, vector):
                return None
            parts.append("its condition is true")
        return ", ".join(parts)

    def _holds(self, step: _Step, condition: _Condition, event: Mapping[str, Any], vector: Sequence[float]) -> bool:
        if condition.screen is not None and not condition.screen(event, vector):
            return False
        if condition.run is None:
            return True
        found = condition.run(self._activations.of(event, vector)).value()
        if found is not True and found is not False:
            self._fail(step, str(found))
        return found is True

    def _fail(self, step: _Step, error: str) -> None:
        self.errors[step.rule.name] += 1
        self.last_error[step.rule.name] = error


def _passed_over(forbidden: Mapping[DecisionAction, str]) -> str:
    return "".join(f"; {action.value} forbidden by {name}" for action, name in forbidden.items())
