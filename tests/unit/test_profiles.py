"""What is remembered, and what the features say of it."""

from __future__ import annotations

import math
import random
import statistics
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.domain.label_precedence import Said
from risk.features.catalog import ACCOUNT_FEATURES, COUNTERPARTY_FEATURES, to_nullable
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.counterparty import CounterpartyProfile
from risk.features.profiles.observation import Learned, Observation, Outcome
from risk.features.sliding_windows import DAY, HOUR
from risk.store.engine_state.profiles import outcome_of

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


# Feature, and in buckets: width, seconds a bucket, how many are kept.
WINDOWS = (
    ("count_1h", 60, 60, 360),
    ("count_1d", 24, HOUR, 216),
    ("count_7d", 168, HOUR, 216),
    ("count_30d", 30, DAY, 33),
)


def shop_named(vector: tuple[float, ...]) -> dict[str, float | None]:
    return dict(zip((feature.name for feature in COUNTERPARTY_FEATURES), to_nullable(vector), strict=True))


def learned(at: int, known_at: int, fraud: bool) -> Learned:
    return Learned("account-1", "shop-1", at, Outcome(known_at, fraud))


def outcome(label: Learned) -> Outcome:
    assert label.outcome is not None
    return label.outcome


LABELS = st.builds(
    lambda at, delay, fraud: learned(at, at + delay, fraud),
    st.integers(START, START + 60 * DAY),
    st.integers(0, 20 * DAY),
    st.booleans(),
)


UNKNOWN = (math.nan,) * len(ACCOUNT_FEATURES)


def meet(account: AccountProfile, shop: CounterpartyProfile, event: Observation) -> tuple[float, ...]:
    vector = account.observe(event)
    return vector + shop.observe(event, vector)


def play(steps: list[Observation | Learned]) -> tuple[AccountProfile, CounterpartyProfile]:
    account, shop = AccountProfile(), CounterpartyProfile()
    for step in steps:
        if isinstance(step, Observation):
            meet(account, shop, step)
        else:
            account.learn(step)
            shop.learn(step)
    return account, shop


@given(st.lists(OBSERVATIONS | LABELS, max_size=40))
def test_a_profile_goes_on_from_its_dump_as_if_nothing_had_been(steps: list[Observation | Learned]) -> None:
    account, shop = AccountProfile(), CounterpartyProfile()
    account_again, shop_again = AccountProfile(), CounterpartyProfile()
    for step in steps:
        account_again, shop_again = (
            AccountProfile.load(account_again.dump()),
            CounterpartyProfile.load(shop_again.dump()),
        )
        if isinstance(step, Learned):
            for profile in (account, shop, account_again, shop_again):
                profile.learn(step)
            continue
        assert to_nullable(meet(account, shop, step)) == to_nullable(meet(account_again, shop_again, step))


@given(st.lists(OBSERVATIONS | LABELS, max_size=30), OBSERVATIONS, LABELS, OBSERVATIONS)
def test_a_label_that_is_withdrawn_takes_its_effect_back(
    steps: list[Observation | Learned], event: Observation, label: Learned, later: Observation
) -> None:
    account, shop = play([*steps, event])
    untouched, untouched_shop = play([*steps, event])
    known_at = max(event.at, outcome(label).known_at)
    label = learned(event.at, known_at, outcome(label).fraud)
    later = later._replace(at=max(known_at, later.at))
    for step in (label, label._replace(outcome=None, before=label.outcome)):
        account.learn(step)
        shop.learn(step)
    vector, expected = account.observe(later), untouched.observe(later)
    assert to_nullable(vector) == to_nullable(expected)
    assert to_nullable(shop.observe(later, vector)) == to_nullable(untouched_shop.observe(later, expected))


SAID = st.builds(
    Said,
    st.integers(0, 200).map(lambda hours: datetime.fromtimestamp(START + 12 * HOUR + hours * HOUR, UTC)),
    st.sampled_from(["bank", "desk", "customer"]),
    st.booleans(),
    st.booleans(),
)


