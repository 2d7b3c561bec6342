"""What is shown beside an assessment: rules and what they read, how the score came about, who deals with whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert, update

from risk.features.catalog import INDEX
from risk.rules.effects import probability
from risk.scoring.manifest import shipped
from risk.store.db import tables
from tests.integration.test_api.support import NOW, make_assessment, open_alert, store

Headers = dict[str, str]
RULE = {
    "name": "large_abroad",
    "owner": "payments team",
    "expression": "event.amount > 500.0 && event.hour < 25 && features.amount_to_mean_30d > 2.0 "
    '&& !in_list("friends", event.account_id)',
    "points": 1.5,
    "reason_text": "{amount}",
}


def hit(client: TestClient, database: Engine, admin: Headers, event_id: UUID, mode: str = "live", **rule: Any) -> None:
    made = client.post("/api/v1/rules", json=RULE | rule, headers=admin)
    assert made.status_code == 201, made.text
    values = {"event_id": event_id, "rule_id": made.json()["id"], "rule_version": 1, "mode": mode, "scored_at": NOW}
    with database.begin() as connection:
        connection.execute(insert(tables.rule_hits).values(**values))


def test_a_hit_says_what_its_rule_reads(client: TestClient, database: Engine, admin: Headers, viewer: Headers) -> None:
    one = make_assessment(1)
    store(database, one)
    friends = {"name": "friends", "purpose": "allow", "subject": "account"}
    assert client.post("/api/v1/lists", json=friends, headers=admin).status_code == 201
    hit(client, database, admin, one.event_id)
    [found] = client.get(f"/api/v1/risk/{one.event_id}/rules", headers=viewer).json()["items"]
    assert (found["name"], found["mode"], found["points"]) == ("large_abroad", "live", 1.5)
    assert found["event_fields"] == ["account_id", "amount", "hour"]
    assert (found["features"], found["lists"]) == (["amount_to_mean_30d"], ["friends"])


def test_contributions_add_up_from_the_average_event_to_the_score(
    client: TestClient, database: Engine, admin: Headers, viewer: Headers
) -> None:
    # The model that ships, and a rule on top of it.
    unscored = make_assessment(1, scorer=shipped()["version"])
    store(database, unscored)
    url = f"/api/v1/risk/{unscored.event_id}/contributions"
    base = client.get(url, headers=viewer).json()
    assert base["exact"]
    modelled = base["base"] + sum(part["points"] for part in base["parts"])
    with database.begin() as connection:
        score = {"base_score": probability(modelled), "score": probability(modelled + 1.5)}
        connection.execute(update(tables.assessments).values(**score))
    hit(client, database, admin, unscored.event_id, expression="event.amount > 1.0")
    hit(client, database, admin, unscored.event_id, "shadow", name="only_watching", expression="event.amount > 1.0")
    found = client.get(url, headers=viewer).json()
    assert found["base"] + sum(part["points"] for part in found["parts"]) == pytest.approx(found["total"], abs=0.02)
    rules = {part["name"]: part["points"] for part in found["parts"] if part["kind"] == "rule"}
    assert rules == {"large_abroad": 1.5}
    features = {part["name"]: part["value"] for part in found["parts"] if part["kind"] == "feature"}
    known = {name: value for name, value in features.items() if value is not None}
    assert known == {name: float(INDEX[name]) for name in known} != {}
    sizes = [abs(part["points"]) for part in found["parts"]]
    assert sizes == sorted(sizes, reverse=True)


def test_where_no_model_can_tell_the_reasons_are_the_parts_and_the_base_is_the_rest(
    client: TestClient, database: Engine, admin: Headers, viewer: Headers
) -> None:
    # Lifted to CRITICAL by a rule without points.
    one = make_assessment(1, 0.8, base_score=0.2)
    store(database, one)
    hit(client, database, admin, one.event_id, points=None, min_level="CRITICAL", expression="event.amount > 1.0")
    found = client.get(f"/api/v1/risk/{one.event_id}/contributions", headers=viewer).json()
    assert not found["exact"]
    assert found["base"] + sum(part["points"] for part in found["parts"]) == pytest.approx(found["total"])
    assert [part["kind"] for part in found["parts"]] == ["rule", "feature"]
    assert found["parts"][1]["points"] == 1.5


def test_the_neighbourhood_of_an_alert(client: TestClient, database: Engine, viewer: Headers) -> None:
    store(
        database,
        make_assessment(1, 0.1, counterparty_id="kiosk"),
        make_assessment(2, 0.1, counterparty_id="kiosk", scored_at=NOW - timedelta(days=40)),
        make_assessment(3, 0.9, counterparty_id="casino"),
        make_assessment(4, 0.1, counterparty_id=None),
        make_assessment(5, 0.9, account_id="bob", counterparty_id="casino"),
        make_assessment(6, 0.1, account_id="carol", counterparty_id="kiosk"),
        make_assessment(7, 0.9, account_id="nobody of theirs", counterparty_id="elsewhere"),
    )
    alert = open_alert(database, 1, counterparty_id="kiosk")
    known = open_alert(database, 2, account_id="bob", counterparty_id="casino")
    with database.begin() as connection:
        done = update(tables.alerts).where(tables.alerts.c.id == known.id)
        connection.execute(done.values(status="resolved", disposition="confirmed_risk"))
    found = client.get(f"/api/v1/alerts/{alert.id}/related", headers=viewer).json()
    assert (found["account_id"], found["events"]) == ("ada", 4)
    links = [(one["account_id"], one["counterparty_id"], one["events"], one["risky"]) for one in found["links"]]
    # The alert's own counterparty first, then the riskiest.
    assert links == [
        ("ada", "kiosk", 2, 0), ("ada", "casino", 1, 1), ("bob", "casino", 1, 1), ("carol", "kiosk", 1, 0),
    ]  # fmt: skip
    nodes = {(one["kind"], one["id"]): (one["unresolved"], one["confirmed"]) for one in found["nodes"]}
    assert nodes == {
        ("account", "ada"): (1, 0),
        ("counterparty", "kiosk"): (1, 0),
        ("counterparty", "casino"): (0, 1),
        ("account", "bob"): (0, 1),
        ("account", "carol"): (0, 0),
    }


def test_an_unknown_event_or_alert_has_no_evidence(client: TestClient, viewer: Headers) -> None:
    missing = "9b2f6c1e-58a4-4f0e-8f57-0d8a4f3a7c11"
    for path in (f"risk/{missing}/rules", f"risk/{missing}/contributions", f"alerts/{missing}/related"):
        assert client.get(f"/api/v1/{path}", headers=viewer).status_code == 404
