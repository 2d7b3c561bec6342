"""Trains a model on labelled history: fitted on all mature events, evaluated on the latest part.

Each example is an event's vector at its time, so it contains nothing of the future. The reported quality is that of
a second model, fitted in the same way on what was known when the evaluation part began. Both are calibrated on
scores of held-out blocks of time.
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from risk.domain.errors import InvalidInput
from risk.features.catalog import FEATURE_SET, Catalog
from risk.features.sliding_windows import DAY
from risk.monitoring.psi import Reference
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import MANIFEST_FILE, MODEL_FILE
from streaming.engine.stages.histograms import tenths
from streaming.training.alert_curve import alert_curve
from streaming.training.examples import Examples, split
from streaming.training.lightgbm_fit import Settings, constraints_of, fit

if TYPE_CHECKING:
    import lightgbm as lgb
    from numpy.typing import NDArray

TOO_GOOD = 0.999
LEAST_KNOWN = 20
"""Minimum number of frauds, and of others, with a value for a leak check of a feature."""
FOLDS = 5
"""Blocks of time. The first is left out of calibration: at the start of a history everything is new."""
RELIABILITY_BINS = 10


class Trained(NamedTuple):
    """A trained model: its manifest, and ``model.txt``."""

    manifest: dict[str, Any]
    text: bytes


def _check_leaks(examples: Examples) -> None:
    """Refuse a feature that separates fraud perfectly on its own: it must leak the label."""
    for place, name in enumerate(examples.catalog.index):
        values = examples.vectors[:, place]
        known = ~np.isnan(values)
        fraud = examples.fraud[known]
        if min(fraud.sum(), (~fraud).sum()) < LEAST_KNOWN:
            continue
        area = _auc(fraud, values[known])
        if max(area, 1 - area) > TOO_GOOD:
            raise InvalidInput(f"{name} alone tells fraud from the rest (AUC {area:.4f}): it knows the future")


def _auc(fraud: NDArray[np.bool_], scores: NDArray[Any]) -> float:
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]  # no types

    return float(roc_auc_score(fraud, scores))


class Fitted(NamedTuple):
    """Trees, and the calibration's slope and intercept from raw scores to log-odds."""

    booster: lgb.Booster
    slope: float
    intercept: float

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Calibrated probabilities of fraud."""
        return np.asarray(1.0 / (1.0 + np.exp(-(_raw(self.booster, vectors) * self.slope + self.intercept))))

    def expecting(self, fraud_share: float | None, examples: Examples) -> Fitted:
        """The same model, recalibrated for another share of fraud than that of ``examples``."""
        if fraud_share is None:
            return self
        frauds = int(examples.fraud.sum())
        odds = fraud_share / (1 - fraud_share) * (len(examples) - frauds) / frauds
        return self._replace(intercept=self.intercept + math.log(odds))


def train(
    examples: Examples,
    settings: Settings,
    *,
    source: str,
    now: datetime,
    created_at: datetime | None = None,
    maturity: int | None = None,
    fraud_share: float | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Trained:
    """Train a model, and read it once as the engine does.

    ``maturity`` (s) is how long an event waits for its label; None takes it from the labels. ``fraud_share`` is how
    common fraud is where the model is going to judge, None if as common as in the examples. ``created_at`` is left
    out of the manifest when None, so that the same examples and settings give the same bytes. ``advance`` hears of
    each round of ``fitting_rounds``. Raises ``InvalidInput`` when the examples are too few or know the future.
    """
    parts = split(examples, now.timestamp(), maturity)
    _check_leaks(parts.whole)
    judged = parts.judged
    learnt, fitted = (
        fit_calibrated(part, settings, advance).expecting(fraud_share, part) for part in (parts.learnt, parts.whole)
    )
    probability = learnt.probabilities(judged.vectors)
    population = parts.whole.vectors if examples.population is None else examples.population
    text = fitted.booster.model_to_string().encode()
    digest = hashlib.sha256(text).hexdigest()
    manifest: dict[str, Any] = {
        "version": f"model-{digest[:12]}",
        "sha256": digest,
        "feature_set": FEATURE_SET,
        "features": list(examples.catalog.index),
        "settings": settings.as_dict(),
        "seed": settings.seed,
        "source": source,
        "period": {"fitted": _period(parts.whole), "judged": _period(judged)},
        "maturity_days": round(parts.maturity / DAY, 2),
        "gap_days": round(parts.gap / DAY, 2),
        "calibration": {"slope": fitted.slope, "intercept": fitted.intercept},
        "metrics": _metrics(judged.fraud, probability),
        "reliability": _reliability(judged.fraud, probability),
        "alert_curve": [step._asdict() for step in alert_curve(judged.at, judged.fraud, probability)],
        "reference": _reference(examples.catalog, population, fitted.probabilities(population)).model_dump(),
    }
    if fraud_share is not None:
        manifest["fraud_share_expected"] = fraud_share
    if examples.catalog.live:
        manifest["definitions"] = {one.name: one.signature for one in examples.catalog.live}
    if created_at is not None:
        manifest["created_at"] = created_at.isoformat(timespec="seconds")
    Model.read(manifest, text)
    return Trained(manifest, text)


def fitting_rounds(settings: Settings) -> int:
    """Progress steps of ``train``."""
    return 2 * FOLDS * settings.rounds


def fit_calibrated(examples: Examples, settings: Settings, advance: Callable[[int], None] = lambda _: None) -> Fitted:
    """Fit trees on ``examples``, in order of time, and calibrate on held-out blocks."""
    names, constraints = list(examples.catalog.index), constraints_of(examples.catalog)

    def grown(vectors: NDArray[np.float32], fraud: NDArray[np.bool_]) -> lgb.Booster:
        return fit(vectors, fraud, settings, names=names, constraints=constraints, advance=advance)

    booster = grown(examples.vectors, examples.fraud)
    # Blocks of time with equally many frauds, so that a burst is never on both sides.
    block = np.minimum(np.cumsum(examples.fraud) * FOLDS // max(1, int(examples.fraud.sum())), FOLDS - 1)
    logits = np.zeros(len(examples))
    for number in range(1, FOLDS):
        out = block == number
        part = grown(examples.vectors[~out], examples.fraud[~out])
        logits[out] = _raw(part, examples.vectors[out])
    later = block > 0
    return Fitted(booster, *_calibrate(logits[later], examples.fraud[later]))


def _raw(booster: lgb.Booster, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(booster.predict(vectors, raw_score=True), np.float64)


def _calibrate(logits: NDArray[np.float64], fraud: NDArray[np.bool_]) -> tuple[float, float]:
    """Platt scaling, which keeps contributions additive."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # no types

    fitted = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), fraud)
    slope, intercept = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    if slope <= 0:
        raise InvalidInput("what was learnt does not hold in other times; take a longer or more recent period")
    return slope, intercept


