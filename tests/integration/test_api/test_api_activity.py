"""What one account or one counterparty did lately, and who asked for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert, select

from risk.store.assessments import entity_activity
from risk.store.db import tables
from tests.integration.test_api.support import NOW, make_assessment, store

ACCOUNTS, COUNTERPARTIES = "/api/v1/accounts", "/api/v1/counterparties"


def label(database: Engine, event_id: object, *, fraud: bool, known_at: datetime, sequence: int) -> None:
    with database.begin() as connection:
        connection.execute(
            insert(tables.labels).values(
                event_id=event_id, fraud=fraud, known_at=known_at, source="x", received_at=known_at, sequence=sequence
            )
        )


def test_an_account_shows_what_it_did_and_whom_it_met(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    risky = make_assessment(3, 0.9, counterparty_id="kiosk", amount="12.50")
    store(database, make_assessment(1), make_assessment(2), risky, make_assessment(4, account_id="bob"))
    # The label known last counts, whichever came last.
    label(database, risky.event_id, fraud=True, known_at=NOW, sequence=10)
    label(database, risky.event_id, fraud=False, known_at=datetime(2026, 1, 1, tzinfo=UTC), sequence=11)
    answer = client.get(f"{ACCOUNTS}/ada", headers=viewer)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["id"], found["events"], found["complete"]) == ("ada", 3, True)
    assert found["by_level"] == {"LOW": 2, "MEDIUM": 0, "HIGH": 0, "CRITICAL": 1}
    assert found["labels"] == {"fraud": 1, "legitimate": 0}
    assert [(one["id"], one["events"], one["top_level"]) for one in found["related"]] == [
        ("shop", 2, "LOW"),
        ("kiosk", 1, "CRITICAL"),
    ]
    assert [point["score"] for point in found["scores"]] == [0.1, 0.1, 0.9]
    assert (found["amounts"][0]["largest"], found["amounts"][0]["median"]) == ("840.5", "840.5")


def test_a_counterparty_shows_whose_events_it_had(client: TestClient, viewer: dict[str, str], database: Engine) -> None:
    store(database, make_assessment(1), make_assessment(2, account_id="bob"), make_assessment(3, account_id="bob"))
    found = client.get(f"{COUNTERPARTIES}/shop", headers=viewer).json()
    assert [(one["id"], one["events"]) for one in found["related"]] == [("bob", 2), ("ada", 1)]


def test_an_id_may_hold_a_slash(client: TestClient, viewer: dict[str, str], database: Engine) -> None:
    store(database, make_assessment(1, account_id="acme/42 ?"))
    assert client.get(f"{ACCOUNTS}/acme%2F42%20%3F", headers=viewer).json()["id"] == "acme/42 ?"


def test_who_was_never_seen_is_not_found(client: TestClient, viewer: dict[str, str]) -> None:
    answer = client.get(f"{ACCOUNTS}/nobody", headers=viewer)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:problem:not-found")
    assert "nobody" in answer.json()["detail"]


def test_of_many_assessments_the_newest_count_and_the_first_is_known(
    client: TestClient, viewer: dict[str, str], database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = datetime(2026, 2, 1, tzinfo=UTC)
    store(database, make_assessment(1, 0.9, occurred_at=first), *(make_assessment(n) for n in range(2, 6)))
    monkeypatch.setattr(entity_activity, "NEWEST", 4)
    found = client.get(f"{ACCOUNTS}/ada", headers=viewer).json()
    assert (found["events"], found["complete"], found["by_level"]["CRITICAL"]) == (4, False, 0)
    assert datetime.fromisoformat(found["first_at"]) == first


def test_reading_it_is_in_the_audit_log_and_the_id_can_be_erased(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    store(database, make_assessment(1))
    client.get(f"{ACCOUNTS}/ada", headers=viewer)
    client.get(f"{COUNTERPARTIES}/shop", headers=viewer)
    with database.begin() as connection:
        log = connection.execute(select(tables.audit_log).order_by(tables.audit_log.c.seq)).all()
        kept = set(connection.scalars(select(tables.audit_personal.c.value)))
    assert [row.action for row in log] == ["get_account", "get_counterparty"]
    assert {"ada", "shop"} <= kept
    # In quotes: three letters that are hexadecimal digits come up in a hash by chance.
    assert all(b'"ada"' not in row.record and b'"shop"' not in row.record for row in log)
