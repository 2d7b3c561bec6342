"""Fits a LightGBM model with fixed hyperparameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from risk.features.catalog import FEATURES, Catalog
from risk.features.directions import Direction

if TYPE_CHECKING:
    import lightgbm as lgb
    from numpy.typing import NDArray

NAMES = tuple(feature.name for feature in FEATURES)
_SIGN = {Direction.HIGHER_IS_RISKIER: 1, Direction.LOWER_IS_RISKIER: -1, Direction.NONE: 0}
CONSTRAINTS = {feature.name: _SIGN[feature.direction] for feature in FEATURES}
"""Monotone constraints: 1 never lowers risk as the feature rises, -1 never raises it, 0 is unconstrained."""
MAX_LEAVES = 8
"""Leaves at most: small trees allow tabulated exact contributions; see ``risk.scoring.lightgbm_model``."""


def constraints_of(catalog: Catalog) -> dict[str, int]:
    """``CONSTRAINTS``, and those of the features that users define, by name in the order of the vector."""
    return {name: _SIGN[feature.direction] for name, feature in catalog.features.items()}


@dataclass(frozen=True)
class Settings:
    """LightGBM's parameters. ``seed`` decides all random choices."""

    rounds: int = 200
    learning_rate: float = 0.06
    leaves: int = MAX_LEAVES
    min_leaf: int = 20
    feature_share: float = 0.5
    row_share: float = 0.8
    l2: float = 10.0
    seed: int = 7

    def as_dict(self) -> dict[str, float]:
        """By name, for a manifest."""
        return asdict(self)


def fit(
    vectors: NDArray[np.float32],
    fraud: NDArray[np.bool_],
    settings: Settings,
    *,
    names: Sequence[str] = NAMES,
    constraints: Mapping[str, int] = CONSTRAINTS,
    threads: int = 0,
    advance: Callable[[int], None] = lambda _: None,
) -> lgb.Booster:
    """Fit a booster; ``vectors`` is (events, features), NaN where missing.

    The same arguments give the same booster. ``advance`` is called each round.
    """
    import lightgbm as lgb

    parameters: dict[str, Any] = {
        "objective": "binary",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "min_data_in_leaf": settings.min_leaf,
        "feature_fraction": settings.feature_share,
        "bagging_fraction": settings.row_share,
        "bagging_freq": 1,
        "lambda_l2": settings.l2,
        "monotone_constraints": [constraints.get(name, 0) for name in names],
        "seed": settings.seed,
        "num_threads": threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    data = lgb.Dataset(vectors, fraud.astype(np.int8), feature_name=list(names))
    return lgb.train(parameters, data, settings.rounds, callbacks=[lambda _: advance(1)])
