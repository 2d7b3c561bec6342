"""The simulator: the same seed gives the same lives, with fraud that stands out from them."""

from __future__ import annotations

import tracemalloc
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from statistics import median
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.domain.events import Event, Label, parse_record, to_json
from streaming.simulator import FraudKind, Outcome, simulate, simulate_with_truth

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def run(seed: int = 1, *, rate: float = 5, seconds: float = 1200, fraud_rate: float = 0.04) -> list[Outcome]:
    return list(simulate_with_truth(seed, START, rate, fraud_rate, label_delay=MINUTE, seconds=seconds))


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return run()


def events(outcomes: list[Outcome]) -> list[tuple[Event, str | None]]:
    return [(record, fraud) for record, fraud in outcomes if isinstance(record, Event)]


def labels(outcomes: list[Outcome]) -> list[tuple[Label, str | None]]:
    return [(record, fraud) for record, fraud in outcomes if isinstance(record, Label)]


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = (b"\n".join(to_json(outcome.record) for outcome in run(3, seconds=200)) for _ in range(2))
    assert first == second


def test_what_is_consumed_first_does_not_depend_on_how_long_the_run_is(outcomes: list[Outcome]) -> None:
    endless = simulate(1, START, 5, label_delay=MINUTE)
    assert list(islice(endless, 1000)) == [outcome.record for outcome in outcomes[:1000]]


def test_another_seed_has_other_accounts() -> None:
    one, other = ({event.account_id for event, _ in events(run(seed, seconds=60))} for seed in (1, 2))
    assert {account for account in one & other if not account.startswith("service-")} == set()


def test_another_start_has_the_same_accounts_and_no_id_twice() -> None:
    runs = [
        [record for record in simulate(1, start, 5, seconds=200) if isinstance(record, Event)]
        for start in (START, START + MINUTE)
    ]
    ids = [{event.event_id for event in one} for one in runs]
    assert ids[0].isdisjoint(ids[1])
    accounts = [{event.account_id for event in one} for one in runs]
    assert len(accounts[0] & accounts[1]) > 0.5 * len(accounts[0])


def test_events_are_exactly_as_far_apart_as_the_rate_says(outcomes: list[Outcome]) -> None:
    times = [event.occurred_at for event, _ in events(outcomes)]
    assert times[0] == START
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(milliseconds=200)}
    assert len(times) == 5 * 1200


def test_records_come_in_the_order_of_their_times(outcomes: list[Outcome]) -> None:
    times = [
        record.occurred_at if isinstance(record, Event) else record.known_at for record in (o.record for o in outcomes)
    ]
    assert times == sorted(times)


def test_every_record_is_one_that_the_stream_takes(outcomes: list[Outcome]) -> None:
    now = START + timedelta(hours=1)
    for record, _ in outcomes:
        assert parse_record(to_json(record), now) == record


def test_ids_are_unique(outcomes: list[Outcome]) -> None:
    counted = Counter(event.event_id for event, _ in events(outcomes))
    assert max(counted.values()) == 1


def test_all_types_of_event_occur_and_payments_most(outcomes: list[Outcome]) -> None:
    counted = Counter(event.event_type for event, _ in events(outcomes))
    assert set(counted) == {"payment", "login", "trade", "metric"}
    assert counted["payment"] > 0.6 * counted.total()


def test_all_kinds_of_fraud_occur_in_the_share_asked_for(outcomes: list[Outcome]) -> None:
    counted = Counter(fraud for _, fraud in events(outcomes) if fraud)
    assert set(counted) == set(FraudKind)
    assert counted.total() / len(events(outcomes)) == pytest.approx(0.04, abs=0.01)


def test_no_fraud_without_a_fraud_rate() -> None:
    assert not any(fraud for _, fraud in run(fraud_rate=0, seconds=300))


def test_a_person_watching_five_a_second_sees_two_kinds_of_fraud_within_two_minutes() -> None:
    for seed in range(5):
        assert len({fraud for _, fraud in events(run(seed, seconds=120)) if fraud}) >= 2


