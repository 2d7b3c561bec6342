"""What may be told as a reason for risk: never what is innocent, whatever a model makes of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.features.catalog import FEATURES, INDEX
from risk.features.directions import Direction
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.counterparty import CounterpartyProfile
from risk.features.profiles.observation import Observation
from risk.features.sliding_windows import DAY, HOUR
from risk.reason_text.event_text import Telling
from risk.reason_text.risk_signals import speaks_for_risk
from risk.scoring.lightgbm_model import TOGETHER, Model
from risk.scoring.manifest import DEFAULT
from streaming.training.lightgbm_fit import CONSTRAINTS, Settings, fit

EVENT = Observation("payment", 1_780_000_000, "account", "shop", 400.0, "EUR", "phone", "DE")
VALUES = st.sampled_from([math.nan, 0.0, 0.01, 0.3, 0.5, 0.999, 1.0, 1.4, 2.0, 3.0, 7.0, 40.0, 90.0, 1e4, 3e6])
VECTORS = st.lists(VALUES, min_size=len(FEATURES), max_size=len(FEATURES))
DIRECTED = [feature for feature in FEATURES if feature.direction is not Direction.NONE]


def vector(**values: float) -> list[float]:
    found = [math.nan] * len(FEATURES)
    for name, value in values.items():
        found[INDEX[name]] = value
    return found


@given(VECTORS)
def test_what_is_not_known_is_never_a_reason(values: list[float]) -> None:
    for feature in FEATURES:
        assert not speaks_for_risk(Telling(EVENT, values), feature.name, None)
        assert not speaks_for_risk(Telling(EVENT, values), feature.name, math.nan)


@pytest.mark.parametrize("feature", DIRECTED, ids=lambda feature: feature.name)
@given(values=VECTORS, pair=st.tuples(VALUES, VALUES))
def test_a_riskier_value_is_a_reason_wherever_a_safer_one_is(
    feature: object, values: list[float], pair: tuple[float, float]
) -> None:
    low, high = sorted(value for value in pair) if not any(map(math.isnan, pair)) else (0.0, 1.0)
    safer, riskier = (low, high) if feature.direction is Direction.HIGHER_IS_RISKIER else (high, low)  # type: ignore[attr-defined]
    name = feature.name  # type: ignore[attr-defined]
    told = []
    for value in (safer, riskier):
        seen = list(values)
        seen[INDEX[name]] = value
        told.append(speaks_for_risk(Telling(EVENT, seen), name, value))
    assert told[1] or not told[0]


PAST = {"history_events": 200.0, "history_days": 90.0, "count_30d": 60.0, "hour_share": 0.3, "gap_seconds": 9 * HOUR}
INNOCENT = [
    ("new_device", {"new_device": 0.0}),
    ("device_days", {"device_days": 80.0}),
    ("device_events", {"device_events": 150.0, "device_days": 80.0}),
    ("device_events", {"device_events": 1.0, "device_days": 30.0}),
    ("new_country", {"new_country": 0.0}),
    ("country_days", {"country_days": 80.0}),
    ("new_counterparty", {"new_counterparty": 0.0}),
    ("amount_to_usual", {"amount_to_usual": 0.03}),
    ("amount_to_usual", {"amount_to_usual": 1.0}),
    ("amount", {"amount": 400.0, "amount_to_usual": 0.03, "amount_to_median": 0.04}),
    ("hour_share", {"hour_share": 0.4}),
    ("night", {"night": 0.0}),
    ("night", {"night": 1.0, "hour_share": 0.4}),
    ("history_events", {"history_events": 2.0}),
    ("history_days", {"history_days": 0.1}),
    ("count_1h", {"count_1h": 0.0}),
    ("count_7d", {"count_7d": 14.0}),
    ("gap_seconds", {"gap_seconds": 2 * DAY}),
    ("high_amounts_7d", {"high_amounts_7d": 0.0}),
    ("device_events_30d", {"device_events_30d": 300.0}),
    ("ip_events_30d", {"ip_events_30d": 0.0}),
    ("card_events_30d", {"card_events_30d": 60.0}),
    ("account_ip_events_30d", {"account_ip_events_30d": 9.0}),
    ("account_ips_7d", {"account_ips_7d": 4.0}),
    ("known_frauds_14d", {"known_frauds_14d": 0.0}),
    ("counterparty_last_label", {"counterparty_last_label": 0.0}),
    ("counterparty_clean_days", {"counterparty_clean_days": 40.0}),
    ("counterparty_known_28d", {"counterparty_known_28d": 40.0}),
    ("counterparty_known_frauds_28d", {"counterparty_known_frauds_28d": 2.0, "counterparty_known_28d": 400.0}),
    ("counterparty_unlabelled", {"counterparty_unlabelled": 40.0}),
    ("counterparty_count_1h", {"counterparty_count_1h": 40.0, "counterparty_count_30d": 30_000.0}),
    ("amount_mean_30d", {"amount_mean_30d": 40.0}),
]


@pytest.mark.parametrize(("feature", "values"), INNOCENT)
def test_an_innocent_fact_is_no_reason(feature: str, values: dict[str, float]) -> None:
    seen = vector(**(PAST | values))
    assert not speaks_for_risk(Telling(EVENT, seen), feature, values[feature])


def test_a_device_first_used_four_seconds_ago_does_not_excuse_the_second_payment() -> None:
    account, shop = AccountProfile(), CounterpartyProfile()
    usual = Observation("payment", 1_772_323_200, "a", "shop", 40.0, "EUR", "phone", "DE")
    for day in range(60):
        account.observe(usual._replace(at=usual.at + day * DAY))
    thief = usual._replace(at=usual.at + 60 * DAY, device_id="another")
    account.observe(thief)
    second = thief._replace(at=thief.at + 4)
    of_account = account.observe(second)
    seen = of_account + shop.observe(second, of_account)
    assert seen[INDEX["new_device"]] == 0.0
    assert seen[INDEX["device_days"]] == pytest.approx(4 / DAY)
    assert seen[INDEX["device_events"]] == 1.0
    assert speaks_for_risk(Telling(second, seen), "device_days", seen[INDEX["device_days"]])


def test_whatever_a_model_learnt_its_reasons_speak_for_risk_each_topic_once() -> None:
    chance = np.random.default_rng(3)
    made = chance.choice([math.nan, 0.0, 0.02, 0.5, 1.0, 2.0, 9.0, 300.0], size=(1_000, len(FEATURES)))
    events, seen = [EVENT] * len(made), [tuple(row) for row in made.tolist()]
    told = 0
    for score, values in zip(Model.load(DEFAULT).score(events, seen), seen, strict=True):
        topics = []
        for reason in score.reasons:
            if reason.feature is None:
                assert reason.text == TOGETHER
                continue
            told += 1
            assert speaks_for_risk(Telling(EVENT, values), reason.feature, values[INDEX[reason.feature]])
            assert reason.contribution > 0
            topics.append(FEATURES[INDEX[reason.feature]].topic)
        assert len(set(topics)) == len(topics)
    assert told > 500


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(DIRECTED), st.integers(0, 2**16))
def test_a_fitted_model_never_lowers_risk_along_a_direction(feature: object, seed: int) -> None:
    name = feature.name  # type: ignore[attr-defined]
    made = _MADE.copy()
    column = INDEX[name]
    made[:, column] = np.sort(np.random.default_rng(seed).normal(size=len(made)).astype(np.float32))
    same = np.repeat(made[seed % len(made)][None], len(made), axis=0)
    same[:, column] = made[:, column]
    steps = np.diff(_BOOSTER.predict(same, raw_score=True)) * CONSTRAINTS[name]
    assert steps.min() >= -1e-9


def _made() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.random.default_rng(1).normal(size=(2_000, len(FEATURES))).astype(np.float32)


_MADE = _made()
# The labels go against every direction, so that nothing but the constraints can keep it.
_AGAINST = np.array([-CONSTRAINTS[feature.name] for feature in FEATURES])
_BOOSTER = fit(_MADE, _MADE @ _AGAINST + _MADE[:, 0] > 1, Settings(rounds=40), threads=1)


def test_every_fields_absence_is_missing_in_the_vector() -> None:
    """Stripping a field makes its features missing: neither new nor known."""
    account = AccountProfile()
    usual = Observation("payment", 1_772_323_200, "a", "shop", 40.0, "EUR", "phone", "DE")
    for day in range(30):
        account.observe(usual._replace(at=usual.at + day * DAY))
    of_field = {
        "device_id": ("new_device", "device_days", "device_events"),
        "country": ("new_country", "country_days", "country_events"),
        "counterparty_id": ("new_counterparty", "dealing_days", "dealings"),
        "amount": ("amount", "amount_to_usual", "amount_to_median", "amount_to_mean_30d"),
    }
    for field, names in of_field.items():
        copy = AccountProfile.load(account.dump())
        stripped = usual._replace(at=usual.at + 31 * DAY, **{field: None})  # type: ignore[arg-type]
        features = copy.observe(stripped)
        for name in names:
            assert math.isnan(features[INDEX[name]]), name
        others = [name for other, names in of_field.items() if other != field for name in names]
        assert not any(math.isnan(features[INDEX[name]]) for name in others)
