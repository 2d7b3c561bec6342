"""The model: a calibrated probability of fraud, and exactly what each feature added to it.

Boosted trees, read from a folder with ``model.txt`` (LightGBM) and ``manifest.json``. Trees have at most
eight leaves, so what a tree says depends on seven comparisons: a table of 128 rows a tree holds, for each
outcome of them, LightGBM's own exact contribution (TreeSHAP) of each feature. Scoring looks them up and adds.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from risk.assessment import Reason
from risk.errors import InvalidInput
from risk.features import FEATURE_SET, FEATURES, INDEX
from risk.profiles import Observation
from risk.windows import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    import lightgbm as lgb
    from numpy.typing import NDArray

DEFAULT = Path(__file__).parent / "models" / "default"
MODEL_FILE, MANIFEST_FILE = "model.txt", "manifest.json"
MOST_SPLITS = 7
MOST_CONTRIBUTIONS = 6
LEAST_CONTRIBUTION = 0.05
"""Log-odds below which a contribution is not worth telling."""
BATCH = 512


class ModelScore(NamedTuple):
    """Calibrated probability, its log-odds, and the features that raised it most, in log-odds, largest first."""

    probability: float
    logit: float
    contributions: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Tables:
    """What every tree compares, and what it adds for each outcome of its seven comparisons.

    ``feature``, ``threshold``, ``missing_left`` are (trees, 8), padded; ``added``
    is (trees, 128, features + 1): contributions in log-odds, and last the tree's own mean.
    """

    feature: NDArray[np.intp]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    added: NDArray[np.float64]

    def outcomes(self, vectors: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Of each vector and tree, its comparisons as bits: (vectors, trees)."""
        values = vectors[:, self.feature]
        left = np.where(np.isnan(values), self.missing_left, values <= self.threshold)
        return np.packbits(left, axis=2, bitorder="little")[:, :, 0]

    def contributions(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Exact contribution of each feature to each vector's log-odds, the mean last: (vectors, features + 1)."""
        total = np.zeros((len(vectors), self.added.shape[2]))
        for table, outcome in zip(self.added, self.outcomes(vectors).T, strict=True):
            total += table[outcome]
        return total


class Model:
    """A model that was trained on this version of the features. Scoring keeps no state."""

    def __init__(self, manifest: dict[str, Any], tables: Tables) -> None:
        self.manifest = manifest
        self.version: str = manifest["version"]
        self._tables = tables
        self._slope, self._intercept = manifest["calibration"]["slope"], manifest["calibration"]["intercept"]
        self._names = [feature.name for feature in FEATURES]

    @classmethod
    def load(cls, folder: Path) -> Model:
        """The model in ``folder``; ``InvalidInput`` when it is not whole, or made for other features."""
        import lightgbm as lgb

        try:
            manifest = json.loads((folder / MANIFEST_FILE).read_bytes())
            text = (folder / MODEL_FILE).read_bytes()
            if hashlib.sha256(text).hexdigest() != manifest["sha256"]:
                raise InvalidInput(f"{folder / MODEL_FILE} is not what its manifest names; train it anew")
            if manifest["feature_set"] != FEATURE_SET or manifest["features"] != [one.name for one in FEATURES]:
                raise InvalidInput(f"the model in {folder} was trained on other features; train it anew: risk train")
            return cls(manifest, tabulate(lgb.Booster(model_str=text.decode())))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidInput(f"there is no model to be read in {folder} ({error}); train one: risk train") from error

    def score(self, vectors: Sequence[Sequence[float]]) -> list[ModelScore]:
        """Score vectors in the order of ``FEATURES``: the contributions are those of the calibrated log-odds."""
        return [
            score
            for start in range(0, len(vectors), BATCH)
            for score in self._score(np.asarray(vectors[start : start + BATCH], np.float32).astype(np.float64))
        ]

    def _score(self, vectors: NDArray[np.float64]) -> Iterator[ModelScore]:
        added = self._tables.contributions(vectors)
        logits = added.sum(axis=1) * self._slope + self._intercept
        parts = added[:, :-1] * self._slope
        most = np.argpartition(-parts, MOST_CONTRIBUTIONS, axis=1)[:, :MOST_CONTRIBUTIONS]
        values = np.take_along_axis(parts, most, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        most, values = np.take_along_axis(most, order, axis=1), np.take_along_axis(values, order, axis=1)
        probabilities = 1.0 / (1.0 + np.exp(-logits))
        names = self._names
        for probability, logit, places, points in zip(
            probabilities.tolist(), logits.tolist(), most.tolist(), values.tolist(), strict=True
        ):
            told = tuple(
                (names[place], point)
                for place, point in zip(places, points, strict=True)
                if point >= LEAST_CONTRIBUTION
            )
            yield ModelScore(probability, logit, told)


def tabulate(booster: lgb.Booster) -> Tables:
    """The tables of ``booster``; ``InvalidInput`` when one of its trees has more than eight leaves."""
    trees = booster.dump_model()["tree_info"]
    width = booster.num_feature()
    shape = (len(trees), MOST_SPLITS + 1)
    tables = Tables(
        np.zeros(shape, np.intp), np.full(shape, -math.inf), np.zeros(shape, bool),
        np.zeros((len(trees), 1 << MOST_SPLITS, width + 1)),
    )  # fmt: skip
    for number, tree in enumerate(trees):
        splits = list(_splits(tree["tree_structure"]))
        if len(splits) > MOST_SPLITS:
            raise InvalidInput(f"tree {number} has {len(splits) + 1} leaves; at most {MOST_SPLITS + 1} are supported")
        for place, split in enumerate(splits):
            tables.feature[number, place] = split["split_feature"]
            tables.threshold[number, place] = split["threshold"]
            # Where no value was missing in training, LightGBM takes a missing one for zero.
            missing = split["default_left"] if split["missing_type"] == "NaN" else split["threshold"] >= 0.0
            tables.missing_left[number, place] = missing
        examples = _examples(splits, width)
        added = booster.predict(examples, pred_contrib=True, start_iteration=number, num_iteration=1)
        tables.added[number, tables.outcomes(examples)[:, number]] = added
    return tables


def _splits(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "split_index" in node:
        if node["decision_type"] != "<=":
            raise InvalidInput("the model compares categories; only numbers are supported")
        yield node
        yield from _splits(node["left_child"])
        yield from _splits(node["right_child"])


def _examples(splits: list[dict[str, Any]], width: int) -> NDArray[np.float64]:
    """A vector for every possible outcome of a tree's comparisons: each feature in each interval, and missing."""
    thresholds: dict[int, set[float]] = {}
    for split in splits:
        thresholds.setdefault(split["split_feature"], set()).add(split["threshold"])
    choices = [[*_between(sorted(values)), math.nan] for values in thresholds.values()]
    combinations = np.array(list(product(*choices))).reshape(-1, len(thresholds))
    examples = np.zeros((len(combinations), width))
    examples[:, list(thresholds)] = combinations
    return examples


def _between(thresholds: list[float]) -> Iterator[float]:
    # Not the thresholds themselves: LightGBM takes what is nearer to zero than 1e-35, as some of them, for zero.
    yield thresholds[0] - abs(thresholds[0]) - 1.0
    for low, high in pairwise(thresholds):
        yield low + (high - low) / 2
    yield thresholds[-1] + abs(thresholds[-1]) + 1.0


_MONEY = {
    "amount": "this account's median is {amount_median}",
    "amount_to_mean_30d": "{ratio}× this account's 30-day mean of {amount_mean_30d}",
    "amount_to_median": "{ratio}× this account's median of {amount_median}",
    "amount_to_usual": "{ratio}× this account's usual amount of {amount_usual}",
    "counterparty_amount_to_mean_30d": "{ratio}× what the counterparty saw on average over 30 days",
}
_BASELINES = {
    "amount": "amount_median",
    "amount_to_mean_30d": "amount_mean_30d",
    "amount_to_median": "amount_median",
    "amount_to_usual": "amount_usual",
}
_DAYS_COUNTED = {"count_1h": 1 / 24, "count_1d": 1.0, "count_7d": 7.0}


def reason(event: Observation, vector: Sequence[float], feature: str, contribution: float) -> Reason:
    """The reason that ``feature`` is, with its value and the account's own baseline; ``contribution`` in log-odds."""
    value = vector[INDEX[feature]]
    text, baseline = _told(event, vector, feature, value)
    return Reason(
        code=f"model_{feature}",
        text=text,
        contribution=contribution,
        feature=feature,
        value=None if math.isnan(value) else value,
        baseline=baseline,
    )


def _told(event: Observation, vector: Sequence[float], feature: str, value: float) -> tuple[str, float | None]:
    meaning, unit = _KNOWN[feature].meaning, _KNOWN[feature].unit
    if math.isnan(value):
        return f"{meaning}: not known", None
    if feature in _MONEY:

        def money(name: str) -> str:
            amount = vector[INDEX[name]]
            return "not known yet" if math.isnan(amount) else f"{amount:,.2f} {event.currency or ''}".rstrip()

        names = ("amount_mean_30d", "amount_median", "amount_usual")
        rest = _MONEY[feature].format(ratio=f"{value:.1f}", **{name: money(name) for name in names})
        base = vector[INDEX[_BASELINES[feature]]] if feature in _BASELINES else 1.0
        link = "; " if feature == "amount" else " is "
        return f"amount {money('amount')}{link}{rest}", None if math.isnan(base) else base
    days = min(30.0, vector[INDEX["history_days"]])
    month = vector[INDEX["count_30d"]]
    if feature in _DAYS_COUNTED and days >= 2 and not math.isnan(month):
        usual = month / days * _DAYS_COUNTED[feature]
        return f"{meaning}: {value:.0f}; usual for it are {usual:.1f}", usual
    if unit == "0 or 1":
        return f"{meaning}: {'yes' if value else 'no'}", None
    if unit == "s":
        return f"{meaning}: {_duration(value)}", None
    number = f"{value:.0f}" if unit == "events" else f"{value:,.2f}" if unit == "currency" else f"{value:.1f}"
    return f"{meaning}: {number}" + (f" {unit}" if unit == "d" else ""), None


def _duration(seconds: float) -> str:
    for size, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"


_KNOWN = {feature.name: feature for feature in FEATURES}