def test_no_account_is_defrauded_before_it_has_a_history(outcomes: list[Outcome]) -> None:
    seen: Counter[str] = Counter()
    for event, fraud in events(outcomes):
        if fraud and fraud is not FraudKind.DEVICE_FARM:  # its accounts are opened for it
            assert seen[event.account_id] >= 3
        seen[event.account_id] += 1


def test_labels_follow_their_events_and_tell_the_truth(outcomes: list[Outcome]) -> None:
    truth = {event.event_id: (event.occurred_at, fraud) for event, fraud in events(outcomes)}
    known = labels(outcomes)
    for label, _ in known:
        occurred_at, fraud = truth[label.event_id]
        assert label.known_at > occurred_at
        assert label.fraud is (fraud is not None)
    delays = [(label.known_at - truth[label.event_id][0]).total_seconds() for label, _ in known]
    assert 45 < median(delays) < 75


def test_every_kind_of_fraud_gets_labelled(outcomes: list[Outcome]) -> None:
    assert {fraud for label, fraud in labels(outcomes) if label.fraud} == set(FraudKind)
    assert any(not label.fraud for label, _ in labels(outcomes))


def test_customers_keep_to_their_devices_countries_and_currency(outcomes: list[Outcome]) -> None:
    devices: dict[str, Counter[str]] = defaultdict(Counter)
    countries: dict[str, Counter[str]] = defaultdict(Counter)
    currencies: dict[str, set[str]] = defaultdict(set)
    for event, fraud in events(outcomes):
        if event.currency:
            currencies[event.account_id].add(event.currency)
        if fraud is None and event.device_id:
            devices[event.account_id][event.device_id] += 1
        if fraud is None and event.country:
            countries[event.account_id][event.country] += 1
    assert all(len(used) == 1 for used in currencies.values())
    assert median(len(used) for used in devices.values()) <= 3
    assert all(len(used) <= 6 for used in devices.values())
    home = sum(used.most_common(1)[0][1] for used in countries.values())
    assert home > 0.95 * sum(used.total() for used in countries.values())


def test_customers_return_to_the_counterparties_they_prefer(outcomes: list[Outcome]) -> None:
    paid: dict[str, Counter[str]] = defaultdict(Counter)
    for event, fraud in events(outcomes):
        if fraud is None and event.event_type == "payment" and event.counterparty_id:
            paid[event.account_id][event.counterparty_id] += 1
    usual = sum(number for used in paid.values() for _, number in used.most_common(7))
    assert usual > 0.9 * sum(used.total() for used in paid.values())


def test_customers_are_more_active_in_their_day_than_in_their_night() -> None:
    day = simulate(1, START, 0.5, 0, seconds=86_400, customers=60)
    hours = Counter(event.occurred_at.hour for event in day if isinstance(event, Event) and event.country == "JP")
    # Tokyo is nine hours ahead: its afternoon is UTC's morning, its small hours are UTC's evening.
    assert sum(hours[hour] for hour in (3, 4, 5, 6, 7)) > 5 * sum(hours[hour] for hour in (16, 17, 18, 19, 20))


def of_kind(outcomes: list[Outcome], kind: FraudKind) -> list[Event]:
    return [event for event, fraud in events(outcomes) if fraud is kind]


def usual_devices(outcomes: list[Outcome]) -> set[str]:
    return {event.device_id for event, fraud in events(outcomes) if fraud is None and event.device_id}


def typical(outcomes: list[Outcome]) -> dict[str, float]:
    amounts: dict[str, list[float]] = defaultdict(list)
    for event, fraud in events(outcomes):
        if fraud is None and event.amount is not None and event.event_type == "payment":
            amounts[event.account_id].append(float(event.amount))
    return {account: median(values) for account, values in amounts.items()}


def test_card_testing_is_many_tiny_amounts_and_then_a_big_one(outcomes: list[Outcome]) -> None:
    usual = typical(outcomes)
    ratios = [float(e.amount or 0) / usual[e.account_id] for e in of_kind(outcomes, FraudKind.CARD_TESTING)]
    tiny, big = sum(ratio < 0.3 for ratio in ratios), sum(ratio > 4 for ratio in ratios)
    assert big >= 2
    assert tiny >= 5 * big


