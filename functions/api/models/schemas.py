"""Request and response schemas of models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from functions.api.http.conventions.schemas import Page
from functions.api.rules.schemas import Why
from risk.monitoring.psi import SCORE, FeatureDrift, Histogram, Reference, measure
from risk.scoring.deployment import ModelRole, ModelStage
from risk.scoring.manifest import unfit
from risk.scoring.scorer import SCORECARD_VERSION
from risk.store.models.models import ModelStageChange, ModelVersion


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelPromotion(_Input):
    """The new stage of a version, and why."""

    role: ModelRole = Field(alias="as")
    reason: Why


class ModelChangeReason(_Input):
    """Why the challenger is withdrawn, or the last change undone."""

    reason: Why


class ModelPeriod(BaseModel):
    """One part (training, calibration, test) of the history that a model was trained on."""

    model_config = ConfigDict(populate_by_name=True)

    since: datetime = Field(alias="from")
    until: datetime = Field(alias="to")
    events: int
    frauds: int


class ModelSummary(BaseModel):
    """A model version: its stage, and its quality on the last part of its history.

    ``refused`` says why it cannot score today's events, and is null when it can. Shipped models have no
    ``created_at``.
    """

    version: str
    role: ModelRole | None
    refused: str | None
    source: str | None
    created_at: datetime | None
    created_by: str
    period: dict[str, ModelPeriod]
    metrics: dict[str, float]


class ModelDetail(ModelSummary):
    """A version with its whole manifest: settings, features, calibration, reliability, drift reference."""

    manifest: dict[str, Any]


class ModelPage(Page[ModelSummary]):
    """A page of models; ``next_cursor`` asks for the next page and is null on the last."""


class ModelStagePage(Page[ModelStageChange]):
    """A page of stage changes; ``next_cursor`` asks for the next page and is null on the last."""


class ScoreDistribution(Histogram):
    """The distribution of the champion's probability: ``shares`` in training, and live counts per bin."""

    counts: list[int]


class ModelDrift(BaseModel):
    """Drift of live events from the champion's training data, largest first.

    Counted over the hours that began at ``since`` or later; empty for a scorer without a reference, such as the
    scorecard. ``bands``: stable below 0.1, watch below 0.25, shifted from there.
    """

    scorer: str
    since: datetime
    events: int
    features: list[FeatureDrift]
    score: ScoreDistribution | None


class DriftPoint(BaseModel):
    """Drift in one step of time over ``events``; with few events every index is large by chance."""

    since: datetime
    events: int
    features: list[FeatureDrift]


class ModelDriftHistory(BaseModel):
    """Drift over time: a point for each ``step_hours`` with events, oldest first."""

    scorer: str
    since: datetime
    step_hours: int
    points: list[DriftPoint]


def refused(manifest: Mapping[str, Any]) -> str | None:
    """Why the engine would refuse a version, as far as its manifest tells."""
    return None if manifest["version"] == SCORECARD_VERSION else unfit(manifest)


def summary(found: ModelVersion, stage: ModelStage) -> ModelSummary:
    """A version without its manifest."""
    manifest = found.manifest
    return ModelSummary(
        version=found.version,
        role=stage.role(found.version),
        refused=refused(manifest),
        source=manifest.get("source"),
        created_at=found.created_at,
        created_by=found.created_by,
        period=manifest.get("period", {}),
        metrics=manifest.get("metrics", {}),
    )


def detail(found: ModelVersion, stage: ModelStage) -> ModelDetail:
    """A version with its manifest."""
    return ModelDetail(**summary(found, stage).model_dump(), manifest=found.manifest)


def drift(champion: ModelVersion, counts: Mapping[str, Sequence[int]], since: datetime) -> ModelDrift:
    """The drift of the champion's events from ``counts``."""
    given = champion.manifest.get("reference")
    if given is None:
        return ModelDrift(scorer=champion.version, since=since, events=0, features=[], score=None)
    reference = Reference.model_validate(given)
    counted = list(counts.get(SCORE, [0] * len(reference.score.shares)))
    return ModelDrift(
        scorer=champion.version,
        since=since,
        events=sum(counted),
        features=sorted(measure(reference, counts), key=lambda one: one.psi, reverse=True),
        score=ScoreDistribution(**reference.score.model_dump(), counts=counted),
    )


def drift_history(
    champion: ModelVersion, counts: Mapping[datetime, Mapping[str, Sequence[int]]], since: datetime, step_hours: int
) -> ModelDriftHistory:
    """The drift over time from ``counts``."""
    given = champion.manifest.get("reference")
    points = []
    if given is not None:
        reference = Reference.model_validate(given)
        points = [
            DriftPoint(since=at, events=sum(found.get(SCORE, ())), features=measure(reference, found))
            for at, found in counts.items()
        ]
    return ModelDriftHistory(scorer=champion.version, since=since, step_hours=step_hours, points=points)
