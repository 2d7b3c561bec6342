"""The model: a calibrated probability of fraud, and exactly what each feature added to it.

Boosted trees, read from a folder with ``model.txt`` (LightGBM) and ``manifest.json``. LightGBM itself says how
likely each event is. Its own contributions (TreeSHAP) are fifty times slower, so they are looked up: trees have
at most eight leaves, what a tree says depends on seven comparisons, and a table of 128 rows a tree holds, for each
outcome of them, LightGBM's exact contribution of each feature.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from risk.assessment import Reason
from risk.drift import Reference
from risk.errors import InvalidInput
from risk.features import FEATURES, INDEX
from risk.manifest import MANIFEST_FILE, MODEL_FILE, unfit
from risk.profiles import Observation
from risk.scorer import Score, Vector
from risk.scoring import probability
from risk.windows import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    import lightgbm as lgb
    from numpy.typing import NDArray

MOST_SPLITS = 7
MOST_REASONS = 4
LEAST_CONTRIBUTION = 0.05
"""Log-odds below which a contribution is not worth telling."""
TOLD_FROM = 0.01
"""Probability from which a score is told with reasons. What is below it nothing raised to where anyone looks; it is
most events, and contributions and their texts are what costs."""
IN_CACHE = 32
"""Vectors whose contributions are added up at once: what they look up, 34 KB each, stays near."""
_TOLD_LOGIT = math.log(TOLD_FROM / (1 - TOLD_FROM))
_PACK = struct.Struct(f"{len(FEATURES)}d").pack


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
        trees, rows, width = self.added.shape
        places = self.outcomes(vectors) + np.arange(0, trees * rows, rows)
        flat = self.added.reshape(-1, width)
        parts = (places[start : start + IN_CACHE] for start in range(0, len(vectors), IN_CACHE))
        sums = [np.einsum("vtf->vf", flat.take(part, axis=0)) for part in parts]
        return np.concatenate(sums) if sums else np.zeros((0, width))


class Model:
    """A scorer that was trained on this version of the features. Scoring keeps no state."""

    def __init__(self, manifest: dict[str, Any], booster: lgb.Booster) -> None:
        self.manifest = manifest
        self.version: str = manifest["version"]
        reference = manifest.get("reference")
        self.reference = None if reference is None else Reference.model_validate(reference)
        """What live events are compared with; None for a model that was made without."""
        self._booster = booster
        self._tables = tabulate(booster)
        self._slope, self._intercept = manifest["calibration"]["slope"], manifest["calibration"]["intercept"]

    @classmethod
    def read(cls, manifest: dict[str, Any], text: bytes) -> Model:
        """The model that ``text`` (``model.txt``) is; ``InvalidInput`` unless whole, and made for these features."""
        import lightgbm as lgb

        try:
            if hashlib.sha256(text).hexdigest() != manifest["sha256"]:
                raise InvalidInput(f"{MODEL_FILE} is not what its manifest names; train it anew: risk train")
            if why := unfit(manifest):
                raise InvalidInput(f"the model cannot score today's events: {why}; train it anew: risk train")
            return cls(manifest, lgb.Booster(model_str=text.decode()))
        except (ValueError, KeyError, TypeError, lgb.basic.LightGBMError) as error:
            raise InvalidInput(f"the model cannot be read ({error}); train one: risk train") from error

    @classmethod
    def load(cls, folder: Path) -> Model:
        """The model in ``folder``; ``InvalidInput`` when it is not whole, or made for other features."""
        try:
            manifest = json.loads((folder / MANIFEST_FILE).read_bytes())
            text = (folder / MODEL_FILE).read_bytes()
        except (OSError, ValueError) as error:
            raise InvalidInput(f"there is no model to be read in {folder} ({error}); train one: risk train") from error
        return cls.read(manifest, text)

    def score(self, events: Sequence[Observation], vectors: Sequence[Vector]) -> list[Score]:
        """Score a batch; from ``TOLD_FROM`` on with the at most four features that raised the log-odds most."""
        matrix = to_matrix(vectors)
        logits = self._logits(matrix)
        scores = [Score(logit, ()) for logit in logits.tolist()]
        told = np.flatnonzero(logits >= _TOLD_LOGIT)
        if len(told):
            added = self._tables.contributions(matrix[told].astype(np.float64))[:, :-1] * self._slope
            most = np.argpartition(-added, MOST_REASONS, axis=1)[:, :MOST_REASONS]
            points = np.take_along_axis(added, most, axis=1)
            for place, features, raised in zip(told.tolist(), most.tolist(), points.tolist(), strict=True):
                ranked = sorted(zip(raised, features, strict=True), reverse=True)
                reasons = [
                    reason(events[place], vectors[place], FEATURES[feature].name, by)
                    for by, feature in ranked
                    if by >= LEAST_CONTRIBUTION
                ]
                scores[place] = Score(scores[place].logit, reasons)
        return scores

    def probabilities(self, events: Sequence[Observation], vectors: Sequence[Vector]) -> list[float]:  # noqa: ARG002
        """The probabilities of a batch, at a tenth of the cost of ``score``."""
        logits: list[float] = self._logits(to_matrix(vectors)).tolist()
        return [probability(logit) for logit in logits]

    def _logits(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Calibrated log-odds. One thread: the engine's other work has the other cores."""
        if not len(matrix):
            return np.zeros(0)
        raw = np.asarray(self._booster.predict(matrix, raw_score=True, num_threads=1), np.float64)
        raw *= self._slope
        raw += self._intercept
        return raw


def to_matrix(vectors: Sequence[Vector]) -> NDArray[np.float32]:
    """The vectors, (vectors, features), in the precision that models are trained in."""
    # Packing is the fastest way from tuples to an array that Python has.
    packed = np.frombuffer(b"".join([_PACK(*vector) for vector in vectors]), np.float64)
    with np.errstate(over="ignore"):
        return packed.astype(np.float32).reshape(-1, len(FEATURES))


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
    "amount_to_usual_30d": "{ratio}× this account's usual amount of {amount_usual_30d}",
    "counterparty_amount_to_mean_30d": "{ratio}× what the counterparty saw on average over 30 days",
}
_BASELINES = {
    "amount": "amount_median",
    "amount_to_mean_30d": "amount_mean_30d",
    "amount_to_median": "amount_median",
    "amount_to_usual_30d": "amount_usual_30d",
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

        names = ("amount_mean_30d", "amount_median", "amount_usual_30d")
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
