"""The feature vector: the name, unit, meaning, direction and position of each feature.

Every feature speaks of the time before the event it belongs to, by event time; of labels, only of those
known by then. Its default, when it cannot be known (no amount, no history, too far in the past), is NaN in
a vector and null in JSON.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from risk.features.definitions.definition import Definition
from risk.features.definitions.shipped import SHIPPED
from risk.features.directions import Direction

FEATURE_SET = 6
"""Version of the list below; it rises when a name, meaning or place changes, or features follow at its end."""
FIRST_FEATURE_SET = 5
"""Vectors of this set and of later ones begin alike: what follows in a later one is missing in theirs."""

HIGH_NEEDS = 3
HIGH_RATIO, RAISED_RATIO = 2.5, 1.8
"""An amount this many times its account's usual one, made of three or more before it, is a high, or a raised one."""


@dataclass(frozen=True)
class Feature:
    """One number of the vector; NaN when it is unknown."""

    name: str
    unit: str
    meaning: str
    direction: Direction = Direction.NONE
    topic: str = ""
    """What it is about: features of one topic say much the same, and are told as one reason. Its own name if empty."""


_HIGHER, _LOWER = Direction.HIGHER_IS_RISKIER, Direction.LOWER_IS_RISKIER


_HIGH = f"amounts in this currency that were at least {HIGH_RATIO}× the account's usual one then"
_HIGHEST = f"largest amount of the 7 days before over the account's usual one then; 0 if none was {RAISED_RATIO}× it"

ACCOUNT_FEATURES = (
    Feature("amount", "currency", "amount of the event", topic="amount"),
    Feature("amount_mean_30d", "currency", "the account's mean amount in this currency over 30 days", topic="amount"),
    Feature(
        "amount_median", "currency", "the account's median over its last 24 amounts in this currency", topic="amount"
    ),
    Feature(
        "amount_usual",
        "currency",
        "the account's mean amount so far, high ones left out; one weighs half 90 days later, and so on",
        topic="amount",
    ),
    Feature("amount_to_mean_30d", "ratio", "amount over the account's 30-day mean", _HIGHER, "amount"),
    Feature("amount_to_median", "ratio", "amount over the account's median", _HIGHER, "amount"),
    Feature(
        "amount_to_usual", "ratio", "amount over the account's mean so far without high amounts", _HIGHER, "amount"
    ),
    Feature("high_amounts_3d", "events", f"in the 3 days before: {_HIGH} (at most 32)", _HIGHER, "high_amounts"),
    Feature("high_amounts_7d", "events", f"in the 7 days before: {_HIGH} (at most 32)", _HIGHER, "high_amounts"),
    Feature("high_amounts_14d", "events", f"in the 14 days before: {_HIGH} (at most 32)", _HIGHER, "high_amounts"),
    Feature("highest_amount_7d", "ratio", _HIGHEST, _HIGHER, "high_amounts"),
    Feature("count_1h", "events", "the account's events of this type in the hour before", _HIGHER, "velocity"),
    Feature("count_1d", "events", "the account's events of this type in the day before", _HIGHER, "velocity"),
    Feature("count_7d", "events", "the account's events of this type in the 7 days before", _HIGHER, "velocity"),
    Feature("count_30d", "events", "the account's events of this type in the 30 days before", topic="velocity"),
    Feature("gap_seconds", "s", "time since the account's latest event", topic="velocity"),
    Feature("history_days", "d", "time since the account's first event", _LOWER, "history"),
    Feature("history_events", "events", "events of the account seen so far", topic="history"),
    Feature("new_device", "0 or 1", "the account has not used this device before", _HIGHER, "device"),
    Feature("device_days", "d", "time since the account first used this device; 0 at its first use", _LOWER, "device"),
    Feature("device_events", "events", "the account's events on this device before (at most 999)", _LOWER, "device"),
    Feature("new_country", "0 or 1", "the account has not acted from this country before", _HIGHER, "country"),
    Feature("country_days", "d", "time since the account first acted from this country", _LOWER, "country"),
    Feature(
        "country_events", "events", "the account's events from this country before (at most 999)", _LOWER, "country"
    ),
    Feature(
        "new_counterparty", "0 or 1", "the account has not dealt with this counterparty before", _HIGHER, "dealing"
    ),
    Feature(
        "dealing_days",
        "d",
        "calendar days (UTC) since the account first dealt with this counterparty",
        _LOWER,
        "dealing",
    ),
    Feature(
        "dealings", "events", "the account's dealings with this counterparty before (at most 999)", _LOWER, "dealing"
    ),
    Feature(
        "night",
        "0 or 1",
        "between 00:00 and 06:00 where the account mostly acts from; UTC if that is not known",
        _HIGHER,
        "hour",
    ),
    Feature("hour_share", "ratio", "share of the account's events within an hour of this time of day", _LOWER, "hour"),
    Feature(
        "known_frauds_14d",
        "events",
        "frauds of the account that became known in the 14 days before (at most 32)",
        _HIGHER,
        "known_frauds",
    ),
    Feature(
        "known_frauds_30d",
        "events",
        "frauds of the account that became known in the 30 days before (at most 32)",
        _HIGHER,
        "known_frauds",
    ),
)

