"""The feature vector: what each number is called, its unit, what it means, in which order it stands.

Every feature speaks of the time before the event it belongs to, by event time; of labels, only of those
known by then. Its default, when it cannot be known (no amount, no history, too far in the past), is NaN in
a vector and null in JSON.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FEATURE_SET = 3
"""Version of the list below; it rises when a name, meaning or place changes."""

HIGH_NEEDS = 3
HIGH_RATIO, RAISED_RATIO = 2.5, 1.8
"""An amount this many times its account's usual one, made of three or more before it, is a high, or a raised one."""


class Direction(StrEnum):
    """Which values of a feature speak for risk: an amount's larger ones, a history's smaller ones, or neither."""

    HIGHER_IS_RISKIER = "higher_is_riskier"
    LOWER_IS_RISKIER = "lower_is_riskier"
    NONE = "none"


@dataclass(frozen=True)
class Feature:
    """One number of the vector; NaN when it cannot be known."""

    name: str
    unit: str
    meaning: str
    direction: Direction = Direction.NONE


_HIGHER, _LOWER = Direction.HIGHER_IS_RISKIER, Direction.LOWER_IS_RISKIER


_HIGH = f"amounts in this currency that were at least {HIGH_RATIO}× the account's usual one then"
_HIGHEST = f"largest amount of the 7 days before over the account's usual one then; 0 if none was {RAISED_RATIO}× it"

ACCOUNT_FEATURES = (
    Feature("amount", "currency", "amount of the event", _HIGHER),
    Feature("amount_mean_30d", "currency", "the account's mean amount in this currency over 30 days"),
    Feature("amount_median", "currency", "the account's median over its last 24 amounts in this currency"),
    Feature(
        "amount_usual", "currency", "the account's mean amount so far, high ones left out, recent ones weighing more"
    ),
    Feature("amount_to_mean_30d", "ratio", "amount over the account's 30-day mean", _HIGHER),
    Feature("amount_to_median", "ratio", "amount over the account's median", _HIGHER),
    Feature("amount_to_usual", "ratio", "amount over the account's mean so far without high amounts", _HIGHER),
    Feature("high_amounts_3d", "events", f"in the 3 days before: {_HIGH} (at most 32)", _HIGHER),
    Feature("high_amounts_7d", "events", f"in the 7 days before: {_HIGH} (at most 32)", _HIGHER),
    Feature("high_amounts_14d", "events", f"in the 14 days before: {_HIGH} (at most 32)", _HIGHER),
    Feature("highest_amount_7d", "ratio", _HIGHEST, _HIGHER),
    Feature("count_1h", "events", "the account's events of this type in the hour before", _HIGHER),
    Feature("count_1d", "events", "the account's events of this type in the day before", _HIGHER),
    Feature("count_7d", "events", "the account's events of this type in the 7 days before", _HIGHER),
    Feature("count_30d", "events", "the account's events of this type in the 30 days before"),
    Feature("gap_seconds", "s", "time since the account's latest event", _LOWER),
    Feature("history_days", "d", "time since the account's first event", _LOWER),
    Feature("history_events", "events", "events of the account seen so far", _LOWER),
    Feature("new_device", "0 or 1", "the account has not used this device before", _HIGHER),
    Feature("new_country", "0 or 1", "the account has not acted from this country before", _HIGHER),
    Feature("new_counterparty", "0 or 1", "the account has not dealt with this counterparty before", _HIGHER),
    Feature("night", "0 or 1", "between 00:00 and 06:00 UTC", _HIGHER),
    Feature("hour_share", "ratio", "share of the account's events within an hour of this time of day", _LOWER),
    Feature(
        "known_frauds_14d",
        "events",
        "frauds of the account that became known in the 14 days before (at most 32)",
        _HIGHER,
    ),
    Feature(
        "known_frauds_30d",
        "events",
        "frauds of the account that became known in the 30 days before (at most 32)",
        _HIGHER,
    ),
)

# A fraud with an amount that is high for its account speaks of the account, not of where it was spent.
_LEFT_OUT = "frauds high for their account left out"

COUNTERPARTY_FEATURES = (
    Feature("counterparty_count_1h", "events", "the counterparty's events in the hour before", _HIGHER),
    Feature("counterparty_count_1d", "events", "the counterparty's events in the day before", _HIGHER),
    Feature("counterparty_count_7d", "events", "the counterparty's events in the 7 days before"),
    Feature("counterparty_count_30d", "events", "the counterparty's events in the 30 days before"),
    Feature("counterparty_amount_to_mean_30d", "ratio", "amount over the counterparty's 30-day mean", _HIGHER),
    Feature(
        "counterparty_new_share_1d",
        "ratio",
        "share of its last day's events that came from accounts new to it",
        _HIGHER,
    ),
    Feature("counterparty_last_label", "0 or 1", f"whether its latest labelled event was fraud ({_LEFT_OUT})", _HIGHER),
    Feature("counterparty_last_label_days", "d", f"time since its latest labelled event ({_LEFT_OUT})"),
    Feature(
        "counterparty_fraud_run",
        "events",
        f"its latest labelled events in a row that were fraud ({_LEFT_OUT})",
        _HIGHER,
    ),
    Feature("counterparty_fraud_run_days", "d", "calendar days (UTC) since the first event of that run"),
    Feature(
        "counterparty_clean_days", "d", "calendar days (UTC) since its latest event known not to be fraud", _HIGHER
    ),
    Feature(
        "counterparty_fraud_run_amount",
        "ratio",
        "smallest amount in that run, over its account's usual one then",
        _HIGHER,
    ),
    Feature("counterparty_known_frauds_7d", "events", "its frauds that became known in the 7 days before", _HIGHER),
    Feature("counterparty_known_frauds_28d", "events", "its frauds that became known in the 28 days before", _HIGHER),
    Feature("counterparty_known_7d", "events", "its events whose label became known in the 7 days before"),
    Feature("counterparty_known_28d", "events", "its events whose label became known in the 28 days before"),
    Feature("counterparty_unlabelled", "events", "its events since the latest labelled one, in the 8 days before"),
)

FEATURES = ACCOUNT_FEATURES + COUNTERPARTY_FEATURES
INDEX = {feature.name: place for place, feature in enumerate(FEATURES)}
NO_COUNTERPARTY = (math.nan,) * len(COUNTERPARTY_FEATURES)


def to_nullable(vector: Iterable[float]) -> list[float | None]:
    """The vector as JSON and SQL hold it: null where a value cannot be known."""
    return [None if math.isnan(value) else value for value in vector]
