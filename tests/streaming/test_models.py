"""Models in the engine: which are used, which refused, swapped under load, and whether events drift from them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine

from risk.adapters.kinesis import put_records
from risk.adapters.stream_contracts import DriftAlarm
from risk.monitoring.psi import SCORE
from risk.scoring.deployment import ModelRole
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import DEFAULT, MODEL_FILE, shipped
from risk.scoring.scorecard import SCORECARD
from risk.scoring.scorer import Scorer
from risk.store.db.engine import create_pool
from risk.store.engine_state import drift
from risk.store.engine_state.drift import DriftCount
from risk.store.models import models
from streaming.engine import model_loader
from streaming.engine.model_loader import Scorers
from streaming.engine.stages.drift import DriftWatch
from tests.services import Services
from tests.streaming.engine import EngineProcess, Written, running, wait_for
from tests.streaming.events import events, record

pytestmark = pytest.mark.integration

SHIPPED: str = shipped()["version"]
BODY = (DEFAULT / MODEL_FILE).read_bytes()


@pytest.fixture
def database(services: Services) -> Iterator[Engine]:
    engine = create_pool(services.database(), application="test", size=3)
    yield engine
    engine.dispose()


def publish(database: Engine, version: str, body: bytes = BODY, **changes: Any) -> str:
    """A model as ``risk train --publish`` stores it."""
    with database.begin() as connection:
        manifest = shipped() | {"version": version} | changes
        models.add(connection, manifest, body, by="test", at=datetime.now(UTC))
    return version


def promote(database: Engine, version: str, to: ModelRole) -> None:
    with database.begin() as connection:
        present = models.current_to_change(connection)
        stage = present.stage.promote(version, to)
        models.change_stage(connection, present, stage, by="test", at=datetime.now(UTC), reason="test")


def in_force(database: Engine, found: Scorers, present: Scorer | None = None) -> tuple[str, str | None]:
    with database.connect() as connection:
        champion, challenger = found.in_force(connection, models.current(connection).stage, present)
    return champion.version, None if challenger is None else challenger.version


def refused() -> float:
    return REGISTRY.get_sample_value("risk_model_refused_total") or 0.0


def test_the_shipped_model_judges_before_anybody_has_chosen(database: Engine) -> None:
    assert in_force(database, Scorers()) == (SHIPPED, None)


def test_stored_models_and_the_scorecard_are_found_and_kept_only_while_named(database: Engine) -> None:
    found = Scorers()
    promote(database, publish(database, "model-one"), ModelRole.CHALLENGER)
    assert in_force(database, found) == (SHIPPED, "model-one")
    promote(database, "model-one", ModelRole.CHAMPION)
    promote(database, SCORECARD.version, ModelRole.CHALLENGER)
    assert in_force(database, found) == ("model-one", SCORECARD.version)
    assert set(found.loaded) == {"model-one", SCORECARD.version}


BAD: list[tuple[bytes, dict[str, Any]]] = [
    (BODY[:-500], {}),
    (b"tree\n", {}),
    (BODY, {"feature_set": 1}),
    (BODY, {"features": ["colour"]}),
    (BODY, {"calibration": {}}),
    (BODY, {"reference": {"features": {}, "score": {"edges": [2, 1], "shares": []}}}),
]


@pytest.mark.parametrize(("body", "changes"), BAD)
def test_a_model_that_cannot_be_used_is_refused_and_the_present_champion_stays(
    database: Engine, body: bytes, changes: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    before, found, present = refused(), Scorers(), Model.load(DEFAULT)
    promote(database, publish(database, "model-bad", body, **changes), ModelRole.CHAMPION)
    assert in_force(database, found, present) == (SHIPPED, None)
    assert refused() == before + 1
    assert "model-bad is refused" in caplog.text
    # At the start of an engine there is no present one.
    assert in_force(database, Scorers()) == (SHIPPED, None)


def test_a_challenger_that_is_refused_holds_up_nothing(database: Engine) -> None:
    promote(database, publish(database, "model-bad", b"x"), ModelRole.CHALLENGER)
    assert in_force(database, Scorers()) == (SHIPPED, None)


def test_without_any_model_the_scorecard_judges(
    database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(model_loader, "DEFAULT", tmp_path)
    assert in_force(database, Scorers()) == (SCORECARD.version, None)
    promote(database, publish(database, "model-bad", b"x"), ModelRole.CHAMPION)
    with database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM models")
    assert in_force(database, Scorers()) == (SCORECARD.version, None)


def gauge(feature: str) -> float:
    found = REGISTRY.get_sample_value("risk_drift_psi", {"feature": feature})
    assert found is not None
    return found


def test_what_has_shifted_is_told_once_a_day_and_measured_for_prometheus(
    database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[DriftAlarm] = []
    model = Model.load(DEFAULT)
    watch = DriftWatch(database, lambda: model, told.append)
    assert model.reference is not None
    as_ever = {name: [round(1e5 * share) for share in one.shares] for name, one in model.reference.features.items()}
    score = [round(1e5 * share) for share in model.reference.score.shares]
    shifted = [0] * (len(as_ever["amount"]) - 2) + [100_000, 0]
    now = datetime.now(UTC)
    hour = now.replace(minute=0, second=0, microsecond=0)

    def store(counts: dict[str, list[int]], at: datetime) -> None:
        with database.begin() as connection:
            drift.save(connection, [DriftCount(SHIPPED, at, name, counted) for name, counted in counts.items()])

    watch.look(now)
    store({"amount": [500, *[0] * (len(shifted) - 1)], SCORE: [500, *[0] * (len(score) - 1)]}, hour)
    watch.look(now)
    assert told == []  # too few to tell from chance
    store(as_ever | {"amount": shifted, SCORE: score}, hour)
    with caplog.at_level(logging.WARNING):
        watch.look(now)
        watch.look(now + timedelta(minutes=1))
    assert [(one.feature, one.scorer, one.events) for one in told] == [("amount", SHIPPED, sum(score) + 500)]
    assert told[0].psi > 0.25
    assert caplog.text.count("amount has shifted") == 1
    assert gauge("amount") > 0.25
    assert gauge("count_1h") < 0.1
    store(as_ever | {"amount": shifted, SCORE: score}, hour + timedelta(hours=25))
    watch.look(now + timedelta(hours=25))
    assert [one.feature for one in told] == ["amount", "amount"]
    DriftWatch(database, lambda: SCORECARD, told.append).look(now)
    assert REGISTRY.get_sample_value("risk_drift_psi", {"feature": "amount"}) is None


def _metric(process: EngineProcess, name: str) -> float:
    page = httpx.get(f"http://127.0.0.1:{process.port}/metrics").text
    return sum(float(line.split()[-1]) for line in page.splitlines() if line.startswith(f"{name} "))


def test_a_champion_is_swapped_under_load_without_a_restart(services: Services, tmp_path: Path) -> None:
    url, stream, updates = services.database(), services.stream(2), services.stream(1)
    environment = services.engine(url, stream, updates) | {"SNAPSHOT_INTERVAL": "0.2"}
    pool = create_pool(url, application="test")
    for version in ("model-one", "model-two"):
        publish(pool, version)
    promote(pool, "model-one", ModelRole.CHAMPION)
    promote(pool, "model-two", ModelRole.CHALLENGER)
    made = events(4_000, seed=200)
    late = events(40, seed=201)
    counted = "SELECT count(*) FROM assessments"

    def load() -> None:
        for start in range(0, len(made), 50):
            assert put_records(services.kinesis(), stream, [record(event) for event in made[start : start + 50]]) == []
            time.sleep(0.08)

    with Written(url) as written, running(environment, tmp_path / "engine.log") as process:
        loading = threading.Thread(target=load)
        loading.start()
        wait_for(lambda: written.scalar(counted) >= 1_000, 60)
        promote(pool, "model-two", ModelRole.CHAMPION)
        time.sleep(1)
        swapped = written.scalar("SELECT max(sequence) FROM assessments")
        assert loading.is_alive(), "the load ended before the swap"
        loading.join()
        wait_for(lambda: written.scalar(counted) == len(made), 60)
        # One that is broken is refused: nothing stops, the champion stays.
        promote(pool, publish(pool, "model-broken", BODY[:-100]), ModelRole.CHAMPION)
        time.sleep(1)
        assert put_records(services.kinesis(), stream, [record(event) for event in late]) == []
        wait_for(lambda: written.scalar(counted) == len(made) + len(late), 30)
        assert _metric(process, "risk_model_refused_total") == 1
        counts = "SELECT sum(c) FROM drift_counts, unnest(counts) AS c WHERE feature = 'score' AND scorer = '{}'"
        by_scorer = dict(written.rows("SELECT scorer, count(*) FROM assessments GROUP BY 1"))
        for version, number in by_scorer.items():
            wait_for(lambda version=version, number=number: written.scalar(counts.format(version)) == number, 10)
        assert process.terminate() == 0
        rows = written.rows(
            "SELECT sequence, scorer, score, base_score, challenger, challenger_score "
            "FROM assessments ORDER BY sequence"
        )
        assert written.scalar("SELECT count(*) FROM dead_letters") == 0
    pool.dispose()
    assert len(rows) == len(made) + len(late)
    assert [version for version, _ in groupby(row.scorer for row in rows)] == ["model-one", "model-two"]
    assert all(row.scorer == "model-two" for row in rows if row.sequence > swapped)
    for row in rows:
        assert row.score == pytest.approx(row.base_score)
        if row.scorer == "model-one":
            # Both are the same trees, so that what both say must be the same.
            assert row.challenger == "model-two"
            assert row.challenger_score == pytest.approx(row.base_score)
        else:
            assert (row.challenger, row.challenger_score) == (None, None)
