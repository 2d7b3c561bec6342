"""What a feature added, told without LightGBM, is what LightGBM tells."""

from __future__ import annotations

import math

import numpy as np
import pytest

from risk.domain.errors import InvalidInput
from risk.features.catalog import FEATURES
from risk.scoring.manifest import DEFAULT, MODEL_FILE, shipped
from risk.scoring.tree_shap import contributions
from tests.unit.test_lightgbm_model import booster, vectors


def test_contributions_are_those_of_lightgbm() -> None:
    trees, unseen = booster(), vectors(30, seed=3).astype(np.float64)
    unseen[::5, :5] = np.nan  # missing where nothing was missing in training
    expected = trees.predict(unseen, pred_contrib=True)
    text = trees.model_to_string().encode()
    for vector, told in zip(unseen.tolist(), expected, strict=True):
        mean, added = contributions(text, [None if math.isnan(value) else value for value in vector])
        assert [*added, mean] == pytest.approx(told, abs=1e-9)


def test_mean_and_contributions_add_up_to_the_score_of_the_model_that_ships() -> None:
    import lightgbm as lgb

    text = (DEFAULT / MODEL_FILE).read_bytes()
    unseen = np.abs(vectors(20, seed=4).astype(np.float64))[:, : len(shipped()["features"])] * 40
    for vector, score in zip(
        unseen.tolist(), lgb.Booster(model_str=text.decode()).predict(unseen, raw_score=True), strict=True
    ):
        mean, added = contributions(text, vector)
        assert mean + sum(added) == pytest.approx(score, abs=1e-9)


def test_a_model_that_cannot_be_read_is_refused() -> None:
    text = (DEFAULT / MODEL_FILE).read_bytes().replace(b"leaf_count=", b"leaf_count=x ", 1)
    with pytest.raises(InvalidInput, match="cannot be read"):
        contributions(text, [0.0] * len(FEATURES))