# A fraud with an amount that is high for its account speaks of the account, not of where it was spent.
_LEFT_OUT = "frauds high for their account left out"

COUNTERPARTY_FEATURES = (
    Feature("counterparty_count_1h", "events", "the counterparty's events in the hour before", topic="crowd"),
    Feature("counterparty_count_1d", "events", "the counterparty's events in the day before", topic="crowd"),
    Feature("counterparty_count_7d", "events", "the counterparty's events in the 7 days before", topic="crowd"),
    Feature("counterparty_count_30d", "events", "the counterparty's events in the 30 days before", topic="crowd"),
    Feature(
        "counterparty_amount_to_mean_30d",
        "ratio",
        "amount over the counterparty's 30-day mean",
        topic="counterparty_amount",
    ),
    Feature(
        "counterparty_new_share_1d",
        "ratio",
        "share of its last day's events that came from accounts new to it",
        _HIGHER,
        "crowd",
    ),
    Feature(
        "counterparty_last_label",
        "0 or 1",
        f"whether its latest labelled event was fraud ({_LEFT_OUT})",
        _HIGHER,
        "counterparty_frauds",
    ),
    Feature(
        "counterparty_last_label_days",
        "d",
        f"time since its latest labelled event ({_LEFT_OUT})",
        topic="counterparty_frauds",
    ),
    Feature(
        "counterparty_fraud_run",
        "events",
        f"its latest labelled events in a row that were fraud ({_LEFT_OUT})",
        _HIGHER,
        "counterparty_frauds",
    ),
    Feature(
        "counterparty_fraud_run_days",
        "d",
        "calendar days (UTC) since the first event of that run",
        topic="counterparty_frauds",
    ),
    Feature(
        "counterparty_clean_days",
        "d",
        "calendar days (UTC) since its latest event known not to be fraud",
        topic="counterparty_frauds",
    ),
    Feature(
        "counterparty_fraud_run_amount",
        "ratio",
        "smallest amount in that run, over its account's usual one then",
        topic="counterparty_frauds",
    ),
    Feature(
        "counterparty_known_frauds_7d",
        "events",
        "its frauds that became known in the 7 days before",
        _HIGHER,
        "counterparty_frauds",
    ),
    Feature(
        "counterparty_known_frauds_28d",
        "events",
        "its frauds that became known in the 28 days before",
        _HIGHER,
        "counterparty_frauds",
    ),
    Feature(
        "counterparty_known_7d",
        "events",
        "its events whose label became known in the 7 days before",
        topic="counterparty_frauds",
    ),
    Feature(
        "counterparty_known_28d",
        "events",
        "its events whose label became known in the 28 days before",
        topic="counterparty_frauds",
    ),
    Feature(
        "counterparty_unlabelled",
        "events",
        "its events since the latest labelled one, in the 8 days before",
        topic="counterparty_frauds",
    ),
)


