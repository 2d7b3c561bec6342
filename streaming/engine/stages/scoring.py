"""Score a batch: model scores and rule hits, combined."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

import orjson

from risk.features.catalog import FEATURES, Catalog
from risk.reason_text.definition_text import with_usual
from risk.rules.effects import probability
from risk.rules.evaluator import Mode, RuleHit
from risk.scoring.combine import judge
from risk.scoring.scorer import Score
from streaming.engine.policy import Policy
from streaming.engine.stages.batch import Batch, Item, JudgedBy, Vector, Verdict
from streaming.engine.stages.drift import DriftCounts

logger = logging.getLogger(__name__)


def judge_batch(batch: Batch, policy: Policy, drift: DriftCounts) -> None:
    """Give each event with a vector a verdict, by one policy for the whole batch.

    ``drift`` counts the champion's inputs, without history.
    """
    _reorder(batch, policy.catalog)
    challenger = None if policy.challenger is None else policy.challenger.version
    batch.judged_by = JudgedBy(policy.champion.version, policy.configuration.version, challenger)
    batch.verdicts = [None] * len(batch.items)
    places = [place for place, vector in enumerate(batch.vectors) if vector is not None]
    while _judge_in_time(batch, places, policy):
        pass  # all of it once more: a batch is judged by one set of rules
    if batch.is_history:
        return
    judged = [
        (vector, found.base_score)
        for vector, found in zip(batch.vectors, batch.verdicts, strict=True)
        if vector and found
    ]
    drift.add(policy.champion, [vector for vector, _ in judged], [score for _, score in judged])


def _judge_in_time(batch: Batch, places: Sequence[int], policy: Policy) -> bool:
    """Judge the batch; whether rules took too long for it, so that it is to be judged without them."""
    budget = policy.rules.budget
    budget.begin(len(places))
    _judge_all(batch, places, policy)
    again, overruns = budget.end()
    for overrun in overruns:
        logger.error("rule %s: %s", overrun.rule_id, overrun.reason)
    batch.overruns += overruns
    return again


def _judge_all(batch: Batch, places: Sequence[int], policy: Policy) -> None:
    try:
        _judge(batch, places, policy)
    except Exception:
        logger.exception("a batch could not be judged as one; its events are judged one by one")
        for place in places:
            _judge_alone(batch, place, policy)


def _reorder(batch: Batch, catalog: Catalog) -> None:
    """Reorder vectors for the policy, after a change of the set of definitions."""
    if batch.catalog.number == catalog.number:
        return
    own = len(FEATURES)
    batch.vectors = [
        None if vector is None else (*vector[:own], *catalog.read(vector[own:], batch.catalog))
        for vector in batch.vectors
    ]
    batch.catalog = catalog


def _judge_alone(batch: Batch, place: int, policy: Policy) -> None:
    """One event must not stop the stream: it becomes a dead letter."""
    try:
        _judge(batch, [place], policy)
    except Exception as problem:
        logger.exception("scoring refused an event")
        batch.errors[place] = f"{type(problem).__name__}: {problem}"


def _judge(batch: Batch, places: Sequence[int], policy: Policy) -> None:
    if not places:
        return
    items = [batch.items[place] for place in places]
    vectors = [vector for place in places if (vector := batch.vectors[place]) is not None]
    seen, facts = [item.observation for item in items], [item.data for item in items]
    scores = policy.champion.score(seen, vectors)
    possible = policy.screening.possible(
        facts, vectors, [math.nan if one.amount is None else one.amount for one in seen]
    )
    challenged: Sequence[float | None] = [None] * len(places)
    if policy.challenger is not None:
        challenged = policy.challenger.probabilities(seen, vectors)
    for place, item, vector, score, maybe, other in zip(
        places, items, vectors, scores, possible, challenged, strict=True
    ):
        if score.reasons and place in batch.usual:
            score = Score(score.logit, with_usual(score.reasons, batch.usual[place]))  # noqa: PLW2901
        batch.verdicts[place] = _verdict(item, vector, score, maybe, other, policy)


def _verdict(
    item: Item, vector: Vector, score: Score, possible: Sequence[int], challenged: float | None, policy: Policy
) -> Verdict:
    hits: list[RuleHit] = []
    if possible or policy.rules.unscreened:
        hits = policy.rules.evaluate(item.data, vector, item.event_id, possible)
    judged = judge(score, hits, policy.configuration.thresholds)
    live = [hit.name for hit in hits if hit.mode is Mode.LIVE]
    decided = policy.decisions.decide(judged.level, live, item.data, vector)
    return Verdict(
        judged.value,
        judged.level.rank,
        orjson.dumps(judged.reasons),
        tuple((str(hit.rule_id), hit.rule_version, hit.mode.value) for hit in hits),
        probability(score.logit),
        challenged,
        decided.action.rank,
        decided.because,
    )
