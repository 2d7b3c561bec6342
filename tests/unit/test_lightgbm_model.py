"""The model: what it says is what LightGBM says, contribution by contribution."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest

from risk.domain.errors import InvalidInput
from risk.features.catalog import FEATURE_SET, FEATURES, INDEX
from risk.features.profiles.observation import Observation
from risk.features.sliding_windows import DAY
from risk.rules.effects import probability
from risk.scoring.lightgbm_model import LEAST_CONTRIBUTION, TOLD_FROM, Model, reason
from risk.scoring.manifest import DEFAULT, MANIFEST_FILE, MODEL_FILE, shipped
from risk.scoring.shap_tables import check_text, tabulate
from streaming.training.event_history import Memory
from streaming.training.lightgbm_fit import Settings, fit

EVENT = Observation("payment", 1_780_000_000, "account", "shop", 400.0, "EUR", "phone", "DE")


def vectors(count: int = 3_000, seed: int = 1) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    chance = np.random.default_rng(seed)
    made = chance.normal(size=(count, len(FEATURES))).astype(np.float32)
    made[:, 5:][chance.random(made[:, 5:].shape) < 0.2] = np.nan
    return made


def booster() -> lgb.Booster:
    known = vectors()
    chance = np.random.default_rng(2).normal(size=len(known))
    return fit(known, known[:, 0] + np.nan_to_num(known[:, 7]) + chance > 1.5, Settings(rounds=30), threads=1)


def test_contributions_are_those_of_lightgbm_to_the_last_digit() -> None:
    trees, unseen = booster(), vectors(500, seed=3).astype(np.float64)
    unseen[::5, :5] = np.nan  # missing where nothing was missing in training
    expected = trees.predict(unseen, pred_contrib=True)
    assert np.abs(tabulate(trees).contributions(unseen) - expected).max() < 1e-9


def test_the_same_seed_gives_the_same_model() -> None:
    assert booster().model_to_string() == booster().model_to_string()


def test_a_tree_of_more_than_eight_leaves_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at most 8"):
        tabulate(fit(vectors(), vectors()[:, :4].sum(axis=1) > 1, Settings(rounds=2, leaves=12), threads=1))


def tuples(count: int, seed: int) -> list[tuple[float, ...]]:
    return [tuple(map(float, vector)) for vector in vectors(count, seed)]


def test_log_odds_and_reasons_are_those_of_lightgbm_calibrated() -> None:
    model, unseen = Model.load(DEFAULT), tuples(700, seed=4)
    calibration = model.manifest["calibration"]
    trees = lgb.Booster(model_file=str(DEFAULT / MODEL_FILE))
    names = model.manifest["features"]
    read = np.array(unseen)[:, [INDEX[name] for name in names]]
    expected = trees.predict(read, pred_contrib=True) * calibration["slope"]
    logits = expected.sum(axis=1) + calibration["intercept"]
    scores = model.score([EVENT] * 700, unseen)
    assert np.abs(np.array([score.logit for score in scores]) - logits).max() < 1e-9
    with_reasons = 0
    for score, added in zip(scores, expected[:, :-1], strict=True):
        with_reasons += bool(score.reasons)
        if probability(score.logit) >= TOLD_FROM:
            assert score.reasons
        for one in score.reasons:
            if one.feature is None:
                continue
            topic = FEATURES[INDEX[one.feature]].topic or one.feature
            members = [place for place, feature in enumerate(FEATURES) if (feature.topic or feature.name) == topic]
            assert one.contribution == pytest.approx(added[members].sum())
            assert one.contribution >= LEAST_CONTRIBUTION
    assert with_reasons > 50


def test_a_score_does_not_depend_on_its_batch() -> None:
    model, unseen = Model.load(DEFAULT), tuples(300, seed=5)
    together = model.score([EVENT] * 300, unseen)
    alone = [score for vector in unseen for score in model.score([EVENT], [vector])]
    assert [score.logit for score in together] == [score.logit for score in alone]
    assert [[r.feature for r in one.reasons] for one in together] == [[r.feature for r in one.reasons] for one in alone]
    expected = [probability(score.logit) for score in together]
    assert model.probabilities([EVENT] * 300, unseen) == expected
    assert model.score([], []) == []
    assert model.probabilities([], []) == []


def test_reasons_do_not_depend_on_their_batch_to_the_last_digit() -> None:
    topics, chance = Model.load(DEFAULT)._topics, np.random.default_rng(1)
    added = chance.normal(size=(60, len(shipped()["features"])))
    for size in (1, 2, 3, 7):
        parts = [topics.totals(added[start : start + size]) for start in range(0, 60, size)]
        assert np.concatenate(parts).tolist() == topics.totals(added).tolist()


def test_a_number_that_is_too_large_for_a_model_is_no_error() -> None:
    model = Model.load(DEFAULT)
    (score,) = model.score([EVENT], [(1e300,) * len(FEATURES)])
    assert math.isfinite(score.logit)


def test_the_shipped_model_is_small_and_whole() -> None:
    assert sum(file.stat().st_size for file in DEFAULT.iterdir()) < 500_000
    manifest = json.loads((DEFAULT / MANIFEST_FILE).read_text())
    assert manifest["metrics"]["auc"] > 0.9
    assert {"seed", "period", "sha256", "features", "settings"} <= set(manifest)


def test_a_model_that_is_not_what_its_manifest_says_is_refused(tmp_path: Path) -> None:
    for name in (MODEL_FILE, MANIFEST_FILE):
        (tmp_path / name).write_bytes((DEFAULT / name).read_bytes())
    assert Model.load(tmp_path).version == Model.load(DEFAULT).version
    (tmp_path / MODEL_FILE).write_bytes((DEFAULT / MODEL_FILE).read_bytes() + b"\n")
    with pytest.raises(InvalidInput, match="not what its manifest"):
        Model.load(tmp_path)
    with pytest.raises(InvalidInput, match="risk train"):
        Model.load(tmp_path / "nowhere")


DAMAGE = [
    (b"num_leaves=8", b"num_leaves=x"),
    (b"num_leaves=8", b"num_leaves=7"),
    (b"num_leaves=8", b"num_leaves=-8"),
    (b"num_cat=0", b"num_cat=3"),
    (b"left_child=1 ", b"left_child=0 "),
    (b"left_child=1 ", b"left_child=7 "),
    (b"left_child=1 ", b"left_child=9 "),
    (b"threshold=", b"treshold="),
    (b"threshold=3", b"threshold=n"),
    (b"leaf_value=-", b"leaf_value=z"),
    (b"split_feature=0 ", b"split_feature=99 "),
    (b"decision_type=10 ", b"decision_type=11 "),
    (b"Tree=7\n", b"Tree=8\n"),
    (b"num_class=1", b"num_class=2"),
    (b"max_feature_idx=%d" % (len(shipped()["features"]) - 1), b"max_feature_idx=%d" % len(shipped()["features"])),
    (b"end of trees", b"end of threes"),
    (b"tree_sizes=", b"tree_sizes=9 "),
    (b"is_linear=0", b"is_linear=1"),
]


@pytest.mark.parametrize(("before", "after"), DAMAGE)
def test_text_that_would_end_the_process_is_refused_before_lightgbm_reads_it(before: bytes, after: bytes) -> None:
    text = (DEFAULT / MODEL_FILE).read_bytes()
    check_text(text, features=len(shipped()["features"]))
    assert before in text
    damaged = text.replace(before, after, 1)
    with pytest.raises(InvalidInput, match="damaged"):
        Model.read(shipped() | {"sha256": hashlib.sha256(damaged).hexdigest()}, damaged)


@pytest.mark.parametrize("text", [b"", b"tree\n", b"no model at all", b"\xff\x00" * 100])
def test_text_that_is_no_model_is_refused(text: bytes) -> None:
    with pytest.raises(InvalidInput):
        Model.read(shipped() | {"sha256": hashlib.sha256(text).hexdigest()}, text)


@pytest.mark.parametrize("leaves", [2, 3, 8])
def test_what_training_makes_is_not_refused(leaves: int) -> None:
    known = vectors(400)
    trees = fit(known, known[:, 0] > 1, Settings(rounds=5, leaves=leaves), threads=1)
    check_text(trees.model_to_string().encode(), features=len(FEATURES))
    constant = fit(np.zeros_like(known), known[:, 0] > 1, Settings(rounds=2), threads=1)
    check_text(constant.model_to_string().encode(), features=len(FEATURES))
    assert np.allclose(
        tabulate(constant).contributions(np.zeros((1, len(FEATURES)))).sum(),
        constant.predict(np.zeros((1, len(FEATURES))), raw_score=True),
    )


def test_a_model_of_other_features_is_refused(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_bytes((DEFAULT / MODEL_FILE).read_bytes())
    manifest = json.loads((DEFAULT / MANIFEST_FILE).read_text())
    (tmp_path / MANIFEST_FILE).write_text(json.dumps(manifest | {"feature_set": 1}))
    with pytest.raises(InvalidInput, match="made for feature set 1"):
        Model.load(tmp_path)


def made(names: list[str], known: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> Model:
    """A model that was trained on features of these names, the first of which tells fraud."""
    trees = fit(known, known[:, 0] > 1, Settings(rounds=5), names=names, threads=1)
    text = trees.model_to_string().encode()
    manifest = {"sha256": hashlib.sha256(text).hexdigest(), "version": "model-made", "feature_set": FEATURE_SET}
    return Model.read(manifest | {"features": names, "calibration": {"slope": 1.0, "intercept": 0.0}}, text)


def test_a_model_reads_the_features_that_its_manifest_names() -> None:
    known = vectors(600)[:, :2]
    model = made(["device_accounts_7d", "count_1h"], known)
    low, high = [0.0] * len(FEATURES), [0.0] * len(FEATURES)
    high[INDEX["device_accounts_7d"]] = 3.0
    assert model.probabilities([], [high]) > model.probabilities([], [low])
    other = [3.0] * len(FEATURES)
    other[INDEX["device_accounts_7d"]] = 0.0
    other[INDEX["count_1h"]] = 0.0
    assert model.probabilities([], [other]) == model.probabilities([], [low])


def test_a_feature_that_there_no_longer_is_is_missing_and_never_zero() -> None:
    known = vectors(600)[:, :2]
    with pytest.raises(InvalidInput, match="events no longer have archived_one, which the model takes for 0"):
        made(["archived_one", "count_1h"], known)
    some_missing = known.copy()
    some_missing[::5, 0] = np.nan
    model = made(["archived_one", "count_1h"], some_missing)
    score = model.score([EVENT], [[0.0] * len(FEATURES)])[0]
    assert score.logit == pytest.approx(model._booster.predict([[np.nan, 0.0]], raw_score=True)[0])
    assert all(one.feature != "archived_one" for one in score.reasons)


def test_a_reason_says_the_value_and_the_accounts_own_baseline() -> None:
    vector = [math.nan] * len(FEATURES)
    told_of = {"amount": 400.0, "amount_mean_30d": 50.0, "amount_to_mean_30d": 8.0, "count_1d": 9.0, "count_30d": 60.0}
    for name, value in (told_of | {"history_days": 90.0}).items():
        vector[INDEX[name]] = value
    told = reason(EVENT, vector, "amount_to_mean_30d", 1.5)
    assert told.text == "the amount of 400.00 EUR is 8 times the account's 30-day mean of 50.00 EUR"
    assert (told.code, told.value, told.baseline) == ("model_amount_to_mean_30d", 8.0, 50.0)
    often = reason(EVENT, vector, "count_1d", 1.0)
    assert often.text == "it is the account's 10th payment within a day, against 2 in an average day"
    assert often.baseline == 2.0
    vector[INDEX["new_device"]] = 0.0
    assert reason(EVENT, vector, "new_device", 1.0).text == "device phone was used by this account before"


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("feature", [feature.name for feature in FEATURES])
def test_every_feature_can_be_a_reason(feature: str, known: bool) -> None:
    told = reason(EVENT, [1.0 if known else math.nan] * len(FEATURES), feature, 0.5)
    assert told.text
    assert "nan" not in told.text
    assert told.value == (1.0 if known else None)


def test_the_model_that_ships_calls_a_burst_of_a_stranger_risky_and_a_day_as_any_other_not() -> None:
    memory = Memory()
    usual = Observation("payment", 1_772_323_200, "a", "shop", 40.0, "EUR", "device", "DE")
    everyday = [usual._replace(at=usual.at + place * DAY // 2, amount=30.0 + place % 7 * 5) for place in range(120)]
    burst = [
        usual._replace(
            at=everyday[-1].at + 40_000 + place * 20, device_id="other", counterparty_id="elsewhere", country="US"
        )
        for place in range(20)
    ]
    seen = everyday + burst
    card = {"attributes": {"card": "card-1", "status": "approved"}}
    vectors = [memory.observe(one, one._asdict() | card) for one in seen]
    probabilities = Model.load(DEFAULT).probabilities(seen, vectors)
    assert max(probabilities[20:120]) < 0.1
    assert min(probabilities[130:]) > 0.5