def _topic(definition: Definition) -> str:
    """The group of windows that count the same thing: their values say much the same."""
    return definition.name.rpartition("_")[0]


def feature_of(definition: Definition) -> Feature:
    """The feature that a definition is."""
    return Feature(
        definition.name,
        definition.unit,
        definition.meaning,
        definition.direction,
        _topic(definition) or definition.name,
    )


SHIPPED_FEATURES = tuple(map(feature_of, SHIPPED))

FEATURES = ACCOUNT_FEATURES + COUNTERPARTY_FEATURES + SHIPPED_FEATURES
INDEX = {feature.name: place for place, feature in enumerate(FEATURES)}
PROFILE_FEATURES = len(ACCOUNT_FEATURES) + len(COUNTERPARTY_FEATURES)
"""How many values of the vector come of the profiles; those of the shipped definitions follow."""
NO_COUNTERPARTY = (math.nan,) * len(COUNTERPARTY_FEATURES)


def from_stored(features: Sequence[float | None]) -> list[float]:
    """The vector of stored ``features``, of this or an earlier set: NaN where a value is missing."""
    found = [math.nan if value is None else value for value in features]
    return found + [math.nan] * (len(FEATURES) - len(found))


def is_known_set(feature_set: int) -> bool:
    """Whether vectors of this set can be read as today's."""
    return FIRST_FEATURE_SET <= feature_set <= FEATURE_SET


def to_nullable(vector: Iterable[float]) -> list[float | None]:
    """The vector for JSON and SQL: null where a value is unknown."""
    return [None if math.isnan(value) else value for value in vector]


class Defined(NamedTuple):
    """A version of a user's definition that is computed; rules, models and reasons know it only if it is ``live``."""

    version: int
    live: bool
    definition: Definition


@dataclass(frozen=True)
class Catalog:
    """What a vector holds: ``FEATURES``, and after them a value for each of ``definitions``.

    ``defined`` are all versions that are computed; those that compute the same are one of ``definitions``. Sets are
    numbered as they come in force; 0 is that of none. A vector is stored with its number.
    """

    number: int = 0
    defined: tuple[Defined, ...] = ()

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The place in a vector of every feature that may be used, by name."""
        return INDEX | {one.name: len(FEATURES) + self.places[one.signature] for one in self.live}

    @cached_property
    def features(self) -> Mapping[str, Feature]:
        """Every feature that may be used, by name, in the order of the vector."""
        return {one.name: one for one in FEATURES} | {one.name: feature_of(one) for one in self.live}

    @cached_property
    def live(self) -> list[Definition]:
        """The definitions of users that may be used."""
        return [one.definition for one in self.defined if one.live]

    @cached_property
    def usable(self) -> Catalog:
        """Without what may not be used: the order of the vectors that models learn from."""
        return Catalog(self.number, tuple(one for one in self.defined if one.live))

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """The definitions of users that are computed, each once."""
        live_first = sorted(self.defined, key=lambda one: not one.live)
        found: dict[str, Definition] = {}
        for one in live_first:
            found.setdefault(one.definition.signature, one.definition)
        return tuple(found.values())

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each definition in the part of a vector that users define, by signature."""
        return {one.signature: place for place, one in enumerate(self.definitions)}

    def read(self, defined: Sequence[float | None], of: Catalog) -> tuple[float, ...]:
        """The values that were computed by the set ``of``, in the order of this one.

        What it did not have is missing. A definition is the same if it computes the same, whatever it is called.
        """
        found = []
        for one in self.definitions:
            place = of.places.get(one.signature, -1)
            value = defined[place] if 0 <= place < len(defined) else None
            found.append(math.nan if value is None else value)
        return tuple(found)


BUILT_IN = Catalog()
"""The features of every vector, and none of users."""
