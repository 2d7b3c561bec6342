"""What is remembered, and what the features say of it."""

from __future__ import annotations

import math
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from risk.features import ACCOUNT_FEATURES, COUNTERPARTY_FEATURES, to_nullable
from risk.profiles import AccountProfile, CounterpartyProfile, Observation
from risk.windows import DAY, HOUR

START = 1_780_000_000 // DAY * DAY + 12 * HOUR


def seen(at: int = START, **changes: Any) -> Observation:
    usual = Observation("payment", at, "account-1", "shop-1", 20.0, "EUR", "phone", "DE")
    return usual._replace(**changes)


def named(vector: tuple[float, ...]) -> dict[str, float | None]:
    return dict(zip((feature.name for feature in ACCOUNT_FEATURES), to_nullable(vector), strict=True))


def habit(days: int = 20) -> AccountProfile:
    profile = AccountProfile()
    for day in range(days):
        profile.observe(seen(START + day * DAY))
    return profile


OBSERVATIONS = st.builds(
    Observation,
    event_type=st.sampled_from(["payment", "login", "trade", "metric"]),
    at=st.integers(START, START + 60 * DAY),
    account_id=st.just("account-1"),
    counterparty_id=st.none() | st.sampled_from(["shop-1", "shop-2"]),
    amount=st.none() | st.decimals(0, 10**12, places=6).map(float),
    currency=st.none() | st.sampled_from(["EUR", "USD", "JPY", "GBP", "CHF"]),
    device_id=st.none() | st.sampled_from(["phone", "laptop"]),
    country=st.none() | st.sampled_from(["DE", "FR"]),
)


def test_features_speak_of_the_time_before_the_event() -> None:
    features = named(AccountProfile().observe(seen()))
    assert features["history_events"] == 0
    assert features["count_1h"] == 0
    assert features["amount"] == 20.0
    assert features["amount_mean_30d"] is None
    assert features["new_device"] is None  # at the first event everything is new


def test_an_amount_is_compared_with_the_accounts_own() -> None:
    features = named(habit().observe(seen(START + 20 * DAY, amount=200.0)))
    assert features["amount_to_mean_30d"] == 10.0
    assert features["amount_to_median"] == 10.0


def test_an_amount_in_another_currency_is_not_compared() -> None:
    assert named(habit().observe(seen(START + 20 * DAY, currency="JPY")))["amount_to_mean_30d"] is None


def test_a_device_is_new_once() -> None:
    profile = habit()
    assert named(profile.observe(seen(START + 20 * DAY, device_id="laptop")))["new_device"] == 1.0
    assert named(profile.observe(seen(START + 21 * DAY, device_id="laptop")))["new_device"] == 0.0


def test_velocity_counts_events_of_the_same_type() -> None:
    profile = AccountProfile()
    for minute in range(5):
        profile.observe(seen(START + minute * 60))
    profile.observe(seen(START + 300, event_type="login"))
    assert named(profile.observe(seen(START + 360)))["count_1h"] == 5


def test_a_late_event_is_measured_at_its_own_time() -> None:
    profile = habit()
    late = named(profile.observe(seen(START + 18 * DAY + 60)))
    assert late["count_7d"] == 7
    assert late["count_30d"] == 19
    assert late["gap_seconds"] is None


def test_an_event_from_before_all_that_is_remembered_is_not_guessed_at() -> None:
    late = named(habit(60).observe(seen(START - 30 * DAY)))
    assert late["count_1h"] is late["count_30d"] is late["amount_mean_30d"] is None


@given(st.lists(OBSERVATIONS, max_size=40))
def test_a_profile_goes_on_from_its_dump_as_if_nothing_had_been(observations: list[Observation]) -> None:
    account, shop = AccountProfile(), CounterpartyProfile()
    account_again, shop_again = AccountProfile(), CounterpartyProfile()
    for observation in observations:
        account_again, shop_again = (
            AccountProfile.load(account_again.dump()),
            CounterpartyProfile.load(shop_again.dump()),
        )
        assert to_nullable(account.observe(observation)) == to_nullable(account_again.observe(observation))
        assert to_nullable(shop.observe(observation)) == to_nullable(shop_again.observe(observation))


@given(st.lists(OBSERVATIONS, max_size=30))
def test_vectors_have_their_length_and_no_infinities(observations: list[Observation]) -> None:
    account, counterparty = AccountProfile(), CounterpartyProfile()
    for observation in observations:
        one, other = account.observe(observation), counterparty.observe(observation)
        assert (len(one), len(other)) == (len(ACCOUNT_FEATURES), len(COUNTERPARTY_FEATURES))
        assert not any(math.isinf(value) for value in one + other)


def test_whatever_an_attacker_sends_a_profile_stays_small() -> None:
    chance = random.Random(1)
    account, counterparty = AccountProfile(), CounterpartyProfile()
    for place in range(20_000):
        observation = Observation(
            chance.choice(["payment", "login", "trade", "metric"]),
            START + chance.randrange(90 * DAY),
            f"account-{place}",
            f"shop-{place}",
            chance.random() * 1e12,
            chance.choice(["EUR", "USD", "JPY", "GBP", "CHF"]),
            f"device-{place}",
            f"{place % 200}",
        )
        account.observe(observation)
        counterparty.observe(observation)
    assert len(account.dump()) < 65_536
    assert len(counterparty.dump()) < 65_536


def test_a_usual_accounts_profile_takes_less_than_two_kilobytes() -> None:
    assert len(habit(60).dump()) < 2_048
