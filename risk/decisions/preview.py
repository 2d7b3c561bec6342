"""What another decision policy, or other thresholds, would have done to past events, in money and known frauds."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from risk.decisions.evaluation import DecisionSet, Outcome
from risk.domain.assessment import RiskLevel, Thresholds
from risk.domain.currencies import ExchangeRates
from risk.domain.decisions import ACTIONS, DecisionAction
from risk.reason_text.formatting import plural
from risk.rules.backtest import Past
from risk.rules.cel import in_base
from risk.rules.effects import combine, log_odds

_NOUNS = {
    DecisionAction.APPROVE: "approval",
    DecisionAction.CHALLENGE: "challenge",
    DecisionAction.REVIEW: "review",
    DecisionAction.DECLINE: "decline",
}


class DecisionMove(BaseModel):
    """Events that would be decided as ``after`` instead of ``before``.

    ``value`` is the sum of their amounts in the reporting currency; ``frauds`` are those known to be, of ``labelled``.
    """

    model_config = ConfigDict(frozen=True)

    before: DecisionAction
    after: DecisionAction
    events: int
    value: float
    labelled: int
    frauds: int


class DecidedByRule(BaseModel):
    """How many events a rule of the new policy, or its fallback, would decide, and what they are worth."""

    model_config = ConfigDict(frozen=True)

    rule: str
    events: int
    value: float
    labelled: int
    frauds: int


class DecisionPreview(BaseModel):
    """Past events as the present policy and as the wanted one decide them, by the same evaluation as the engine's.

    ``text`` says it in sentences. ``currency`` is the reporting currency, of every ``value``: each amount by the rate
    of its day. ``failed`` are evaluations of conditions that failed. ``complete`` is false if time ran out before the
    end of the period; then ``first_scored_at`` says how far back it went, newest first. ``scored`` is how many events
    were scored in the period in all, of which those with an older set of features cannot be decided again.
    """

    model_config = ConfigDict(frozen=True)

    since: datetime
    until: datetime
    currency: str
    events: int
    changed: int
    before: dict[DecisionAction, int]
    after: dict[DecisionAction, int]
    moves: list[DecisionMove]
    rules: list[DecidedByRule]
    text: list[str]
    failed: int
    first_scored_at: datetime | None
    scored: int
    complete: bool


class _Sum:
    """Events, their value, and what is known of them."""

    __slots__ = ("events", "frauds", "labelled", "value")

    def __init__(self) -> None:
        self.events = self.labelled = self.frauds = 0
        self.value = 0.0

    def add(self, value: float, fraud: bool | None) -> None:
        self.events += 1
        self.value += value
        self.labelled += fraud is not None
        self.frauds += fraud is True


class Preview:
    """Meets one past event after another, in any order; ``report`` tells what would change.

    With ``thresholds`` the wanted policy meets the level that they give; otherwise both meet the one that was given.
    """

    def __init__(
        self, present: DecisionSet, wanted: DecisionSet, rates: ExchangeRates, thresholds: Thresholds | None = None
    ) -> None:
        self._present, self._wanted = present, wanted
        self._rates = rates
        self._thresholds = thresholds
        self._before, self._after = Counter[DecisionAction](), Counter[DecisionAction]()
        self._moves: dict[tuple[DecisionAction, DecisionAction], _Sum] = {}
        self._rules: dict[str, _Sum] = {}
        self._first: datetime | None = None

    def meet(self, past: Past) -> None:
        """Decide one event by both policies."""
        hits = [effect.name for effect in past.effects.values()]
        before = self._present.decide(past.level, hits, past.event, past.vector)
        after = self._wanted.decide(self._level(past), hits, past.event, past.vector)
        self._count(past, before, after)

    def _count(self, past: Past, before: Outcome, after: Outcome) -> None:
        self._before[before.action] += 1
        self._after[after.action] += 1
        self._first = past.scored_at if self._first is None else min(self._first, past.scored_at)
        amount = in_base(past.event, self._rates) if past.event.get("amount_flow") != "none" else 0.0
        value = 0.0 if math.isnan(amount) else amount
        self._rules.setdefault(after.rule, _Sum()).add(value, past.fraud)
        if before.action is not after.action:
            self._moves.setdefault((before.action, after.action), _Sum()).add(value, past.fraud)

    def _level(self, past: Past) -> RiskLevel:
        """The level by the wanted thresholds: rules that set a least level lift the score to that level's new bound."""
        if self._thresholds is None:
            return past.level
        if past.base_score is None:
            return self._thresholds.level(past.score)
        effects = list(past.effects.values())
        return self._thresholds.level(combine(log_odds(past.base_score), effects, self._thresholds).value)

    def report(self, *, since: datetime, until: datetime, scored: int, complete: bool) -> DecisionPreview:
        """What was found, of ``scored`` events in all."""
        order = [rule.name for rule in self._wanted.policy.rules]
        moves = [
            DecisionMove(before=before, after=after, events=one.events, value=round(one.value, 2),
                         labelled=one.labelled, frauds=one.frauds)
            for (before, after), one in sorted(self._moves.items(), key=lambda item: -item[1].events)
        ]  # fmt: skip
        return DecisionPreview(
            since=since,
            until=until,
            currency=self._rates.base,
            events=self._before.total(),
            changed=sum(move.events for move in moves),
            before={action: self._before[action] for action in DecisionAction},
            after={action: self._after[action] for action in DecisionAction},
            moves=moves,
            rules=[
                DecidedByRule(rule=name, events=one.events, value=round(one.value, 2), labelled=one.labelled,
                              frauds=one.frauds)
                for name, one in sorted(
                    self._rules.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)
                )
            ],
            text=sentences(moves, self._rates.base),
            failed=self._wanted.errors.total(),
            first_scored_at=self._first,
            scored=scored,
            complete=complete,
        )  # fmt: skip


def sentences(moves: list[DecisionMove], currency: str) -> list[str]:
    """What would change, the strictest action first: ``312 more declines worth 48,100 EUR, 41 of them fraud``."""
    found = []
    for action in reversed(ACTIONS):
        for word, gone in (
            ("more", [move for move in moves if move.after is action]),
            ("fewer", [move for move in moves if move.before is action]),
        ):
            events = sum(move.events for move in gone)
            if not events:
                continue
            count, noun = plural(events, _NOUNS[action]).rsplit(" ", 1)
            value, frauds = round(sum(move.value for move in gone)), sum(move.frauds for move in gone)
            known = f"{frauds:,} of them fraud" if frauds else "none of them known fraud"
            found.append(f"{count} {word} {noun} worth {value:,} {currency}, {known}")
    return found or ["no event would have been decided otherwise"]
