"""The model: what it says is what LightGBM says, contribution by contribution."""

from __future__ import annotations

import json
import math
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest

from risk.errors import InvalidInput
from risk.features import FEATURES, INDEX
from risk.model import DEFAULT, LEAST_CONTRIBUTION, MANIFEST_FILE, MODEL_FILE, Model, reason, tabulate
from risk.profiles import Observation
from streaming.fitting import Settings, fit

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


def test_the_shipped_model_scores_probabilities_with_contributions_that_explain_them() -> None:
    model = Model.load(DEFAULT)
    unseen = [tuple(map(float, vector)) for vector in vectors(700, seed=4)]
    scores = model.score(unseen)
    assert len(scores) == 700
    alone = model.score(unseen[:1])[0]
    assert alone.probability == pytest.approx(scores[0].probability)
    assert [name for name, _ in alone.contributions] == [name for name, _ in scores[0].contributions]
    for score in scores:
        assert score.probability == pytest.approx(1 / (1 + math.exp(-score.logit)))
        points = [point for _, point in score.contributions]
        assert points == sorted(points, reverse=True)
        assert all(point >= LEAST_CONTRIBUTION for point in points)
    assert model.score([]) == []


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


def test_a_model_of_other_features_is_refused(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_bytes((DEFAULT / MODEL_FILE).read_bytes())
    manifest = json.loads((DEFAULT / MANIFEST_FILE).read_text())
    (tmp_path / MANIFEST_FILE).write_text(json.dumps(manifest | {"feature_set": 1}))
    with pytest.raises(InvalidInput, match="other features"):
        Model.load(tmp_path)


def test_a_reason_says_the_value_and_the_accounts_own_baseline() -> None:
    vector = [math.nan] * len(FEATURES)
    told_of = {"amount": 400.0, "amount_mean_30d": 50.0, "amount_to_mean_30d": 8.0, "count_1d": 9.0, "count_30d": 60.0}
    for name, value in (told_of | {"history_days": 90.0}).items():
        vector[INDEX[name]] = value
    told = reason(EVENT, vector, "amount_to_mean_30d", 1.5)
    assert told.text == "amount 400.00 EUR is 8.0× this account's 30-day mean of 50.00 EUR"
    assert (told.code, told.value, told.baseline) == ("model_amount_to_mean_30d", 8.0, 50.0)
    assert reason(EVENT, vector, "count_1d", 1.0).baseline == 2.0


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("feature", [feature.name for feature in FEATURES])
def test_every_feature_can_be_a_reason(feature: str, known: bool) -> None:
    told = reason(EVENT, [1.0 if known else math.nan] * len(FEATURES), feature, 0.5)
    assert told.text
    assert "nan" not in told.text
    assert told.value == (1.0 if known else None)
