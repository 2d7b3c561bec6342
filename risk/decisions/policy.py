"""The decision policy: rules in order, the first that matches decides, and a fallback."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from risk.domain.assessment import RiskLevel
from risk.domain.decisions import DecisionAction
from risk.domain.event_types import EventTypeName, Family

MAX_RULES = 50
MAX_VALUES = 20
MAX_WHEN = 4096
FALLBACK = "fallback"

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,47}$")]
_CONDITIONS = ("levels", "rules", "lists", "event_types", "families")
_Values = Field(max_length=MAX_VALUES)


class PolicyRule(BaseModel):
    """One rule of the policy: it matches if all conditions that it gives hold.

    Of several values of one condition any will do: the level is one of ``levels``, one of ``rules`` hit (live, by
    name), the event is on one of ``lists``, it is of one of ``event_types`` and ``families``, and ``when`` (CEL, as in
    rules) is true. A match either decides (``action``) or, with ``forbid``, only keeps what follows from deciding so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Word
    action: DecisionAction | None = None
    forbid: DecisionAction | None = None
    levels: Annotated[tuple[RiskLevel, ...], _Values] = ()
    rules: Annotated[tuple[Word, ...], _Values] = ()
    lists: Annotated[tuple[Word, ...], _Values] = ()
    event_types: Annotated[tuple[EventTypeName, ...], _Values] = ()
    families: Annotated[tuple[Family, ...], _Values] = ()
    when: Annotated[str, StringConstraints(min_length=1, max_length=MAX_WHEN, pattern=r"^[^\x00]+$")] | None = None

    @model_validator(mode="after")
    def _one_effect_and_a_condition(self) -> Self:
        if (self.action is None) == (self.forbid is None):
            raise ValueError(f"policy rule {self.name}: give either action or forbid")
        if self.when is None and not any(getattr(self, name) for name in _CONDITIONS):
            raise ValueError(f"policy rule {self.name} has no condition; what is to happen otherwise is the fallback")
        if self.name == FALLBACK:
            raise ValueError(f"no policy rule can be named {FALLBACK}")
        return self


DEFAULT_RULES = (
    PolicyRule(name="decline_critical", action=DecisionAction.DECLINE, levels=(RiskLevel.CRITICAL,)),
    PolicyRule(name="review_high", action=DecisionAction.REVIEW, levels=(RiskLevel.HIGH,)),
)


class DecisionPolicy(BaseModel):
    """Rules in order: the first that matches decides. ``fallback`` decides where none does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: Annotated[tuple[PolicyRule, ...], Field(max_length=MAX_RULES)] = DEFAULT_RULES
    fallback: DecisionAction = DecisionAction.APPROVE

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [rule.name for rule in self.rules]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"two policy rules are named {repeated[0]}")
        return self
