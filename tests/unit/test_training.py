"""Training: in the order of time, by what was known, and refused when it would not be honest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label
from risk.features.catalog import FEATURES, INDEX
from risk.features.sliding_windows import DAY
from risk.monitoring.psi import Reference
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import MANIFEST_FILE
from streaming.simulator import simulate
from streaming.training.alert_curve import alert_curve, levels_by_budget, levels_by_cost
from streaming.training.examples import MIN_FRAUDS, NEVER, Examples, split
from streaming.training.labelled_examples import from_records
from streaming.training.lightgbm_fit import Settings
from streaming.training.train import fitting_rounds, train, write

NOW = datetime(2026, 6, 1, tzinfo=UTC)
START = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
QUICK = Settings(rounds=10)


def examples(count: int = 6_000, delay_days: float = 3.0, days: int = 30) -> Examples:
    """A month in which only frauds are ever labelled, each of them after its own delay."""
    chance = np.random.default_rng(1)
    made = chance.normal(size=(count, len(FEATURES))).astype(np.float32)
    fraud = made[:, INDEX["amount_to_usual"]] + chance.normal(size=count) > 2.2
    at = START + np.arange(count, dtype=np.int64) * (days * DAY // count)
    known_at = np.where(fraud, at + (chance.exponential(delay_days * DAY, count)).astype(np.int64), NEVER)
    seen = known_at <= at[-1]
    return Examples(made, fraud & seen, at, np.where(seen, known_at, NEVER))


def test_a_month_of_events_and_frauds_alone_is_enough() -> None:
    trained = train(examples(), QUICK, source="test", now=NOW).manifest
    assert trained["metrics"]["auc"] > 0.75
    assert trained["period"]["fitted"]["frauds"] >= MIN_FRAUDS


@pytest.mark.parametrize("delay_days", [0.02, 1.0, 3.0, 8.0])
def test_a_month_is_split_at_every_realistic_delay(delay_days: float) -> None:
    data = examples(delay_days=delay_days)
    parts = split(data, NOW.timestamp())
    start = parts.judged.at.min()
    assert parts.learnt.at.max() < start - parts.gap + 1
    assert parts.learnt.known_at[parts.learnt.fraud].max() <= start
    assert parts.whole.at.max() <= data.end - parts.maturity
    assert parts.judged.fraud.sum() >= 10


def test_what_was_not_reported_yet_is_not_judged_as_clean() -> None:
    data = examples(delay_days=5.0)
    judged = split(data, NOW.timestamp()).judged
    truth = (data.vectors[:, INDEX["amount_to_usual"]] > 1.8).mean()
    assert judged.fraud.mean() > 0.5 * data.fraud[data.at < START + 15 * DAY].mean()
    assert judged.fraud.mean() > 0.5 * truth


def test_a_fraud_that_became_known_late_is_clean_to_those_who_could_not_know() -> None:
    data = examples()
    late = replace(data, known_at=np.where(data.fraud, data.at + 20 * DAY, NEVER))
    halfway = START + 15 * DAY
    known = late.as_known(halfway, 2 * DAY)
    assert known.fraud.sum() == 0
    assert len(known) == (data.at <= halfway - 2 * DAY).sum()


def test_a_file_that_ends_now_can_be_learnt_from() -> None:
    data = examples()
    assert train(data, QUICK, source="test", now=datetime.fromtimestamp(data.end, UTC)).manifest["metrics"]["auc"] > 0.7


def test_the_order_of_the_examples_does_not_matter() -> None:
    data = examples()
    mixed = data.take(np.random.default_rng(3).permutation(len(data)))
    assert train(data, QUICK, source="test", now=NOW) == train(mixed, QUICK, source="test", now=NOW)


def test_a_model_for_where_fraud_is_commoner_ranks_alike_and_says_more() -> None:
    data = examples()
    usual, raised = (train(data, QUICK, source="test", now=NOW, fraud_share=share).manifest for share in (None, 0.3))
    assert raised["metrics"]["auc"] == usual["metrics"]["auc"]
    assert raised["metrics"]["mean_probability"] > 2 * usual["metrics"]["mean_probability"]
    assert raised["fraud_share_expected"] == 0.3
    assert "fraud_share_expected" not in usual


def test_a_manifest_says_what_was_done(tmp_path: Path) -> None:
    advanced: list[int] = []
    trained = train(examples(), QUICK, source="test", now=NOW, created_at=NOW, advance=advanced.append)
    manifest = trained.manifest
    write(trained, tmp_path / "model")
    assert json.loads((tmp_path / "model" / MANIFEST_FILE).read_text()) == manifest
    assert manifest["features"] == [feature.name for feature in FEATURES]
    assert manifest["period"]["fitted"]["events"] > manifest["period"]["judged"]["events"] > 400
    assert manifest["metrics"]["mean_probability"] == pytest.approx(manifest["metrics"]["fraud_share"], abs=0.02)
    assert [step["recall"] for step in manifest["alert_curve"]] == sorted(
        step["recall"] for step in manifest["alert_curve"]
    )
    assert sum(advanced) == fitting_rounds(QUICK)
    assert Model.load(tmp_path / "model").version == manifest["version"]


def test_a_manifest_says_what_live_events_are_to_be_compared_with_and_how_reliable_it_was() -> None:
    data = examples()
    everyone = data.vectors + np.float32(100.0)
    alone = train(data, QUICK, source="test", now=NOW).manifest
    beside = train(replace(data, population=everyone), QUICK, source="test", now=NOW).manifest
    assert alone["version"] == beside["version"]
    reference = Reference.model_validate(alone["reference"])
    assert list(reference.features) == [feature.name for feature in FEATURES]
    assert max(reference.score.edges) < 1
    assert min(beside["reference"]["features"]["amount"]["edges"]) > 90
    told = alone["reliability"]
    assert sum(one["events"] for one in told) == alone["period"]["judged"]["events"]
    assert all(one["from"] <= one["predicted"] <= one["to"] for one in told)


def refused(data: Examples, maturity: int | None = None) -> str:
    with pytest.raises(InvalidInput) as error:
        train(data, QUICK, source="test", now=NOW, maturity=maturity)
    return error.value.detail


def test_what_is_too_thin_is_said_with_what_would_help() -> None:
    data = examples()
    few = replace(data, fraud=data.fraud & (np.cumsum(data.fraud) <= 20))
    assert "more days would be enough" in refused(few)
    assert "send labels" in refused(replace(data, fraud=np.zeros(len(data), bool), known_at=np.full(len(data), NEVER)))
    assert "a shorter --maturity-days" in refused(data, maturity=29 * DAY)


def test_a_label_known_before_its_event_is_refused() -> None:
    data = examples()
    assert "before their event" in refused(replace(data, known_at=np.where(data.fraud, data.at - 1, NEVER)))


def test_data_from_the_future_is_refused() -> None:
    data = examples()
    assert "future" in refused(replace(data, at=data.at + 365 * DAY, known_at=np.full(len(data), NEVER)))


def test_a_feature_that_knows_the_future_is_refused_by_name() -> None:
    data = examples()
    data.vectors[:, INDEX["gap_seconds"]] = data.fraud
    assert "gap_seconds alone" in refused(data)


def test_logins_that_nobody_can_report_are_not_learnt_as_clean_and_of_two_labels_the_last_counts() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    records = list(simulate(3, start, 5.0, label_delay=timedelta(minutes=1), seconds=400))
    events = {record.event_id: record for record in records if isinstance(record, Event)}
    payments = [
        record
        for record in records
        if isinstance(record, Event) or (record.fraud and events[record.event_id].event_type == "payment")
    ]
    found = from_records(payments)
    kinds = [event for event in events.values() if event.event_type == "payment"]
    frauds = [record for record in payments if isinstance(record, Label)]
    assert len(found) == len(kinds)
    assert found.population is not None
    assert len(found.population) == len(events)
    assert found.fraud.sum() == len(frauds) > 5
    corrected = frauds[0].model_copy(update={"fraud": False, "known_at": frauds[0].known_at + timedelta(days=1)})
    assert from_records([corrected, *payments]).fraud.sum() == len(frauds) - 1


def test_levels_follow_from_an_alert_budget_or_from_costs() -> None:
    chance = np.random.default_rng(5)
    at = START + np.sort(chance.integers(0, 10 * DAY, 20_000))
    probability = chance.beta(0.2, 8, 20_000)
    fraud = chance.random(20_000) < probability
    steps = alert_curve(at, fraud, probability)
    assert [step.recall for step in steps] == sorted(step.recall for step in steps)
    levels = levels_by_budget(steps, 20)
    assert (probability >= levels.medium).sum() == pytest.approx(200, rel=0.1)
    assert levels.low < levels.medium < levels.high
    assert levels_by_cost(5.0, 100.0).medium == pytest.approx(0.05)
    with pytest.raises(InvalidInput, match="less than a fraud loses"):
        levels_by_cost(100.0, 5.0)
