"""Models through the API: promoted, compared, rolled back, their drift measured."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sklearn.metrics import (  # type: ignore[import-untyped]  # no types
    average_precision_score,
    brier_score_loss,
    roc_auc_score,
)
from sqlalchemy import Engine, insert

from risk.domain.assessment import RiskLevel, Thresholds
from risk.features.catalog import FEATURES
from risk.monitoring.psi import Reference
from risk.scoring.manifest import DEFAULT, MODEL_FILE, shipped
from risk.scoring.scorecard import SCORECARD
from risk.store.db import tables
from risk.store.engine_state import drift
from risk.store.engine_state.drift import DriftCount
from risk.store.models import comparisons, models
from tests.integration.test_api.support import NOW, Recorder, make_assessment, store

URL = "/api/v1/models"
SHIPPED: str = shipped()["version"]
Headers = dict[str, str]
BODY = (DEFAULT / MODEL_FILE).read_bytes()


@pytest.fixture
def other(database: Engine) -> str:
    """A version that ``risk train --publish`` stored."""
    return stored(database, "model-other", NOW)


def stored(database: Engine, version: str, at: datetime, **changes: Any) -> str:
    with database.begin() as connection:
        manifest = shipped() | {"version": version} | changes
        assert models.add(connection, manifest, BODY, by="risk train", at=at)
    return version


def post(client: TestClient, headers: Headers, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = client.post(f"{URL}/{path}", json={"reason": "a test"} | body, headers=headers)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def promote(client: TestClient, headers: Headers, version: str, to: str, status: int = 200) -> dict[str, Any]:
    return post(client, headers, f"{version}/promote", status, **{"as": to})


def get(client: TestClient, headers: Headers, path: str = "", **query: Any) -> dict[str, Any]:
    answer = client.get(f"{URL}{path}", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def in_force(client: TestClient, headers: Headers) -> tuple[str, str | None]:
    now = get(client, headers, "/current")
    return now["champion"], now["challenger"]


def test_without_a_change_the_shipped_model_judges_and_nothing_challenges_it(
    client: TestClient, viewer: Headers
) -> None:
    now = get(client, viewer, "/current")
    assert (now["number"], now["champion"], now["challenger"], now["changed_at"]) == (0, SHIPPED, None, None)
    items = get(client, viewer)["items"]
    assert [(one["version"], one["role"], one["refused"]) for one in items] == [
        (SHIPPED, "champion", None),
        (SCORECARD.version, None, None),
    ]
    assert items[0]["metrics"]["auc"] > 0.9
    assert items[0]["period"]["judged"]["events"] > 0
    detail = get(client, viewer, f"/{SHIPPED}")
    assert detail["manifest"]["reference"]["score"]["edges"]
    assert len(detail["manifest"]["reliability"]) > 5
    assert client.get(f"{URL}/model-nowhere", headers=viewer).status_code == 404


def test_a_challenger_becomes_champion_and_a_rollback_is_one_step_back(
    client: TestClient, admin: Headers, other: str
) -> None:
    assert promote(client, admin, other, "challenger")["challenger"] == other
    assert in_force(client, admin) == (SHIPPED, other)
    assert promote(client, admin, other, "champion")["number"] == 2
    assert in_force(client, admin) == (other, None)
    post(client, admin, "current/rollback")
    assert in_force(client, admin) == (SHIPPED, other)
    post(client, admin, "current/rollback")
    assert in_force(client, admin) == (SHIPPED, None)
    assert "nothing to go back to" in post(client, admin, "current/rollback", 409)["detail"]
    history = get(client, admin, "/history")["items"]
    assert [one["number"] for one in history] == [4, 3, 2, 1, 0]
    assert [one["back_to"] for one in history] == [None, 0, 1, 0, None]
    assert {one["changed_by"] for one in history[:4]} == {"admin@risk.local"}


def test_a_champion_can_be_replaced_beside_its_challenger_and_the_challenger_withdrawn(
    client: TestClient, admin: Headers, other: str
) -> None:
    promote(client, admin, other, "challenger")
    promote(client, admin, SCORECARD.version, "champion")
    assert in_force(client, admin) == (SCORECARD.version, other)
    post(client, admin, "challenger/withdraw")
    assert in_force(client, admin) == (SCORECARD.version, None)
    assert "no challenger" in post(client, admin, "challenger/withdraw", 409)["detail"]


def test_what_a_stage_names_stays_there_when_the_software_comes_with_another_model(
    client: TestClient, admin: Headers, other: str, database: Engine
) -> None:
    promote(client, admin, other, "champion")
    with database.connect() as connection:
        assert models.body(connection, SHIPPED) is None
    post(client, admin, "current/rollback")
    with database.connect() as connection:
        found = models.body(connection, SHIPPED)
    assert found is not None
    assert found[1] == BODY
    assert found[0]["version"] == SHIPPED


@pytest.mark.parametrize(
    ("version", "to", "why"),
    [
        (SHIPPED, "champion", "already"),
        (SHIPPED, "challenger", "challenge itself"),
        ("model-nowhere", "champion", "model model-nowhere not found"),
        ("model-older", "champion", "feature set 1"),
        ("model-stranger", "challenger", "other features"),
    ],
)
def test_what_cannot_be_is_a_conflict_and_changes_nothing(
    client: TestClient, admin: Headers, database: Engine, version: str, to: str, why: str
) -> None:
    stored(database, "model-older", NOW, feature_set=1)
    stored(database, "model-stranger", NOW, features=["colour"])
    assert why in promote(client, admin, version, to, 409)["detail"]
    assert get(client, admin, "/current")["number"] == 0


def test_a_wrong_body_is_told_by_its_field(client: TestClient, admin: Headers, other: str) -> None:
    for body, field in (
        ({"as": "king", "reason": "x"}, "as"),
        ({"as": "champion"}, "reason"),
        ({"as": "champion", "reason": " "}, "reason"),
        ({"as": "champion", "reason": "x", "percent": 3}, "percent"),
    ):
        answer = client.post(f"{URL}/{other}/promote", json=body, headers=admin)
        assert answer.status_code == 422
        assert field in answer.json()["errors"][0]["field"]


def test_only_an_admin_promotes_and_everyone_may_look(
    client: TestClient, analyst: Headers, viewer: Headers, other: str
) -> None:
    for headers in (analyst, viewer):
        for path, body in (
            (f"{other}/promote", {"as": "champion"}),
            ("current/rollback", {}),
            ("challenger/withdraw", {}),
        ):
            post(client, headers, path, 403, **body)
        assert in_force(client, headers) == (SHIPPED, None)
        get(client, headers, "/history")
        get(client, headers, "/drift")


def test_a_change_is_pushed_to_dashboards(client: TestClient, admin: Headers, other: str, kinesis: Recorder) -> None:
    promote(client, admin, other, "challenger")
    (put,) = kinesis.puts
    envelope = json.loads(put["data"])
    assert envelope["type"] == "model"
    (item,) = envelope["items"]
    assert (item["kind"], item["number"], item["champion"], item["challenger"]) == ("stage", 1, SHIPPED, other)
    assert item["reason"] == "a test"


def test_two_who_promote_at_once_make_two_stages(client: TestClient, admin: Headers, database: Engine) -> None:
    names = [stored(database, f"model-{place}", NOW) for place in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda name: promote(client, admin, name, "champion")["number"], names))
    assert sorted(found) == [1, 2, 3, 4]
    assert [one["number"] for one in get(client, admin, "/history")["items"]] == [4, 3, 2, 1, 0]


def test_lists_of_models_and_stages_go_on_where_a_page_ends(
    client: TestClient, admin: Headers, viewer: Headers, database: Engine
) -> None:
    names = [stored(database, f"model-{place}", NOW - timedelta(hours=place // 2)) for place in range(5)]
    promote(client, admin, names[0], "champion")
    for path, of, everything in (
        ("", "version", ["model-1", "model-0", "model-3", "model-2", "model-4", SHIPPED, SCORECARD.version]),
        ("/history", "number", [1, 0]),
    ):
        for limit in (1, 2, 3, 100):
            seen, cursor = [], None
            while True:
                page = get(client, viewer, path, limit=limit, **({"cursor": cursor} if cursor else {}))
                assert len(page["items"]) <= limit
                seen += [one[of] for one in page["items"]]
                cursor = page["next_cursor"]
                if cursor is None:
                    break
            assert seen == everything
    assert client.get(URL, params={"cursor": "!"}, headers=viewer).status_code == 422


def scored_by_both(database: Engine, count: int, champion: str, challenger: str) -> tuple[Any, Any, Any]:
    """Labelled events with the scores of both: the challenger ranks better. Some have no label, some one score."""
    chance = np.random.default_rng(1)
    fraud = chance.random(count) < 0.2
    first = np.round(np.clip(0.3 * fraud + chance.random(count) * 0.7, 0, 1), 2)
    second = np.round(np.clip(0.6 * fraud + chance.random(count) * 0.4, 0, 1), 2)
    found = [
        make_assessment(place, 0.99, scorer=champion, base_score=a, challenger=challenger, challenger_score=b)
        for place, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True))
    ]
    unlabelled = make_assessment(count, 0.5, scorer=champion, base_score=0.5, challenger=challenger, challenger_score=1)
    alone = make_assessment(count + 1, 0.5, scorer=champion, base_score=0.5)
    elsewhere = make_assessment(
        count + 2, 0.5, scorer="model-before", base_score=0.5, challenger=challenger, challenger_score=0.1
    )
    store(database, *found, unlabelled, alone, elsewhere)
    truth = [*zip(found, fraud.tolist(), strict=True), (alone, True), (elsewhere, True)]
    with database.begin() as connection:
        for place, (one, is_fraud) in enumerate(truth):
            at = {"known_at": NOW - timedelta(minutes=5), "received_at": NOW}
            values = {"event_id": one.event_id, "sequence": place, "source": "bank", "fraud": is_fraud}
            connection.execute(insert(tables.labels).values(**values, **at))
    return fraud, first, second


def test_a_comparison_measures_both_on_the_labelled_events_that_both_scored(
    client: TestClient, admin: Headers, viewer: Headers, other: str, database: Engine
) -> None:
    promote(client, admin, other, "challenger")
    fraud, *scores = scored_by_both(database, 300, SHIPPED, other)
    until = (NOW + timedelta(hours=1)).isoformat()
    found = get(client, viewer, "/comparison", until=until)
    assert (found["events"], found["frauds"], found["complete"]) == (300, int(fraud.sum()), True)
    for role, name, score in zip(("champion", "challenger"), (SHIPPED, other), scores, strict=True):
        one = found[role]
        assert one["scorer"] == name
        assert one["auc"] == pytest.approx(roc_auc_score(fraud, score))
        assert one["average_precision"] == pytest.approx(average_precision_score(fraud, score))
        assert one["brier"] == pytest.approx(brier_score_loss(fraud, score))
        for level in one["levels"]:
            called = score >= Thresholds().lower_bound(RiskLevel(level["level"]))
            assert level["true_positives"] == (called & fraud).sum()
            assert level["false_positives"] == (called & ~fraud).sum()
            if called.any():
                assert level["precision"] == pytest.approx(fraud[called].mean())
    assert found["challenger"]["auc"] > found["champion"]["auc"]
    before = get(client, viewer, "/comparison", until=(NOW - timedelta(days=1)).isoformat())
    assert (before["events"], before["champion"]["auc"], before["champion"]["brier"]) == (0, None, None)
    # What challenged once can be looked at later.
    post(client, admin, "challenger/withdraw")
    assert client.get(f"{URL}/comparison", headers=viewer).status_code == 404
    assert get(client, viewer, "/comparison", challenger=other, until=until)["events"] == 300


def test_a_comparison_is_bounded(
    client: TestClient,
    admin: Headers,
    viewer: Headers,
    other: str,
    database: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    promote(client, admin, other, "challenger")
    scored_by_both(database, 40, SHIPPED, other)
    monkeypatch.setattr(comparisons, "MAX_EVENTS", 30)
    found = get(client, viewer, "/comparison", until=(NOW + timedelta(hours=1)).isoformat())
    assert (found["events"], found["complete"]) == (30, False)
    for query, field in (
        ({"from": NOW.isoformat(), "to": NOW.isoformat()}, "from"),
        ({"since": (NOW - timedelta(days=100)).isoformat()}, "from"),
        ({"to": "1960-01-01T00:00:00Z"}, "to"),
    ):
        answer = client.get(f"{URL}/comparison", params=query, headers=viewer)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field


def test_drift_is_measured_by_feature_and_hours(
    client: TestClient, admin: Headers, viewer: Headers, database: Engine
) -> None:
    reference = shipped()["reference"]
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    same = [round(share * 100_000) for share in reference["score"]["shares"]]
    amounts = [0] * len(reference["features"]["amount"]["shares"])
    amounts[0] = 1_000  # every amount is smaller than nearly all in training
    usual = [round(share * 1_000) for share in reference["features"]["count_1h"]["shares"]]
    with database.begin() as connection:
        for _ in range(2):
            increments = [
                DriftCount(SHIPPED, hour, "score", same),
                DriftCount(SHIPPED, hour, "amount", amounts),
                DriftCount(SHIPPED, hour, "count_1h", usual),
            ]
            drift.save(connection, increments)
        busy = [0] * (len(usual) - 2) + [5_000, 0]
        drift.save(connection, [DriftCount(SHIPPED, hour - timedelta(hours=30), "count_1h", busy)])
        drift.save(connection, [DriftCount("another", hour, "score", same)])
    found = get(client, viewer, "/drift")
    assert (found["scorer"], found["events"]) == (SHIPPED, 2 * sum(same))
    assert found["features"][0]["feature"] == "amount"
    bands = {one["feature"]: one["band"] for one in found["features"]}
    assert bands == {"amount": "shifted", "count_1h": "stable", "score": "stable"}
    assert found["score"]["counts"] == [2 * count for count in same]
    assert len(found["score"]["edges"]) + 2 == len(same)
    wider = get(client, viewer, "/drift", hours=48)
    assert {one["feature"]: one["band"] for one in wider["features"]}["count_1h"] != "stable"
    promote(client, admin, SCORECARD.version, "champion")
    nothing = get(client, viewer, "/drift")
    assert (nothing["scorer"], nothing["features"], nothing["score"]) == (SCORECARD.version, [], None)
    assert client.get(f"{URL}/drift", params={"hours": 1_000}, headers=viewer).status_code == 422


def test_drift_is_told_step_by_step(client: TestClient, admin: Headers, viewer: Headers, database: Engine) -> None:
    shares = shipped()["reference"]["score"]["shares"]
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    same, other = [round(share * 100_000) for share in shares], [0, 50, *[0] * (len(shares) - 2)]
    with database.begin() as connection:
        drift.save(connection, [DriftCount(SHIPPED, hour, "score", same)])
        drift.save(connection, [DriftCount(SHIPPED, hour - timedelta(hours=3), "score", other)])
    fine = get(client, viewer, "/drift/history", hours=24)
    assert (fine["scorer"], fine["step_hours"]) == (SHIPPED, 1)
    bands = [(one["events"], [(each["feature"], each["band"]) for each in one["features"]]) for one in fine["points"]]
    assert bands == [(50, [("score", "shifted")]), (sum(same), [("score", "stable")])]
    assert datetime.fromisoformat(fine["points"][1]["since"]) == hour
    coarse = get(client, viewer, "/drift/history")
    assert coarse["step_hours"] == 6
    assert sum(one["events"] for one in coarse["points"]) == 50 + sum(same)
    promote(client, admin, SCORECARD.version, "champion")
    assert get(client, viewer, "/drift/history")["points"] == []


def test_calibration_sets_what_was_predicted_beside_what_came_true(
    client: TestClient, admin: Headers, viewer: Headers, other: str, database: Engine
) -> None:
    until = (NOW + timedelta(hours=1)).isoformat()
    assert get(client, viewer, "/calibration", until=until)["challenger"] is None
    promote(client, admin, other, "challenger")
    fraud, *scores = scored_by_both(database, 300, SHIPPED, other)
    found = get(client, viewer, "/calibration", until=until)
    # Beside the three hundred, each has one event without a label and one fraud with one.
    others = {"champion": ([0.5], [0.5]), "challenger": ([1.0], [0.1])}
    for (role, (unlabelled, frauds)), score in zip(others.items(), scores, strict=True):
        predicted, truth = np.append(score, frauds), np.append(fraud, True)
        places, elsewhere = (np.minimum(np.floor(np.array(part) * 10), 9) for part in (predicted, unlabelled))
        for place, bin_ in enumerate(found[role]["bins"]):
            inside = places == place
            assert bin_["events"] == inside.sum() + (elsewhere == place).sum()
            assert (bin_["labelled"], bin_["frauds"]) == (inside.sum(), (truth & inside).sum())
            if inside.any():
                assert bin_["predicted"] == pytest.approx(predicted[inside].mean())
                assert bin_["observed"] == pytest.approx(truth[inside].mean())
    champion = found["champion"]
    assert (champion["events"], champion["labelled"]) == (302, 301)
    assert champion["bins"][5]["events"] - champion["bins"][5]["labelled"] == 1
    assert 0 < champion["error"] < 1
    assert (found["challenger"]["events"], found["challenger"]["labelled"]) == (302, 301)
    wrong = client.get(f"{URL}/calibration", params={"since": until, "until": until}, headers=viewer)
    assert wrong.json()["errors"][0]["field"] == "from"


def test_the_histograms_of_a_manifest_fit_the_features() -> None:
    manifest = shipped()
    reference = Reference.model_validate(manifest["reference"])
    assert list(reference.features) == manifest["features"]
    assert set(manifest["features"]) <= {one.name for one in FEATURES}
    for histogram in (*reference.features.values(), reference.score):
        assert sum(histogram.shares) == pytest.approx(1.0, abs=1e-4)
