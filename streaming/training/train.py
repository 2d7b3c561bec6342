"""Labelled history becomes a model: fitted on the earliest part, calibrated on the next, judged on the latest.

Each example is an event's vector as it was at its time, so that nothing of the future is in it. A part learns
only from labels that were known when the part after it begins.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from risk.domain.errors import InvalidInput
from risk.features.catalog import FEATURE_SET
from risk.monitoring.psi import Reference
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import MANIFEST_FILE, MODEL_FILE
from streaming.engine.stages.histograms import tenths
from streaming.training.lightgbm_fit import NAMES, Settings, fit

if TYPE_CHECKING:
    import lightgbm as lgb
    from numpy.typing import NDArray

CALIBRATED_FROM, JUDGED_FROM = 0.7, 0.85
MIN_EXAMPLES, MIN_FRAUDS = 1_000, 20
TOO_GOOD = 0.999
RELIABILITY_BINS = 10


@dataclass(frozen=True)
class Examples:
    """Vectors (examples, features), whether each was fraud, when it happened and when that became known (s).

    ``population`` are vectors of all events of the period, where not each of them is an example: what is labelled is
    seldom a fair sample, and what is live is compared with all.
    """

    vectors: NDArray[np.float32]
    fraud: NDArray[np.bool_]
    at: NDArray[np.int64]
    known_at: NDArray[np.int64]
    population: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.at)

    def take(self, chosen: NDArray[Any]) -> Examples:
        """The ``chosen`` ones: a mask, or places."""
        return Examples(self.vectors[chosen], self.fraud[chosen], self.at[chosen], self.known_at[chosen])


class Trained(NamedTuple):
    """A model: what it says of itself, and ``model.txt``."""

    manifest: dict[str, Any]
    text: bytes


class Parts(NamedTuple):
    """One after another in time."""

    fitted: Examples
    calibrated: Examples
    judged: Examples


def split(examples: Examples, now: datetime) -> Parts:
    """The parts of ``examples``; ``InvalidInput`` when they are too few, or know the future."""
    _check_times(examples, now)
    ordered = examples.take(np.argsort(examples.at, kind="stable"))
    if len(ordered) < MIN_EXAMPLES:
        raise InvalidInput(
            f"{len(ordered)} labelled events are too few to learn from; at least {MIN_EXAMPLES:,} are needed"
        )
    middle, last = (int(ordered.at[int(len(ordered) * share)]) for share in (CALIBRATED_FROM, JUDGED_FROM))
    at, known = ordered.at, ordered.known_at
    parts = Parts(
        ordered.take((at < middle) & (known <= middle)),
        ordered.take((at >= middle) & (at < last) & (known <= last)),
        ordered.take(at >= last),
    )
    for name, part in zip(("fit", "calibrate", "judge"), parts, strict=True):
        frauds = int(part.fraud.sum())
        if min(frauds, len(part) - frauds) < MIN_FRAUDS:
            raise InvalidInput(
                f"to {name} there are {frauds} frauds among {len(part)} events whose labels are known in time; "
                f"at least {MIN_FRAUDS} of either kind are needed. Wait for more labels, or take a longer period"
            )
    return parts


def _check_times(examples: Examples, now: datetime) -> None:
    early = int((examples.known_at < examples.at).sum())
    if early:
        raise InvalidInput(f"{early} labels were known before their event happened: the times leak the future")
    latest = max(examples.at.max(initial=0), examples.known_at.max(initial=0))
    if latest > now.timestamp():
        moment = datetime.fromtimestamp(int(latest), UTC)
        raise InvalidInput(f"there are events or labels from {moment:%Y-%m-%d %H:%M}, which is in the future")


def _check_leaks(examples: Examples) -> None:
    """Refuse a feature that tells fraud by itself: nothing that was known at the time does."""
    for place, name in enumerate(NAMES):
        values = examples.vectors[:, place]
        known = ~np.isnan(values)
        fraud = examples.fraud[known]
        if min(fraud.sum(), (~fraud).sum()) < MIN_FRAUDS:
            continue
        area = _auc(fraud, values[known])
        if max(area, 1 - area) > TOO_GOOD:
            raise InvalidInput(f"{name} alone tells fraud from the rest (AUC {area:.4f}): it knows the future")


def _auc(fraud: NDArray[np.bool_], scores: NDArray[Any]) -> float:
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]  # no types

    return float(roc_auc_score(fraud, scores))


def train(
    examples: Examples,
    settings: Settings,
    *,
    source: str,
    now: datetime,
    created_at: datetime | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Trained:
    """A model made of the examples, read once as the engine will.

    ``created_at`` is left out of the manifest when None, so that the same examples and settings give the same
    bytes. Raises ``InvalidInput`` when the examples are too few or know the future.
    """
    parts = split(examples, now)
    _check_leaks(parts.fitted)
    booster = fit(parts.fitted.vectors, parts.fitted.fraud, settings, advance=advance)
    slope, intercept = _calibrate(_raw(booster, parts.calibrated.vectors), parts.calibrated.fraud)

    def probabilities(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.asarray(1.0 / (1.0 + np.exp(-(_raw(booster, vectors) * slope + intercept))))

    judged, population = parts.judged, examples.vectors if examples.population is None else examples.population
    text = booster.model_to_string().encode()
    digest = hashlib.sha256(text).hexdigest()
    manifest: dict[str, Any] = {
        "version": f"model-{digest[:12]}",
        "sha256": digest,
        "feature_set": FEATURE_SET,
        "features": list(NAMES),
        "settings": settings.as_dict(),
        "seed": settings.seed,
        "source": source,
        "period": {name: _period(part) for name, part in parts._asdict().items()},
        "calibration": {"slope": slope, "intercept": intercept},
        "metrics": _metrics(judged.fraud, probabilities(judged.vectors)),
        "reliability": _reliability(judged.fraud, probabilities(judged.vectors)),
        "reference": _reference(population, probabilities(population)).model_dump(),
    }
    if created_at is not None:
        manifest["created_at"] = created_at.isoformat(timespec="seconds")
    Model.read(manifest, text)
    return Trained(manifest, text)


def _raw(booster: lgb.Booster, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(booster.predict(vectors, raw_score=True), np.float64)


def _calibrate(logits: NDArray[np.float64], fraud: NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's slope and intercept: with them contributions still add up."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # no types

    fitted = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), fraud)
    slope, intercept = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    if slope <= 0:
        raise InvalidInput("what was learnt does not hold in the time after it; take a longer or more recent period")
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


def _reference(vectors: NDArray[np.float32], probability: NDArray[np.float64]) -> Reference:
    *features, score = tenths(np.vstack([vectors.T, probability.astype(np.float32)]))
    return Reference(features=dict(zip(NAMES, features, strict=True)), score=score)


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