def test_a_takeover_logs_in_from_a_new_device_and_country_before_it_pays(outcomes: list[Outcome]) -> None:
    taken: dict[tuple[str, str | None], list[Event]] = defaultdict(list)
    for event in of_kind(outcomes, FraudKind.ACCOUNT_TAKEOVER):
        if event.device_id is None:
            continue
        taken[event.account_id, event.device_id].append(event)
    complete = [episode for episode in taken.values() if len(episode) >= 3 and episode[0].event_type == "login"]
    assert complete
    usual = usual_devices(outcomes)
    for episode in complete:
        assert episode[0].event_type == "login"
        assert episode[0].device_id not in usual
        assert any(event.event_type == "payment" for event in episode)


def test_a_compromised_counterparty_is_where_the_victims_paid_before(outcomes: list[Outcome]) -> None:
    by_fraudster: dict[str | None, list[Event]] = defaultdict(list)
    for event in of_kind(outcomes, FraudKind.COMPROMISED_COUNTERPARTY):
        if event.device_id is not None:
            by_fraudster[event.device_id].append(event)
    several = [episode for episode in by_fraudster.values() if len({event.account_id for event in episode}) >= 2]
    assert several
    for episode in several:
        victims = {event.account_id for event in episode}
        payers: dict[str | None, set[str]] = defaultdict(set)
        for event, fraud in events(outcomes):
            if event.occurred_at < episode[0].occurred_at and fraud is None and event.event_type == "payment":
                payers[event.counterparty_id].add(event.account_id)
        assert any(victims <= accounts for accounts in payers.values())


def test_large_amounts_come_in_a_burst_from_the_customer_s_own_device(outcomes: list[Outcome]) -> None:
    usual = typical(outcomes)
    large = of_kind(outcomes, FraudKind.LARGE_AMOUNTS)
    assert all(float(event.amount or 0) > 3 * usual[event.account_id] for event in large)


def test_rapid_spending_is_many_ordinary_amounts_within_minutes(outcomes: list[Outcome]) -> None:
    usual = typical(outcomes)
    sprees: dict[str, list[Event]] = defaultdict(list)
    for event in of_kind(outcomes, FraudKind.RAPID_SPENDING):
        assert float(event.amount or 0) < 4 * usual[event.account_id]
        sprees[event.account_id].append(event)
    assert any(len(spree) >= 8 for spree in sprees.values())


def test_memory_does_not_grow_once_every_customer_had_a_turn() -> None:
    endless = simulate(1, START, 50, label_delay=MINUTE, customers=300)
    for _ in islice(endless, 15_000):
        pass
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for _ in islice(endless, 15_000):
        pass
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 2_000_000


def test_nobody_acts_more_often_in_an_hour_than_a_person_does() -> None:
    acted = Counter(
        record.account_id
        for record, fraud in run(seconds=3600)
        if isinstance(record, Event) and fraud is None and record.event_type == "payment"
    )
    assert sum(number <= 6 for number in acted.values()) > 0.9 * len(acted)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(),
    rate=st.floats(0.001, 100_000),
    fraud_rate=st.floats(0, 0.5),
    customers=st.integers(1, 60),
    start=st.datetimes(datetime(2001, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_any_run_gives_valid_records_with_unique_ids(
    seed: int, rate: float, fraud_rate: float, customers: int, start: datetime
) -> None:
    ids: set[UUID] = set()
    records = simulate(seed, start, rate, fraud_rate, seconds=300 / rate, customers=customers)
    for record in records:
        assert parse_record(to_json(record), datetime(2100, 1, 1, tzinfo=UTC)) == record
        if isinstance(record, Event):
            assert record.event_id not in ids
            ids.add(record.event_id)
    assert len(ids) == 300


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rate": 0}, "rate"),
        ({"fraud_rate": 0.7}, "fraud rate"),
        ({"start": datetime(2026, 1, 1)}, "time zone"),  # noqa: DTZ001
        ({"label_delay": -MINUTE}, "label delay"),
        ({"customers": 0}, "customers"),
    ],
)
def test_impossible_arguments_are_refused_by_name(options: dict[str, object], said: str) -> None:
    arguments: dict[str, object] = {"seed": 1, "start": START, "rate": 5, **options}
    with pytest.raises(ValueError, match=said):
        simulate(**arguments)  # type: ignore[arg-type]  # wrong on purpose
