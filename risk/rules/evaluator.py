"""Rules, and the evaluation of live and shadow rules on an event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from time import perf_counter
from typing import Annotated, Any, NamedTuple, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from risk.domain.assessment import RiskLevel
from risk.domain.currencies import DEFAULT_RATES, ExchangeRates
from risk.domain.errors import InvalidInput
from risk.features.catalog import BUILT_IN, Catalog
from risk.rules.activation import Activations
from risk.rules.cel import MAX_SOURCE, Expression, Run, check
from risk.rules.lists import ListEntry, Membership
from risk.rules.prefilter import predicate
from risk.rules.reason_template import MAX_TEMPLATE, Template
from risk.rules.time_budget import RULE_SECONDS, TimeBudget, Version

MAX_POINTS = 5.0
_BLOCK = 10
CODE = "rule_"
"""How the codes of rules' reasons begin."""

RuleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,47}$")]


class Mode(StrEnum):
    """Whether a hit changes the score, or is only counted."""

    LIVE = "live"
    SHADOW = "shadow"


class RuleDefinition(BaseModel):
    """One version of a rule: what it looks for, and what a hit does.

    The effect is either ``points``, added to the score in log-odds (negative ones lower it), or
    ``min_level``, which the assessment then has at least.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254, pattern=r"^[^\x00]+$")]
    description: Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[^\x00]*$")] = ""
    expression: Annotated[str, StringConstraints(min_length=1, max_length=MAX_SOURCE, pattern=r"^[^\x00]+$")]
    points: Annotated[float, Field(strict=True, ge=-MAX_POINTS, le=MAX_POINTS)] | None = None
    min_level: RiskLevel | None = None
    reason_text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEMPLATE, pattern=r"^[^\x00]+$")]

    @model_validator(mode="after")
    def _one_effect(self) -> Self:
        if bool(self.points) == (self.min_level is not None):
            raise ValueError("a rule has one effect: points other than 0, or min_level")
        return self


class Rule(NamedTuple):
    """A version of a rule as the engine runs it; ``percent`` is the share of events that it is live for."""

    rule_id: UUID
    version: int
    name: str
    mode: Mode
    percent: int
    expression: str
    points: float | None
    min_level: RiskLevel | None
    reason_text: str


class RuleHit(NamedTuple):
    """A rule that is true of an event. ``points`` are log-odds, 0 for a rule that sets ``min_level``."""

    rule_id: UUID
    rule_version: int
    mode: Mode
    points: float
    min_level: RiskLevel | None
    reason_text: str
    code: str

    @property
    def name(self) -> str:
        """The name of its rule."""
        return self.code.removeprefix(CODE)


def is_live_for(rule_id: UUID, event_id: UUID, percent: int) -> bool:
    """Whether the event is in the share of a rule: the same answer each time, and a growing share keeps its events."""
    if percent >= 100:
        return True
    digest = blake2b(rule_id.bytes + event_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest) % 100 < percent


@dataclass(frozen=True, slots=True)
class _Checked:
    rule: Rule
    expression: Expression
    template: Template


@dataclass(frozen=True, slots=True)
class _Ready:
    rule: Rule
    run: Run
    template: Template
    code: str
    version: Version


class RuleSet:
    """Compiled rules and lists, for one event after another.

    ``refused`` says which rules did not compile, and why: they are left out. ``errors`` counts, by rule, the
    evaluations that failed, ``last_error`` has the text of the last; a failed one is no hit. ``screens`` are of
    the rules that have one, so that a caller with many events can ask them of all at once. ``names`` are by id.
    ``budget`` is of the time that rules take, once a batch was begun there: those that it suspends hit nothing.
    """

    def __init__(
        self,
        checked: Sequence[_Checked],
        lists: Membership,
        refused: Mapping[UUID, str],
        rates: ExchangeRates,
        catalog: Catalog = BUILT_IN,
        rule_seconds: float = RULE_SECONDS,
    ) -> None:
        self._source: tuple[Any, ...] = ((), (), rates, catalog, rule_seconds)
        self.budget = TimeBudget(rule_seconds)
        self.refused = dict(refused)
        self.names = {str(one.rule.rule_id): one.rule.name for one in checked}
        self.errors: Counter[UUID] = Counter()
        self.last_error: dict[UUID, str] = {}
        self._activations = Activations([one.expression for one in checked], lists, rates, catalog)
        screened = [(one, one.expression.screen) for one in checked if one.expression.screen is not None]
        self.lists = lists
        self.screens = [wanted for _, wanted in screened]
        self._predicates = [predicate(wanted, lists, catalog.index) for wanted in self.screens]
        self._screened = [self._ready(one) for one, _ in screened]
        # Most events hit few rules. Asked ten at a time whether any is true, they cost a fifth: what takes time is
        # to go from Python into CEL and back. An error is neither true nor false, so that no rule's goes unseen.
        others = [one for one in checked if one.expression.screen is None]
        self._blocks = [self._block(others[place : place + _BLOCK]) for place in range(0, len(others), _BLOCK)]

    @property
    def unscreened(self) -> bool:
        """Whether there are rules without a screen, which every event must be asked of."""
        return bool(self._blocks)

    def _ready(self, one: _Checked) -> _Ready:
        rule = one.rule
        run = self._activations.run(one.expression)
        return _Ready(rule, run, one.template, f"{CODE}{rule.name}", (rule.rule_id, rule.version))

    def _block(self, checked: Sequence[_Checked]) -> tuple[Run | None, list[_Ready]]:
        any_of = self._activations.any_of([one.expression for one in checked])
        return any_of, [self._ready(one) for one in checked]

    @classmethod
    def build(
        cls,
        rules: Sequence[Rule],
        lists: Sequence[ListEntry] | Membership,
        rates: ExchangeRates = DEFAULT_RATES,
        catalog: Catalog = BUILT_IN,
        rule_seconds: float = RULE_SECONDS,
    ) -> RuleSet:
        """Compile ``rules`` against ``lists``; one rule that cannot be compiled does not stop the others.

        ``rates`` are those by which the amounts of events are compared in the reporting currency; vectors are in the
        order of ``catalog``. A rule may take ``rule_seconds`` of a batch.
        """
        checked: list[_Checked] = []
        refused: dict[UUID, str] = {}
        for rule in rules:
            try:
                checked.append(
                    _Checked(rule, check(rule.expression, None, catalog), Template(rule.reason_text, catalog.index))
                )
            except InvalidInput as error:
                refused[rule.rule_id] = error.detail
        membership = lists if isinstance(lists, Membership) else Membership(lists)
        built = cls(checked, membership, refused, rates, catalog, rule_seconds)
        built._source = rules, membership, rates, catalog, rule_seconds
        return built

    def __reduce__(self) -> tuple[Any, ...]:
        """Compiled rules do not travel between processes; what they are compiled of does."""
        return type(self).build, self._source

    def evaluate(
        self, event: Mapping[str, Any], vector: Sequence[float], event_id: UUID, possible: Sequence[int] | None = None
    ) -> list[RuleHit]:
        """The hits of the rules on one event; never an exception.

        ``event`` has the fields of ``risk.domain.events.Event`` as JSON has them, ``vector`` is in the order of
        ``FEATURES``. A live rule's hit on an event outside its share is a hit in shadow. ``possible`` are the places
        of those of ``screens`` that let the event pass, if that is known already.
        """
        try:
            if possible is None:
                possible = [place for place, passes in enumerate(self._predicates) if passes(event, vector)]
            if not possible and not self._blocks:
                return []
            activation = self._activations.of(event, vector)
        except Exception as error:
            # Whatever is odd about the event, it is still scored, by all but the rules.
            for one in (*self._screened, *(one for _, block in self._blocks for one in block)):
                self._fail(one, f"{type(error).__name__}: {error}")
            return []
        asked = [self._screened[place] for place in possible]
        for number, (any_of, block) in enumerate(self._blocks):
            if any_of is None or self._any_of(number, any_of, block, activation):
                asked += block
        hits: list[RuleHit] = []
        budget = self.budget
        for one in asked:
            if one.version in budget.suspended:
                continue
            started = budget.clock(one.version)
            found = one.run(activation).value()
            budget.charge(one.version, budget.clock(one.version) - started)
            if found is True:
                hits.append(_hit(one, event, vector, event_id))
            elif found is not False:
                self._fail(one, str(found))
        return hits

    def _any_of(self, number: int, any_of: Run, block: Sequence[_Ready], activation: Any) -> bool:
        """Whether a rule of the block may hit, or its rules are to be timed one by one."""
        if self.budget.is_watched(number):
            return True
        started = perf_counter()
        found = any_of(activation).value() is not False
        took = perf_counter() - started
        return self.budget.charge_block(number, (one.version for one in block), took) or found

    def read(self, event: Mapping[str, Any], vector: Sequence[float]) -> dict[str, Any]:
        """What the rules read of an event: fields and features by name, and the answers of lists by their question.

        NaN and the empty text are what is not known.
        """
        return self._activations.named(event, vector)

    def _fail(self, one: _Ready, error: str) -> None:
        self.errors[one.rule.rule_id] += 1
        self.last_error[one.rule.rule_id] = error


def _hit(one: _Ready, event: Mapping[str, Any], vector: Sequence[float], event_id: UUID) -> RuleHit:
    rule = one.rule
    live = rule.mode is Mode.LIVE and is_live_for(rule.rule_id, event_id, rule.percent)
    return RuleHit(
        rule.rule_id,
        rule.version,
        Mode.LIVE if live else Mode.SHADOW,
        rule.points or 0.0,
        rule.min_level,
        one.template.fill(event, vector),
        one.code,
    )