@given(
    st.lists(st.sampled_from([20.0, 45.0, 90.0]), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), SAID), max_size=40),
    st.randoms(use_true_random=False),
)
def test_any_sequence_of_labels_gives_the_profiles_that_the_counting_ones_alone_give(
    amounts: list[float], received: list[tuple[int, Said]], chance: random.Random
) -> None:
    events = [seen(START + place * HOUR, amount=amount) for place, amount in enumerate(amounts)]
    account, shop = play([*events])
    said: dict[int, list[Said]] = {}
    for place, one in received:
        if place < len(events):
            so_far = said.setdefault(place, [])
            before = outcome_of(so_far)
            so_far.append(one)
            change = Learned("account-1", "shop-1", events[place].at, outcome_of(so_far), before)
            if change.outcome != change.before:
                account.learn(change)
                shop.learn(change)
    counting = [Learned("account-1", "shop-1", events[place].at, outcome_of(each)) for place, each in said.items()]
    chance.shuffle(counting)
    alone, shop_alone = play([*events, *(each for each in counting if each.outcome is not None)])
    assert account.dump() == alone.dump()
    assert shop.dump() == shop_alone.dump()


def test_a_label_that_clears_a_fraud_takes_its_counts_back() -> None:
    account, shop = play([seen()])
    fraud, cleared = Outcome(START + DAY, True), Outcome(START + 2 * DAY, False)
    for change in (learned(START, START + DAY, True), Learned("account-1", "shop-1", START, cleared, fraud)):
        account.learn(change)
        shop.learn(change)
    vector = account.observe(seen(START + 3 * DAY))
    assert named(vector)["known_frauds_14d"] == 0
    got = shop_named(shop.observe(seen(START + 3 * DAY), vector))
    assert got["counterparty_known_7d"] == 1
    assert (got["counterparty_known_frauds_7d"], got["counterparty_last_label"]) == (0, 0)