def _period(part: Examples) -> dict[str, Any]:
    first, last = (datetime.fromtimestamp(int(at), UTC).isoformat() for at in (part.at.min(), part.at.max()))
    return {"from": first, "to": last, "events": len(part), "frauds": int(part.fraud.sum())}


def _metrics(fraud: NDArray[np.bool_], probability: NDArray[np.float64]) -> dict[str, float]:
    from sklearn.metrics import average_precision_score, brier_score_loss

    return {
        "auc": round(_auc(fraud, probability), 4),
        "average_precision": round(float(average_precision_score(fraud, probability)), 4),
        "brier": round(float(brier_score_loss(fraud, probability)), 5),
        "mean_probability": round(float(probability.mean()), 5),
        "fraud_share": round(float(fraud.mean()), 5),
    }


def _reliability(fraud: NDArray[np.bool_], probability: NDArray[np.float64]) -> list[dict[str, float]]:
    """Ten bins of probability that hold any event: their mean, and the share of fraud in them."""
    bins = np.minimum((probability * RELIABILITY_BINS).astype(int), RELIABILITY_BINS - 1)
    return [
        {
            "from": place / RELIABILITY_BINS,
            "to": (place + 1) / RELIABILITY_BINS,
            "events": int(inside.sum()),
            "predicted": round(float(probability[inside].mean()), 5),
            "observed": round(float(fraud[inside].mean()), 5),
        }
        for place in range(RELIABILITY_BINS)
        if (inside := bins == place).any()
    ]


def _reference(catalog: Catalog, vectors: NDArray[np.float32], probability: NDArray[np.float64]) -> Reference:
    *features, score = tenths(np.vstack([vectors.T, probability.astype(np.float32)]))
    return Reference(features=dict(zip(catalog.index, features, strict=True)), score=score)


def write(trained: Trained, folder: Path) -> None:
    """Put both files of a model into ``folder``; a failure leaves there what was."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".training-") as name:
        made = Path(name)
        (made / MODEL_FILE).write_bytes(trained.text)
        (made / MANIFEST_FILE).write_text(json.dumps(trained.manifest, indent=1) + "\n")
        folder.mkdir(exist_ok=True)
        for file in (MODEL_FILE, MANIFEST_FILE):
            (made / file).replace(folder / file)
