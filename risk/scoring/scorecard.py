"""The scorecard: a transparent scorer that needs no training.

A constant and parts, each in log-odds, added up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from risk.domain.assessment import Reason
from risk.features.catalog import INDEX
from risk.features.profiles.observation import Observation
from risk.features.sliding_windows import DAY
from risk.reason_text.formatting import money, plural
from risk.rules.effects import probability
from risk.scoring.scorer import SCORECARD_VERSION, Score, Scorer, Vector

BASE = -3.4
"""Log-odds of an event with nothing unusual about it: 3 in 100."""
MIN_HISTORY = 3


class Scorecard:
    """Scores by how far an event is from what its account and counterparty usually do."""

    version = SCORECARD_VERSION

    def score(self, events: Sequence[Observation], vectors: Sequence[Vector]) -> list[Score]:
        """Score a batch; ``reasons`` are all the parts that apply."""
        return [_score(event, vector) for event, vector in zip(events, vectors, strict=True)]

    def probabilities(self, events: Sequence[Observation], vectors: Sequence[Vector]) -> list[float]:
        """The probabilities of a batch."""
        return [probability(score.logit) for score in self.score(events, vectors)]


SCORECARD: Scorer = Scorecard()


@dataclass(frozen=True)
class _Facts:
    event: Observation
    vector: Sequence[float]

    def __getitem__(self, name: str) -> float:
        return self.vector[INDEX[name]]

    def money(self, amount: float) -> str:
        return money(amount, self.event.currency)


def _growth(ratio: float, start: float, slope: float, most: float) -> float:
    """Points for being ``ratio`` times the usual: none up to ``start``, then with its logarithm, up to ``most``."""
    return min(most, slope * math.log(ratio / start)) if ratio > start else 0.0


def _daily_average(facts: _Facts) -> float | None:
    """Events of this type a day over the last 30 days, or None for an account too young to have one."""
    days = min(30.0, facts["history_days"])
    return facts["count_30d"] / days if days >= 2 else None


def _amount(facts: _Facts) -> Reason | None:
    ratio, mean = facts["amount_to_mean_30d"], facts["amount_mean_30d"]
    if not ratio > 1.5 or facts["history_events"] < MIN_HISTORY:
        return None
    text = f"amount {facts.money(facts['amount'])} is {ratio:.1f}× this account's 30-day mean of {facts.money(mean)}"
    return _reason("amount_unusual", text, _growth(ratio, 1.5, 1.5, 3.6), "amount", facts["amount"], mean)


def _counterparty_amount(facts: _Facts) -> Reason | None:
    ratio, feature = facts["counterparty_amount_to_mean_30d"], "counterparty_amount_to_mean_30d"
    if not ratio > 3.0 or facts["counterparty_count_30d"] < 10:
        return None
    text = f"amount {facts.money(facts['amount'])} is {ratio:.1f}× what {facts.event.counterparty_id} usually sees"
    return _reason("counterparty_amount_unusual", text, _growth(ratio, 3.0, 0.5, 1.0), feature, ratio, 1.0)


def _velocity_hour(facts: _Facts) -> Reason | None:
    count, average = facts["count_1h"], _daily_average(facts)
    if not count >= 3:
        return None
    text = f"{plural(count + 1, facts.event.noun)} within an hour"
    if average is not None:
        text += f"; this account's average is {average:.1f} a day"
    baseline = None if average is None else average / 24
    return _reason("velocity_1h", text, _growth(count + 1, 3.0, 1.9, 3.4), "count_1h", count, baseline)


def _velocity_day(facts: _Facts) -> Reason | None:
    count, average = facts["count_1d"], _daily_average(facts)
    if average is None or not count + 1 > 3.0 * max(1.0, average):
        return None
    text = f"{plural(count + 1, facts.event.noun)} within a day; this account's average is {average:.1f}"
    points = _growth((count + 1) / max(1.0, average), 3.0, 1.0, 1.5)
    return _reason("velocity_1d", text, points, "count_1d", count, average)


def _velocity_week(facts: _Facts) -> Reason | None:
    count, average = facts["count_7d"], _daily_average(facts)
    if average is None or facts["history_days"] < 14 or not count + 1 > 2.0 * max(2.0, 7 * average):
        return None
    text = f"{plural(count + 1, facts.event.noun)} within 7 days; this account's average is {7 * average:.1f}"
    points = _growth((count + 1) / max(2.0, 7 * average), 2.0, 0.8, 0.8)
    return _reason("velocity_7d", text, points, "count_7d", count, 7 * average)


def _is_news(facts: _Facts, feature: str) -> bool:
    return facts[feature] == 1.0 and facts["history_events"] >= MIN_HISTORY


def _device(facts: _Facts) -> Reason | None:
    if not _is_news(facts, "new_device"):
        return None
    text = f"device {facts.event.device_id} was not used by this account before"
    return _reason("new_device", text, 1.2, "new_device", 1.0, 0.0)


def _country(facts: _Facts) -> Reason | None:
    if not _is_news(facts, "new_country"):
        return None
    text = f"first event of this account from {facts.event.country}"
    return _reason("new_country", text, 1.5, "new_country", 1.0, 0.0)


def _counterparty(facts: _Facts) -> Reason | None:
    if not _is_news(facts, "new_counterparty"):
        return None
    text = f"first dealing of this account with {facts.event.counterparty_id}"
    return _reason("new_counterparty", text, 0.3, "new_counterparty", 1.0, 0.0)


def _dormant(facts: _Facts) -> Reason | None:
    days = facts["gap_seconds"] / DAY
    if not days > 30:
        return None
    return _reason("dormant_account", f"first event after {days:.0f} days of silence", 0.9, "gap_seconds", days * DAY)


def _rapid(facts: _Facts) -> Reason | None:
    gap = facts["gap_seconds"]
    if not gap < 30 or facts["count_1h"] < 2:
        return None
    return _reason("rapid_succession", f"{gap:.0f} s after the account's previous event", 0.7, "gap_seconds", gap)


def _night(facts: _Facts) -> Reason | None:
    share = facts["hour_share"]
    if facts["night"] != 1.0 or facts["history_events"] < 20 or not share <= 0.05:
        return None
    hour, minute = divmod(facts.event.at % DAY // 60, 60)
    text = f"at {hour:02}:{minute:02} UTC, by night; {share:.0%} of this account's events fall near that hour"
    return _reason("unusual_hour", text, 0.7, "hour_share", share)


def _crowd(facts: _Facts) -> Reason | None:
    share, count = facts["counterparty_new_share_1d"], facts["counterparty_count_1h"]
    usual = max(1.0, facts["counterparty_count_30d"] / (30 * 24))
    if not share >= 0.5 or not count >= 10 or not count > 4.0 * usual:
        return None
    who = facts.event.counterparty_id
    text = f"{who} saw {count:.0f} events within an hour, {share:.0%} of the day's from new accounts"
    return _reason(
        "counterparty_burst", text, _growth(count / usual, 4.0, 0.6, 1.2), "counterparty_count_1h", count, usual
    )


def _reason(code: str, text: str, points: float, feature: str, value: float, baseline: float | None = None) -> Reason:
    return Reason(code=code, text=text, contribution=points, feature=feature, value=value, baseline=baseline)


_PARTS: tuple[Callable[[_Facts], Reason | None], ...] = (
    _amount,
    _counterparty_amount,
    _velocity_hour,
    _velocity_day,
    _velocity_week,
    _device,
    _country,
    _counterparty,
    _dormant,
    _rapid,
    _night,
    _crowd,
)


def _parts(facts: _Facts) -> Iterator[Reason]:
    for part in _PARTS:
        reason = part(facts)
        if reason is not None:
            yield reason


def _score(event: Observation, vector: Vector) -> Score:
    reasons = sorted(_parts(_Facts(event, vector)), key=lambda reason: reason.contribution, reverse=True)
    return Score(BASE + sum(reason.contribution for reason in reasons), reasons)