@given(st.lists(OBSERVATIONS, max_size=60))
def test_an_accounts_counts_and_amounts_are_those_of_their_definition(observations: list[Observation]) -> None:
    account = AccountProfile()
    for place, event in enumerate(observations):
        got, before = named(account.observe(event)), observations[:place]
        newest = max((one.at for one in before), default=event.at)
        alike = [one.at for one in before if one.event_type == event.event_type]
        for name, width, grain, keep in WINDOWS:
            key = event.at // grain
            if alike and key < max(alike) // grain and key - width < max(alike) // grain - keep:
                assert got[name] is None
            elif event.at >= newest:
                assert got[name] == sum(key - width < at // grain <= key for at in alike)
    in_order = AccountProfile()
    seen_so_far: list[Observation] = []
    for event in sorted((one for one in observations if one.amount is not None), key=lambda one: one.at):
        euros = event._replace(currency="EUR")
        got = named(in_order.observe(euros))
        month = [one.amount for one in seen_so_far if one.at // DAY > event.at // DAY - 30]
        latest = [one.amount for one in seen_so_far][-24:]
        assert got["amount_median"] == (statistics.median(latest) if latest else None)  # type: ignore[type-var]
        if month:
            mean = sum(round(amount * 100) for amount in month if amount is not None) / len(month) / 100
            assert got["amount_mean_30d"] == pytest.approx(mean, rel=1e-9)
        else:
            assert got["amount_mean_30d"] is None
        seen_so_far.append(euros)


@given(st.lists(st.tuples(st.integers(0, 200 * DAY), st.sampled_from([10.0, 12.0, 20.0, 40.0])), max_size=60))
def test_high_amounts_and_the_usual_amount_are_those_of_their_definition(payments: list[tuple[int, float]]) -> None:
    profile, amounts, ordinary = AccountProfile(), list[float](), list[tuple[int, float]]()
    raised: list[tuple[int, int]] = []
    for after, amount in sorted(payments, key=lambda payment: payment[0]):
        at = START + after
        got = named(profile.observe(seen(at, amount=amount)))
        weights = [0.5 ** ((at - then) / (90 * DAY)) for then, _ in ordinary]
        usual = sum(w * one for w, (_, one) in zip(weights, ordinary, strict=True)) / sum(weights) if ordinary else None
        assert got["amount_usual"] == (None if usual is None else pytest.approx(usual))
        for days in (3, 7, 14):
            high = [one for one, share in raised[-32:] if share >= 250 and at - days * DAY < one <= at]
            assert got[f"high_amounts_{days}d"] == len(high)
        highest = [share for one, share in raised[-32:] if at - 7 * DAY < one <= at]
        assert got["highest_amount_7d"] == max(highest, default=0) / 100
        share = 0
        if usual is not None and len(ordinary) >= 3 and amount / usual >= 1.8:
            share = round(amount / usual * 100)
            raised.append((at, share))
        if share < 250 or amount < 2.5 * statistics.median(amounts[-24:]):
            ordinary.append((at, amount))
        amounts.append(amount)


def test_an_amount_that_comes_late_is_raised_at_its_own_time() -> None:
    profile = habit()
    profile.observe(seen(START + 19 * DAY, amount=100.0))
    profile.observe(seen(START + 15 * DAY, amount=60.0))
    got = named(profile.observe(seen(START + 18 * DAY)))
    assert (got["high_amounts_3d"], got["high_amounts_7d"], got["highest_amount_7d"]) == (0, 1, 3.0)
    assert named(profile.observe(seen(START + 19 * DAY)))["highest_amount_7d"] == 5.0


def test_an_account_that_lives_at_another_level_from_now_on_becomes_usual_again() -> None:
    profile = habit(60)
    for day in range(60, 120):
        got = named(profile.observe(seen(START + day * DAY, amount=80.0)))
        if day == 65:
            assert got["amount_to_usual"] == pytest.approx(4.0)
    assert got["high_amounts_14d"] == 0
    assert got["amount_to_usual"] is not None
    assert got["amount_to_usual"] < 2.5


def test_amounts_of_years_ago_hardly_weigh_in_what_is_usual() -> None:
    profile = AccountProfile()
    for day in range(6):
        profile.observe(seen(START - 8 * 365 * DAY + day * DAY, amount=3_000.0))
    for day in range(12):
        profile.observe(seen(START + day * DAY, amount=10.0))
    got = named(profile.observe(seen(START + 12 * DAY, amount=3_000.0)))
    assert got["amount_usual"] == pytest.approx(10.0)
    assert got["amount_to_usual"] == pytest.approx(300.0)


def test_what_is_usual_follows_recent_amounts_sooner_than_all_there_were() -> None:
    profile = AccountProfile()
    for place in range(1_000):
        profile.observe(seen(START + place * HOUR))
    for place in range(1_000, 1_100):
        got = named(profile.observe(seen(START + place * HOUR, amount=30.0)))
    assert got["amount_usual"] is not None
    assert 25.0 < got["amount_usual"] < 30.0


@given(st.lists(LABELS, max_size=60), st.integers(START, START + 90 * DAY))
def test_what_is_known_of_a_counterparty_is_that_of_its_definition(labels: list[Learned], at: int) -> None:
    account, shop = play([*labels])
    got = shop_named(shop.observe(seen(at), UNKNOWN))
    latest = sorted(labels, key=lambda label: label.at)[-32:]
    known = [label for label in latest if outcome(label).known_at <= at]
    assert got["counterparty_last_label_days"] == ((at - known[-1].at) / DAY if known else None)
    if known:
        same_time = [outcome(label).fraud for label in known if label.at == known[-1].at]
        assert got["counterparty_last_label"] in [float(fraud) for fraud in same_time]
        clean = [label for label in known if not outcome(label).fraud]
        assert got["counterparty_clean_days"] == (at // DAY - clean[-1].at // DAY if clean else None)
        run = [label for label in known if not clean or label.at > clean[-1].at]
        if not clean or all(label.at != clean[-1].at for label in known if outcome(label).fraud):
            assert got["counterparty_fraud_run"] == len(run)
            assert got["counterparty_fraud_run_days"] == (at // DAY - run[0].at // DAY if run else None)
    hours = [(-(-outcome(label).known_at // HOUR), outcome(label).fraud) for label in labels]
    newest = max((hour for hour, _ in hours), default=0)
    for days in (7, 28):
        if at // HOUR >= newest:
            inside = [fraud for hour, fraud in hours if at // HOUR - days * 24 < hour <= at // HOUR]
            assert got[f"counterparty_known_{days}d"] == len(inside)
            assert got[f"counterparty_known_frauds_{days}d"] == sum(inside)
    moments = [outcome(label).known_at for label in labels if outcome(label).fraud]
    owner = named(account.observe(seen(at)))
    for days in (14, 30):
        inside_days = [moment for moment in sorted(moments)[-32:] if at - days * DAY < moment <= at]
        assert owner[f"known_frauds_{days}d"] == len(inside_days)


@given(st.lists(OBSERVATIONS | LABELS, max_size=30), LABELS, st.integers(1, 10 * DAY))
def test_a_label_is_not_seen_before_it_is_known(steps: list[Observation | Learned], label: Learned, early: int) -> None:
    known_at = outcome(label).known_at
    before = seen(known_at - early)
    vectors = []
    for fraud in (True, False):
        account, shop = play([*steps, learned(label.at, known_at, fraud)])
        vectors.append(to_nullable(meet(account, shop, before)))
    assert vectors[0] == vectors[1]


def test_not_even_the_place_that_a_label_takes_is_seen_before_it_is_known() -> None:
    vectors = []
    for fraud in (True, False):
        account, shop = AccountProfile(), CounterpartyProfile()
        for day in range(40):
            meet(account, shop, seen(START + day * HOUR, amount=200.0 if day == 39 else 20.0))
            known_at = START + (10 if day == 39 else 2) * DAY
            shop.learn(learned(START + day * HOUR, known_at, fraud or day < 39))
        vectors.append([to_nullable(shop.observe(seen(START + days * DAY), UNKNOWN)) for days in (9, 10)])
    assert vectors[0][0] == vectors[1][0]
    assert vectors[0][1] != vectors[1][1]


def test_a_label_is_seen_from_the_moment_it_is_known() -> None:
    known_at = START + 7 * DAY
    account, shop = play([seen(amount=10.0), seen(START + HOUR, amount=22.0), learned(START + HOUR, known_at, True)])
    assert shop_named(shop.observe(seen(known_at - 1), UNKNOWN))["counterparty_last_label"] is None
    got = shop_named(shop.observe(seen(known_at), UNKNOWN))
    run = [got[f"counterparty_{name}"] for name in ("last_label", "fraud_run", "known_frauds_7d", "fraud_run_days")]
    assert run == [1, 1, 1, 7]
    assert got["counterparty_fraud_run_amount"] == 2.2
    assert got["counterparty_unlabelled"] == 1
    assert named(account.observe(seen(known_at)))["known_frauds_14d"] == 1


def test_a_fraud_that_is_high_for_its_account_tells_nothing_of_the_counterparty_but_is_counted() -> None:
    account, shop = AccountProfile(), CounterpartyProfile()
    for day, amount in enumerate((20.0, 20.0, 20.0, 200.0)):
        meet(account, shop, seen(START + day * DAY, amount=amount))
        shop.learn(learned(START + day * DAY, START + (day + 7) * DAY, day == 3))
    got = shop_named(shop.observe(seen(START + 10 * DAY), UNKNOWN))
    assert (got["counterparty_known_frauds_7d"], got["counterparty_known_7d"]) == (1, 4)
    assert (got["counterparty_last_label"], got["counterparty_fraud_run"], got["counterparty_clean_days"]) == (0, 0, 8)


def test_a_profile_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="not a profile of format"):
        AccountProfile.load(msgspec.msgpack.encode([1, 2]))


@given(st.lists(OBSERVATIONS, max_size=30))
def test_vectors_have_their_length_and_no_infinities(observations: list[Observation]) -> None:
    account, counterparty = AccountProfile(), CounterpartyProfile()
    for observation in observations:
        vector = meet(account, counterparty, observation)
        assert len(vector) == len(ACCOUNT_FEATURES) + len(COUNTERPARTY_FEATURES)
        assert not any(math.isinf(value) for value in vector)


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
        meet(account, counterparty, observation)
        label = learned(observation.at, observation.at + chance.randrange(30 * DAY), place % 3 > 0)
        account.learn(label)
        counterparty.learn(label)
    assert len(account.dump()) < 65_536
    assert len(counterparty.dump()) < 65_536


def test_amounts_without_end_do_not_outgrow_what_a_number_holds() -> None:
    account, shop = AccountProfile(), CounterpartyProfile()
    for _ in range(200):
        meet(account, shop, seen(amount=999_999_999_999.0))
    assert AccountProfile.load(account.dump()).dump() == account.dump()
    assert CounterpartyProfile.load(shop.dump()).dump() == shop.dump()


def test_a_usual_accounts_profile_takes_less_than_two_kilobytes() -> None:
    assert len(habit(60).dump()) < 2_048
