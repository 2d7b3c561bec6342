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

from risk.errors import InvalidInput
from risk.features import FEATURE_SET
from risk.model import MANIFEST_FILE, MODEL_FILE, Model
from streaming.fitting import NAMES, Settings, fit

if TYPE_CHECKING:
    import lightgbm as lgb
    from numpy.typing import NDArray

CALIBRATED_FROM, JUDGED_FROM = 0.7, 0.85
MIN_EXAMPLES, MIN_FRAUDS = 1_000, 20
TOO_GOOD = 0.999


@dataclass(frozen=True)
class Examples:
    """Vectors (examples, features), whether each was fraud, when it happened and when that became known (s)."""

    vectors: NDArray[np.float32]
    fraud: NDArray[np.bool_]
    at: NDArray[np.int64]
    known_at: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)

    def take(self, chosen: NDArray[Any]) -> Examples:
        """The ``chosen`` ones: a mask, or places."""
        return Examples(self.vectors[chosen], self.fraud[chosen], self.at[chosen], self.known_at[chosen])


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
    folder: Path,
    *,
    source: str,
    now: datetime,
    created_at: datetime | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """Train, write the model into ``folder`` and give its manifest.

    ``created_at`` is left out of the manifest when None, so that the same examples and settings give the same
    bytes. Raises ``InvalidInput`` when the examples are too few or know the future.
    """
    parts = split(examples, now)
    _check_leaks(parts.fitted)
    booster = fit(parts.fitted.vectors, parts.fitted.fraud, settings, advance=advance)
    slope, intercept = _calibrate(_raw(booster, parts.calibrated), parts.calibrated.fraud)
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
        "metrics": _metrics(booster, slope, intercept, parts.judged),
    }
    if created_at is not None:
        manifest["created_at"] = created_at.isoformat(timespec="seconds")
    _write(folder, text, manifest)
    return manifest


def _raw(booster: lgb.Booster, examples: Examples) -> NDArray[np.float64]:
    return np.asarray(booster.predict(examples.vectors, raw_score=True), np.float64)


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


def _metrics(booster: lgb.Booster, slope: float, intercept: float, judged: Examples) -> dict[str, float]:
    from sklearn.metrics import average_precision_score, brier_score_loss

    probability = 1.0 / (1.0 + np.exp(-(_raw(booster, judged) * slope + intercept)))
    return {
        "auc": round(_auc(judged.fraud, probability), 4),
        "average_precision": round(float(average_precision_score(judged.fraud, probability)), 4),
        "brier": round(float(brier_score_loss(judged.fraud, probability)), 5),
        "mean_probability": round(float(probability.mean()), 5),
        "fraud_share": round(float(judged.fraud.mean()), 5),
    }


def _write(folder: Path, text: bytes, manifest: dict[str, Any]) -> None:
    """Put both files in place at once, after reading the model as the engine will."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".training-") as name:
        made = Path(name)
        (made / MODEL_FILE).write_bytes(text)
        (made / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n")
        Model.load(made)
        folder.mkdir(exist_ok=True)
        for file in (MODEL_FILE, MANIFEST_FILE):
            (made / file).replace(folder / file)
