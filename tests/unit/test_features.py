"""The list of features: what programs and people rely on."""

from __future__ import annotations

import math

from risk.features.catalog import ACCOUNT_FEATURES, COUNTERPARTY_FEATURES, FEATURES, INDEX, NO_COUNTERPARTY, to_nullable
from risk.features.profiles import AccountProfile, CounterpartyProfile, Observation


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
    named = dict(zip(INDEX, to_nullable(account + shop), strict=True))
    assert named["amount_to_median"] is named["gap_seconds"] is named["counterparty_last_label"] is None
    assert named["count_1h"] == named["known_frauds_14d"] == named["counterparty_known_28d"] == 0.0


def test_what_cannot_be_known_is_null_in_json() -> None:
    assert to_nullable((1.0, math.nan)) == [1.0, None]
