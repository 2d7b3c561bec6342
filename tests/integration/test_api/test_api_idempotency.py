"""A request sent twice under one key is carried out once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func, select, text, update

from functions.api.http.services import Services
from risk.store.db import tables
from risk.store.rules import lists
from tests.integration.test_api.support import app_on

LISTS = "/api/v1/lists"
KEYS = "/api/v1/api-keys"
NEW = {"name": "bad", "purpose": "deny", "subject": "account"}


def keyed(headers: dict[str, str], key: str = "5f1d2b0e") -> dict[str, str]:
    return headers | {"Idempotency-Key": key}


def rows(database: Engine, table: Any = tables.lists) -> int:
    with database.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_the_second_answer_is_the_first_and_nothing_happens(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    first = client.post(LISTS, json=NEW, headers=keyed(admin))
    second = client.post(LISTS, json=NEW, headers=keyed(admin))
    assert (first.status_code, first.content) == (second.status_code, second.content) == (201, first.content)
    assert second.headers["content-type"] == first.headers["content-type"]
    assert ("idempotency-replayed" in first.headers, second.headers["idempotency-replayed"]) == (False, "true")
    assert client.post(LISTS, json=NEW, headers=admin).status_code == 409


def test_a_secret_that_is_shown_once_is_in_the_second_answer_and_not_readable_in_the_database(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    body = {"name": "a machine", "scopes": ["risk:read"]}
    first, second = (client.post(KEYS, json=body, headers=keyed(admin)) for _ in range(2))
    assert first.json() == second.json()
    assert rows(database, tables.api_keys) == 1
    with database.connect() as connection:
        [kept] = connection.scalars(select(tables.idempotency_keys.c.answer)).all()
    assert first.json()["key"].encode() not in kept


def test_an_entity_tag_comes_again_with_the_answer(client: TestClient, admin: dict[str, str]) -> None:
    body = {"email": "grace@risk.local"}
    first, second = (client.post("/api/v1/users/invite", json=body, headers=keyed(admin)) for _ in range(2))
    assert (first.status_code, first.headers["etag"]) == (second.status_code, second.headers["etag"])


@pytest.mark.parametrize(("url", "body"), [(LISTS, NEW | {"name": "other"}), (KEYS, NEW), (LISTS, NEW | {"x": 1})])
def test_a_key_is_for_one_request(client: TestClient, admin: dict[str, str], url: str, body: dict[str, Any]) -> None:
    client.post(LISTS, json=NEW, headers=keyed(admin))
    answer = client.post(url, json=body, headers=keyed(admin))
    assert answer.status_code == 422
    if "x" not in body and url != KEYS:
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_people_do_not_see_each_others_keys(client: TestClient, admin: dict[str, str], analyst: dict[str, str]) -> None:
    client.post(LISTS, json=NEW, headers=keyed(admin))
    answer = client.post(LISTS, json=NEW, headers=keyed(analyst))
    assert (answer.status_code, "idempotency-replayed" in answer.headers) == (403, False)


def test_who_may_not_do_it_any_more_gets_no_answer_of_then(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    client.post(LISTS, json=NEW, headers=keyed(admin))
    with database.begin() as connection:
        connection.execute(update(tables.users).values(role="viewer"))
    assert client.post(LISTS, json=NEW, headers=keyed(admin)).status_code == 403


def test_what_was_refused_may_be_tried_again_under_its_key(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    client.post(LISTS, json=NEW, headers=admin)
    assert client.post(LISTS, json=NEW, headers=keyed(admin)).status_code == 409
    with database.begin() as connection:
        connection.execute(text("DELETE FROM lists"))
    assert client.post(LISTS, json=NEW, headers=keyed(admin)).status_code == 201


def test_of_two_at_once_one_is_carried_out_and_the_other_told(
    api_services: Services, admin: dict[str, str], database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go_on = threading.Event(), threading.Event()
    create = lists.create

    def slow(*arguments: Any, **named: Any) -> None:
        entered.set()
        assert go_on.wait(10)
        create(*arguments, **named)

    monkeypatch.setattr(lists, "create", slow)
    with TestClient(app_on(api_services)) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, LISTS, json=NEW, headers=keyed(admin))
        assert entered.wait(10)
        second = client.post(LISTS, json=NEW, headers=keyed(admin))
        go_on.set()
        assert (second.status_code, second.json()["type"]) == (409, "urn:problem:conflict")
        assert first.result(10).status_code == 201
        third = client.post(LISTS, json=NEW, headers=keyed(admin))
    assert (third.status_code, third.headers["idempotency-replayed"]) == (201, "true")


def test_an_answer_that_was_lost_is_not_made_up_by_doing_it_again(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    client.post(LISTS, json=NEW, headers=keyed(admin))
    with database.begin() as connection:
        connection.execute(update(tables.idempotency_keys).values(answer=None))  # as after a crash between the two
        connection.execute(text("DELETE FROM lists"))
    answer = client.post(LISTS, json=NEW, headers=keyed(admin))
    assert (answer.status_code, "lost" in answer.json()["detail"], rows(database)) == (409, True, 0)
    with database.begin() as connection:
        connection.execute(update(tables.idempotency_keys).values(answer=b"sealed with another key"))
    assert client.post(LISTS, json=NEW, headers=keyed(admin)).status_code == 409


def test_after_a_day_a_key_is_forgotten(client: TestClient, admin: dict[str, str], database: Engine) -> None:
    client.post(LISTS, json=NEW, headers=keyed(admin))
    with database.begin() as connection:
        c = tables.idempotency_keys.c
        connection.execute(update(tables.idempotency_keys).values(created_at=c.created_at - timedelta(hours=25)))
    assert client.post(LISTS, json=NEW | {"name": "other"}, headers=keyed(admin)).status_code == 201
    assert rows(database, tables.idempotency_keys) == 1


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b"])
def test_a_key_that_is_none_is_named(client: TestClient, admin: dict[str, str], key: str) -> None:
    answer = client.post(LISTS, json=NEW, headers=keyed(admin, key))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
