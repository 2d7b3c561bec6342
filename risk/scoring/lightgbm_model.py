"""The LightGBM model: a calibrated probability of fraud and each feature's exact contribution.

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
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from risk.domain.assessment import Reason
from risk.domain.errors import InvalidInput
from risk.features.catalog import BUILT_IN, FEATURES, INDEX, Catalog
from risk.features.definitions.definition import Definition
from risk.features.profiles.observation import Observation
from risk.monitoring.psi import Reference
from risk.reason_text.definition_text import tell
from risk.reason_text.event_text import Telling
from risk.reason_text.feature_text import RATIOS, told
from risk.reason_text.risk_signals import defined_signal, speaks_for_risk
from risk.rules.effects import probability
from risk.scoring.manifest import MANIFEST_FILE, MODEL_FILE, columns, unfit
from risk.scoring.scorer import Score, Vector
from risk.scoring.shap_tables import check_text, tabulate, zero_filled

if TYPE_CHECKING:
    import lightgbm as lgb
    from numpy.typing import NDArray

MOST_REASONS = 4
LEAST_CONTRIBUTION = 0.05
"""Log-odds below which a contribution is not worth telling."""
TOLD_FROM = 0.01
"""Probability from which a score is told with reasons, or less: what is among the riskiest tenth of a model's own
training has reasons, however rare fraud is there. The rest nothing raised to where anyone looks; it is most events,
and contributions and their texts are what costs."""
TOGETHER = "several departures from the ordinary, each of them small, add up"


class Model:
    """A scorer that was trained on features that its manifest names. Scoring keeps no state."""

    def __init__(self, manifest: dict[str, Any], booster: lgb.Booster, text: bytes) -> None:
        self.manifest = manifest
        self._text = text
        self.version: str = manifest["version"]
        reference = manifest.get("reference")
        self.reference = None if reference is None else Reference.model_validate(reference)
        """What live events are compared with; None for a model that was made without."""
        self._names: list[str] = manifest["features"]
        self._columns = columns(manifest)
        self._topics = _Topics(self._names, self._columns, BUILT_IN)
        self._zeros: frozenset[int] = frozenset()
        self._booster = booster
        self._tables = tabulate(booster)
        self._told_logit = _told_from(self.reference)
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
            names = manifest["features"]
            check_text(text, features=len(names))
            zeros = zero_filled(text)
            learnt = manifest.get("definitions", {})
            lost = [
                name for place, name in enumerate(names) if name not in INDEX and name not in learnt and place in zeros
            ]
            if lost:
                raise InvalidInput(
                    f"events no longer have {', '.join(lost)}, which the model takes for 0 where it is missing; "
                    "train it anew: risk train"
                )
            model = cls(manifest, lgb.Booster(model_str=text.decode()), text)
            model._zeros = frozenset(zeros)
            return model
        except (ValueError, KeyError, TypeError, lgb.basic.LightGBMError) as error:
            raise InvalidInput(f"the model cannot be read ({error}); train one: risk train") from error

    def __reduce__(self) -> tuple[Any, ...]:
        """Trees travel between processes as the text that they are stored as."""
        return type(self).read, (self.manifest, self._text)

    @classmethod
    def load(cls, folder: Path) -> Model:
        """The model in ``folder``; ``InvalidInput`` when it is not whole, or made for other features."""
        try:
            manifest = json.loads((folder / MANIFEST_FILE).read_bytes())
            text = (folder / MODEL_FILE).read_bytes()
        except (OSError, ValueError) as error:
            raise InvalidInput(f"there is no model to be read in {folder} ({error}); train one: risk train") from error
        return cls.read(manifest, text)

    def of(self, catalog: Catalog) -> Model:
        """This model, for vectors in the order of ``catalog``.

        What users defined when it was trained, and do not now, is missing; ``InvalidInput`` if it takes that for 0.
        """
        found = columns(self.manifest, catalog)
        if found == self._columns:
            return self
        lost = [name for place, name in enumerate(self._names) if found[place] < 0 and place in self._zeros]
        if lost:
            raise InvalidInput(
                f"{self.version} takes {', '.join(lost)} for 0 where it is missing, and events do not have it now; "
                "train it anew: risk train"
            )
        other = object.__new__(Model)
        other.__dict__.update(self.__dict__)
        other._columns = found
        other._topics = _Topics(self._names, found, catalog)
        return other

    def columns_of(self, names: Sequence[str]) -> list[int]:
        """Where these features, which the model names, stand in a vector; -1 for one that there is not."""
        places = dict(zip(self._names, self._columns, strict=True))
        return [places.get(name, -1) for name in names]

    def score(self, events: Sequence[Observation], vectors: Sequence[Vector]) -> list[Score]:
        """Score a batch; the riskier ones with the at most four topics that raised the log-odds most.

        A topic is told by the feature that added most of those whose value speaks for risk; ``contribution`` is what
        all its features added.
        """
        matrix = self._matrix(vectors)
        logits = self._logits(matrix)
        scores = [Score(logit, ()) for logit in logits.tolist()]
        told = np.flatnonzero(logits >= self._told_logit)
        if len(told):
            contributions = self._tables.contributions(matrix[told].astype(np.float64))
            added = contributions[:, :-1] * self._slope
            mean = float(contributions[0, -1]) * self._slope + self._intercept
            for place, each, topics in zip(
                told.tolist(), added.tolist(), self._topics.totals(added).tolist(), strict=True
            ):
                logit = scores[place].logit
                reasons = self._topics.reasons(events[place], vectors[place], each, topics)
                if not reasons and logit > mean:
                    reasons = [Reason(code="model_together", text=TOGETHER, contribution=logit - mean)]
                scores[place] = Score(logit, reasons)
        return scores

    def probabilities(self, events: Sequence[Observation], vectors: Sequence[Vector]) -> list[float]:  # noqa: ARG002
        """The probabilities of a batch, at a tenth of the cost of ``score``."""
        logits: list[float] = self._logits(self._matrix(vectors)).tolist()
        return [probability(logit) for logit in logits]

    def _matrix(self, vectors: Sequence[Vector]) -> NDArray[np.float32]:
        """What the model reads of the vectors, in its own order; NaN for a feature that there is not."""
        read = to_matrix(vectors)[:, self._columns]
        read[:, [column < 0 for column in self._columns]] = np.nan
        return read

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
    width = len(vectors[0]) if vectors else len(FEATURES)
    pack = _packer(width)
    packed = np.frombuffer(b"".join([pack(*vector) for vector in vectors]), np.float64)
    with np.errstate(over="ignore"):
        return packed.astype(np.float32).reshape(-1, width)


@cache
def _packer(width: int) -> Callable[..., bytes]:
    return struct.Struct(f"{width}d").pack


def _told_from(reference: Reference | None) -> float:
    """Log-odds from which a score has reasons."""
    edges = [] if reference is None else reference.score.edges
    least = max(min([TOLD_FROM, *edges[-1:]]), 1e-9)
    return math.log(least / (1 - least))


class _Topics:
    """The features of a model by topic: those of one topic are told as one reason."""

    def __init__(self, names: Sequence[str], places: Sequence[int], catalog: Catalog) -> None:
        topics: dict[str, list[int]] = {}
        for place, name in enumerate(names):
            if places[place] >= 0:
                topics.setdefault(catalog.features[name].topic or name, []).append(place)
        self._names, self._places = names, places
        self._own = {one.name: one for one in catalog.live}
        self._members = list(topics.values())
        self._columns = [place for members in self._members for place in members]
        self._starts = np.cumsum([0, *map(len, self._members)])[:-1]

    def totals(self, added: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each topic added, of what each feature added: (events, topics).

        Summed by event: a product of matrices rounds by how many events there are, and an event's reasons would
        depend on those that it came with.
        """
        totals: NDArray[np.float64] = np.add.reduceat(added[:, self._columns], self._starts, axis=1)
        return totals

    def reasons(self, event: Observation, vector: Vector, added: list[float], topics: list[float]) -> list[Reason]:
        """The reasons of one event, from what each feature and each topic added to its log-odds."""
        reasons: list[Reason] = []
        telling = Telling(event, vector)
        for points, topic in sorted(zip(topics, range(len(topics)), strict=True), reverse=True):
            if points < LEAST_CONTRIBUTION or len(reasons) == MOST_REASONS:
                break
            for place in sorted(self._members[topic], key=added.__getitem__, reverse=True):
                name = self._names[place]
                if added[place] <= 0:
                    break
                value, own = vector[self._places[place]], self._own.get(name)
                if own is not None:
                    if defined_signal(own, telling, value):
                        reasons.append(reason_of(own, event, value, points))
                        break
                elif speaks_for_risk(telling, name, value):
                    reasons.append(reason(event, vector, name, points))
                    break
        return reasons


