"""Evidence behind an assessment: rule inputs, and contributions of features and rules."""

from __future__ import annotations

import hashlib
import math

from sqlalchemy import Connection

from functions.api.assessments.evidence_schemas import Contribution, ContributionKind, Contributions, RuleReading
from risk.domain.assessment import Assessment
from risk.domain.errors import InvalidInput
from risk.features.catalog import FEATURE_SET, Catalog, from_stored, to_nullable
from risk.rules.cel import check
from risk.rules.evaluator import Mode
from risk.scoring.manifest import DEFAULT, MODEL_FILE, columns, shipped, unfit
from risk.scoring.tree_shap import contributions
from risk.store.engine_state.rule_hits import EventHit
from risk.store.models import models
from risk.store.rules import definitions

_LEAST = 5e-4
"""Log-odds below which a part is nothing but rounding."""
_SURE = 1e-9
"""A score of 0 or 1 has no finite log-odds; this near is told instead."""


def reading(hit: EventHit, catalog: Catalog) -> RuleReading:
    """A rule hit with the values that its expression read; None if the expression can no longer be evaluated."""
    try:
        expression = check(hit.expression, None, catalog)
    except InvalidInput:
        return RuleReading(**hit.model_dump(), event_fields=[], features=[], lists=[])
    read: dict[str, list[str]] = {"event": [], "features": []}
    for prefix, _, name in sorted(name.partition(".") for name in expression.names):
        read[prefix].append(name)
    return RuleReading(
        **hit.model_dump(), event_fields=read["event"], features=read["features"], lists=sorted(expression.lists)
    )


def waterfall(connection: Connection, found: Assessment, hits: list[EventHit]) -> Contributions:
    """The score of ``found`` as contributions; ``hits`` are the rules that hit its event."""
    total = _logit(found.score)
    live = [hit for hit in hits if hit.mode is Mode.LIVE]
    judged = total if found.base_score is None else _logit(found.base_score)
    told = _of_model(connection, found)
    if told is None:
        features = [
            Contribution(
                kind=ContributionKind.FEATURE, name=reason.feature or reason.code, text=reason.text,
                value=reason.value, unit=None, points=reason.contribution,
            )
            for reason in found.reasons
            if not reason.code.startswith("rule_")
        ]  # fmt: skip
        base = judged - sum(part.points for part in features)
    else:
        base, features = told
    parts = [*features, *_of_rules(live, base + sum(part.points for part in features), total)]
    parts.sort(key=lambda part: abs(part.points), reverse=True)
    return Contributions(
        event_source=found.event_source,
        event_id=found.event_id,
        scorer=found.scorer,
        exact=told is not None,
        base=base,
        parts=[part for part in parts if abs(part.points) >= _LEAST],
        total=total,
        score=found.score,
        level=found.level,
    )


def _of_rules(live: list[EventHit], before: float, total: float) -> list[Contribution]:
    """The contribution of live rules: their points, and what the highest minimum level added."""
    parts = [_rule(hit, hit.points) for hit in live if hit.points]
    lifts = [hit for hit in live if hit.min_level is not None]
    if lifts:
        highest = max(lifts, key=lambda hit: hit.min_level.rank if hit.min_level else 0)
        parts.append(_rule(highest, total - before - sum(part.points for part in parts)))
    return parts


def _rule(hit: EventHit, points: float) -> Contribution:
    text = hit.description or f"rule {hit.name}"
    return Contribution(kind=ContributionKind.RULE, name=hit.name, text=text, value=None, unit=None, points=points)


def _of_model(connection: Connection, found: Assessment) -> tuple[float, list[Contribution]] | None:
    """The model's base value and the contribution of each feature; None where they are unknown."""
    model = models.body(connection, found.scorer)
    if model is None and found.scorer == shipped()["version"]:
        model = shipped(), (DEFAULT / MODEL_FILE).read_bytes()
    if model is None:
        return None
    manifest, text = model
    if unfit(manifest) or not manifest["feature_set"] <= found.feature_set <= FEATURE_SET:
        return None
    if hashlib.sha256(text).hexdigest() != manifest["sha256"]:
        return None
    catalog = definitions.catalogs(connection, [found.definition_set])[found.definition_set]
    vector = [*to_nullable(from_stored(found.features)), *(found.defined or ())]
    values = [vector[place] if 0 <= place < len(vector) else None for place in columns(manifest, catalog)]
    mean, added = contributions(text, values)
    slope, intercept = manifest["calibration"]["slope"], manifest["calibration"]["intercept"]
    parts = [
        Contribution(
            kind=ContributionKind.FEATURE, name=name, text=name if feature is None else feature.meaning,
            value=value, unit=None if feature is None else feature.unit, points=points * slope,
        )
        for name, value, points in zip(manifest["features"], values, added, strict=True)
        for feature in (catalog.features.get(name),)
    ]  # fmt: skip
    return mean * slope + intercept, parts


def _logit(score: float) -> float:
    within = min(max(score, _SURE), 1 - _SURE)
    return math.log(within / (1 - within))
