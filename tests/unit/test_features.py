"""The list of features: what programs and people rely on."""

from __future__ import annotations

import math

from risk.features.catalog import (
    ACCOUNT_FEATURES,
    COUNTERPARTY_FEATURES,
    FEATURES,
    FIRST_FEATURE_SET,
    INDEX,
    NO_COUNTERPARTY,
    SHIPPED_FEATURES,
    from_stored,
    is_known_set,
    to_nullable,
)
from risk.features.definitions.definition_set import Memory
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.counterparty import CounterpartyProfile
from risk.features.profiles.observation import Observation
from risk.rules.filters import shipped_set


def test_every_feature_has_a_name_of_its_own_a_unit_and_a_meaning() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    assert all(feature.unit and feature.meaning for feature in FEATURES)
    assert [FEATURES[place].name for place in INDEX.values()] == list(INDEX)


def test_an_event_without_a_past_or_an_amount_has_a_value_or_null_for_each() -> None:
    event = Observation("login", 1_780_000_000, "account", "shop", None, None, None, None)
    account = AccountProfile().observe(event)
    shop = CounterpartyProfile().observe(event, account)
    assert (len(account), len(shop)) == (len(ACCOUNT_FEATURES), len(COUNTERPARTY_FEATURES))
    assert len(NO_COUNTERPARTY) == len(COUNTERPARTY_FEATURES)
    defined = Memory(shipped_set()).observe({"event_type": "login", "account_id": "account"}, event.at)
    assert len(defined) == len(SHIPPED_FEATURES)
    named = dict(zip(INDEX, to_nullable(account + shop + defined), strict=True))
    assert named["amount_to_median"] is named["gap_seconds"] is named["counterparty_last_label"] is None
    assert named["count_1h"] == named["known_frauds_14d"] == named["counterparty_known_28d"] == 0.0
    assert named["device_accounts_7d"] is named["card_declines_1h"] is named["account_sum_out_7d"] is None
    assert named["account_declines_1d"] == 0.0


def test_what_cannot_be_known_is_null_in_json() -> None:
    assert to_nullable((1.0, math.nan)) == [1.0, None]


def test_a_vector_of_an_earlier_set_lacks_what_came_later() -> None:
    stored: list[float | None] = [2.0] * (len(FEATURES) - len(SHIPPED_FEATURES))
    stored[1] = None
    read = from_stored(stored)
    assert len(read) == len(FEATURES)
    assert to_nullable(read) == [*stored, *[None] * len(SHIPPED_FEATURES)]
    assert is_known_set(FIRST_FEATURE_SET)
    assert not is_known_set(FIRST_FEATURE_SET - 1)
    assert not is_known_set(2)
