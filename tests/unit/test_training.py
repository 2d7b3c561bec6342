"""Training: in the order of time, and refused when it would not be honest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from risk.domain.errors import InvalidInput
from risk.features.catalog import FEATURES, INDEX
from risk.monitoring.psi import Reference
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import MANIFEST_FILE
from streaming.simulator import simulate
from streaming.training.labelled_examples import from_records
from streaming.training.lightgbm_fit import Settings
from streaming.training.train import Examples, split, train, write

NOW = datetime(2026, 6, 1, tzinfo=UTC)
START = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
QUICK = Settings(rounds=10)


def examples(count: int = 3_000, delay: int = 3_600) -> Examples:
    chance = np.random.default_rng(1)
    made = chance.normal(size=(count, len(FEATURES))).astype(np.float32)
    fraud = made[:, 0] + chance.normal(size=count) > 1.5
    at = START + np.arange(count, dtype=np.int64) * 60
    return Examples(made, fraud, at, at + delay)


def test_each_part_learns_only_from_labels_known_when_the_next_begins() -> None:
    parts = split(examples(delay=4 * 3_600), NOW)
    assert parts.fitted.known_at.max() <= parts.calibrated.at.min()
    assert parts.calibrated.at.max() < parts.judged.at.min()
    assert parts.calibrated.known_at.max() <= parts.judged.at.min()


def test_the_order_of_the_examples_does_not_matter() -> None:
    mixed = examples().take(np.random.default_rng(3).permutation(3_000))
    assert train(examples(), QUICK, source="test", now=NOW) == train(mixed, QUICK, source="test", now=NOW)


def test_a_manifest_says_what_was_done(tmp_path: Path) -> None:
    trained = train(examples(), QUICK, source="test", now=NOW, created_at=NOW)
    manifest = trained.manifest
    write(trained, tmp_path / "model")
    assert json.loads((tmp_path / "model" / MANIFEST_FILE).read_text()) == manifest
    assert manifest["metrics"]["auc"] > 0.75
    assert manifest["features"] == [feature.name for feature in FEATURES]
    assert manifest["period"]["fitted"]["events"] > manifest["period"]["judged"]["events"] > 400
    assert manifest["metrics"]["mean_probability"] == pytest.approx(manifest["metrics"]["fraud_share"], abs=0.05)
    assert Model.load(tmp_path / "model").version == manifest["version"]


def test_a_manifest_says_what_live_events_are_to_be_compared_with_and_how_reliable_it_was() -> None:
    data = examples()
    data.vectors[::4, 3] = np.nan
    everyone = data.vectors + np.float32(100.0)
    alone = train(data, QUICK, source="test", now=NOW).manifest
    beside = train(replace(data, population=everyone), QUICK, source="test", now=NOW).manifest
    assert alone["version"] == beside["version"]
    reference = Reference.model_validate(alone["reference"])
    shares = np.array([one.shares for one in reference.features.values()])
    assert list(reference.features) == [feature.name for feature in FEATURES]
    assert shares[3] == pytest.approx([0.075] * 10 + [0.25], abs=2e-3)
    assert np.delete(shares, 3, axis=0)[:, :-1] == pytest.approx(0.1, abs=2e-3)
    assert max(reference.score.edges) < 1
    assert min(beside["reference"]["features"]["amount"]["edges"]) > 90
    told = alone["reliability"]
    assert sum(one["events"] for one in told) == alone["period"]["judged"]["events"]
    assert sum(one["events"] * one["observed"] for one in told) == pytest.approx(
        alone["period"]["judged"]["frauds"], abs=0.1
    )
    assert all(one["from"] <= one["predicted"] <= one["to"] for one in told)


def refused(data: Examples) -> str:
    with pytest.raises(InvalidInput) as error:
        train(data, QUICK, source="test", now=NOW)
    return error.value.detail


def test_too_few_events_or_frauds_are_refused() -> None:
    few = examples(900)
    assert "too few" in refused(few)
    honest = examples()
    none = Examples(honest.vectors, np.zeros(len(honest), bool), honest.at, honest.known_at)
    assert "0 frauds" in refused(none)


def test_labels_that_come_too_late_to_be_known_are_not_enough() -> None:
    assert "known in time" in refused(examples(delay=86_400 * 30))


def test_a_label_known_before_its_event_is_refused() -> None:
    assert "before their event" in refused(examples(delay=-1))


def test_data_from_the_future_is_refused() -> None:
    data = examples()
    ahead = data.at + int(timedelta(days=365).total_seconds())
    assert "future" in refused(Examples(data.vectors, data.fraud, ahead, ahead))


def test_a_feature_that_knows_the_future_is_refused_by_name() -> None:
    data = examples()
    data.vectors[:, INDEX["gap_seconds"]] = data.fraud
    assert "gap_seconds alone" in refused(data)


def test_a_label_counts_no_earlier_than_what_nobody_labelled() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = from_records(simulate(3, start, 5.0, label_delay=timedelta(seconds=5), seconds=200), clean_after=60)
    assert (found.known_at - found.at).min() == 60
    assert found.fraud.any()


def test_records_become_examples_with_the_vectors_of_their_time() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    records = list(simulate(3, start, 5.0, label_delay=timedelta(minutes=1), seconds=200))
    labelled = from_records(records)
    everything = from_records(records, clean_after=60)
    events = sum(record.kind == "event" for record in records)
    assert len(everything) == events == 1_000
    assert 0 < len(labelled) < events
    assert labelled.fraud.sum() == everything.fraud.sum() > 0
