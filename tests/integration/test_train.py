"""``risk train`` on what a real database holds: learnt, refused, published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Engine, insert, update
from typer.testing import CliRunner, Result

from infra.cli import app
from risk.features.catalog import FEATURE_SET, FEATURES, FIRST_FEATURE_SET, INDEX, to_nullable
from risk.scoring.lightgbm_model import Model
from risk.store.db import tables
from risk.store.db.engine import create_pool
from risk.store.db.partitions import ensure_partitions
from risk.store.models import models
from streaming.training.labelled_examples import from_database
from tests.services import Services

pytestmark = pytest.mark.integration

START = datetime(2026, 3, 1, tzinfo=UTC)
EVENTS = 2_400


@pytest.fixture
def database(services: Services) -> Iterator[Engine]:
    engine = create_pool(services.database(), application="test")
    yield engine
    engine.dispose()


def fill(engine: Engine, *, count: int = EVENTS, labelled: float = 1.0, delay: timedelta = timedelta(hours=3)) -> None:
    """``count`` assessments over a month whose amount says something of fraud; a share of them labelled."""
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(count, len(FEATURES)))
    vectors[chance.random(vectors.shape) < 0.1] = np.nan
    fraud = np.nan_to_num(vectors[:, 0]) + chance.normal(size=count) > 1.5
    known = chance.random(count) < labelled
    assessed, truths = [], []
    for place in range(count):
        at = START + timedelta(days=30) * place / count
        event_id = UUID(int=place + 1)
        assessed.append(
            {
                "event_id": event_id, "sequence": place + 1, "event_type": "payment", "occurred_at": at,
                "received_at": at, "scored_at": at, "account_id": "ada", "attributes": {}, "score": 0.1, "level": 0,
                "reasons": [], "features": to_nullable(vectors[place].tolist()), "feature_set": FEATURE_SET,
                "scorer": "scorecard-1", "config_version": 1, "family": "payment", "amount_flow": "outgoing",
            }
        )  # fmt: skip
        if known[place]:
            seen = {"received_at": at, "source": "bank", "sequence": count + place}
            truths.append({"event_id": event_id, "fraud": bool(fraud[place]), "known_at": at + delay, **seen})
    with engine.begin() as connection:
        ensure_partitions(connection, START)
        ensure_partitions(connection, START + timedelta(days=30))
        connection.execute(insert(tables.assessments), assessed)
        connection.execute(insert(tables.assessment_counts), [{"minute": START, "level": 0, "count": count}])
        if truths:
            connection.execute(insert(tables.labels), truths)


def train(engine: Engine, *arguments: str) -> Result:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return CliRunner().invoke(app, ["train", "--database-url", url, *arguments], catch_exceptions=False)


def test_a_model_is_trained_on_what_was_scored_and_published_as_a_candidate(database: Engine, tmp_path: Path) -> None:
    fill(database)
    done = train(database, "--publish", "--out", str(tmp_path / "model"), "--json")
    assert done.exit_code == 0, done.output
    manifest: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert manifest.pop("published") is True
    assert manifest["metrics"]["auc"] > 0.7
    version = manifest["version"]
    with database.connect() as connection:
        stored = models.body(connection, version)
        assert models.current(connection).stage.role(version) is None
    assert stored is not None
    assert stored[0] == manifest
    assert Model.read(*stored).version == Model.load(tmp_path / "model").version == version
    scores = Model.read(*stored).probabilities([], [(2.5, *[0.0] * (len(FEATURES) - 1)), (0.0,) * len(FEATURES)])
    assert scores[0] > 3 * scores[1]
    again = train(database, "--publish", "--seed", "7")
    assert again.exit_code == 0
    assert f"{version} was stored before" in again.output
    assert f"/api/v1/models/{version}/promote" in again.output


def test_what_live_events_are_compared_with_is_all_of_them_not_those_with_a_label(database: Engine) -> None:
    fill(database, labelled=0.5)
    with database.begin() as connection:
        wide = [None, *[7.0] * (len(FEATURES) - 1)]
        without = tables.assessments.c.event_id.not_in(
            tables.labels.select().with_only_columns(tables.labels.c.event_id)
        )
        connection.execute(update(tables.assessments).where(without).values(features=wide))
    found = from_database(database)
    assert len(found) == EVENTS  # what nobody labelled is legitimate once it is mature
    assert found.population is not None
    assert len(found.population) == EVENTS
    assert np.isnan(found.population[:, INDEX["amount"]]).mean() > 0.4


@pytest.mark.parametrize(
    ("filled", "why"),
    [
        ({"labelled": 0.0}, "there are no labels"),
        ({"labelled": 0.1}, "are too few to learn from"),
        ({"delay": timedelta(days=20)}, "the labels come too late for this period"),
        ({"delay": timedelta(days=4_000)}, "which is in the future"),
    ],
)
def test_what_is_too_thin_or_knows_the_future_is_refused_and_nothing_is_published(
    database: Engine, filled: dict[str, Any], why: str
) -> None:
    fill(database, **filled)
    done = train(database, "--publish")
    assert done.exit_code == 1
    assert why in done.output
    with database.connect() as connection:
        assert [one.created_at for one in models.page(connection, limit=10)] == [None, None]


def test_a_feature_that_tells_fraud_by_itself_is_refused(database: Engine) -> None:
    fill(database)
    with database.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE assessments SET features[{INDEX['gap_seconds'] + 1}] = labels.fraud::int FROM labels "
            "WHERE labels.event_id = assessments.event_id"
        )
    done = train(database, "--publish")
    assert done.exit_code == 1
    assert "gap_seconds alone tells fraud" in done.output


def test_vectors_of_other_features_are_not_learnt_from(database: Engine) -> None:
    fill(database)
    with database.begin() as connection:
        connection.execute(update(tables.assessments).values(feature_set=FIRST_FEATURE_SET - 1))
    done = train(database, "--publish")
    assert done.exit_code == 1
    assert "0 frauds among 0 events" in done.output


def test_a_model_that_is_to_go_nowhere_is_not_trained(database: Engine) -> None:
    done = train(database)
    assert done.exit_code == 2
    assert "--publish" in done.output