_BASELINES = RATIOS | {"amount": "amount_median"}
_DAYS_COUNTED = {"count_1h": 1 / 24, "count_1d": 1.0, "count_7d": 7.0}


def reason(event: Observation, vector: Sequence[float], feature: str, contribution: float) -> Reason:
    """The reason that ``feature`` is, with its value and the account's own baseline; ``contribution`` in log-odds."""
    telling, value = Telling(event, vector), vector[INDEX[feature]]
    return Reason(
        code=f"model_{feature}",
        text=told(telling, feature, value),
        contribution=contribution,
        feature=feature,
        value=None if math.isnan(value) else value,
        baseline=None if math.isnan(value) else _baseline(telling, feature),
    )


def reason_of(definition: Definition, event: Observation, value: float, contribution: float) -> Reason:
    """The reason that a user's definition is, with its value; ``contribution`` in log-odds."""
    text = tell(definition, Telling(event, ()), value)
    return Reason(f"model_{definition.name}", text, contribution, feature=definition.name, value=value)


def _baseline(t: Telling, feature: str) -> float | None:
    if feature in _BASELINES:
        return t.value(_BASELINES[feature])
    if feature in _DAYS_COUNTED:
        return t.pace(_DAYS_COUNTED[feature])
    return 1.0 if feature == "counterparty_amount_to_mean_30d" else None
