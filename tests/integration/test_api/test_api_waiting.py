"""While a model writes, no connection of the database waits with it; what counts is what holds when it is done."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine, delete, func, select, text, update

from functions.api.explanations.language_model import indexing
from functions.api.http.services import Services
from risk.domain.assessment import Assessment
from risk.store.audit import audit_log
from risk.store.db import tables
from risk.store.explanations import explanations
from tests.integration.test_api.support import NOW, app_on, store
from tests.integration.test_api.test_api_explain import PATH, ask, takeover
from tests.openai_server import Document, OpenAiServer, Reply, embeddings, honest


@pytest.fixture
def event(database: Engine) -> Assessment:
    found = takeover()
    store(database, found)
    return found


def count(database: Engine, table: Any) -> int:
    with database.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def meanwhile(model: OpenAiServer, do: Any) -> None:
    """Have the model write only when ``do`` is done."""

    def script(document: Document) -> Reply:
        do()
        return honest(document)

    model.script = script


def test_no_connection_is_held_and_no_transaction_is_open_while_models_are_asked(
    client: TestClient,
    analyst: dict[str, str],
    api_services: Services,
    database: Engine,
    event: Assessment,
    model: OpenAiServer,
) -> None:
    indexing.run(api_services, NOW)
    watcher = create_engine(database.url)
    seen: list[tuple[int, list[str]]] = []

    def look() -> None:
        sql = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with watcher.connect() as connection:
            states = list(connection.scalars(text(sql)))
        seen.append((api_services.database.pool.checkedout(), states))  # type: ignore[attr-defined]  # QueuePool has it

    def embed(request: Document) -> Reply:
        look()
        return embeddings(request)

    meanwhile(model, look)
    model.embed = embed
    ask(client, analyst, event_id=str(event.event_id), question="Was the device known?")
    watcher.dispose()
    assert len(seen) == 2
    for held, states in seen:
        assert held == 0
        assert states
        assert set(states) == {"idle"}


def test_who_may_not_ask_any_more_gets_no_answer(
    client: TestClient, analyst: dict[str, str], database: Engine, event: Assessment, model: OpenAiServer
) -> None:
    def demote() -> None:
        with database.begin() as connection:
            connection.execute(update(tables.users).values(role="viewer"))

    meanwhile(model, demote)
    answer = client.post(PATH, json={"event_id": str(event.event_id)}, headers=analyst)
    assert answer.status_code == 403
    assert len(model.requests) == 1
    assert count(database, tables.explanations) == 0
    with database.connect() as connection:
        (logged,) = audit_log.page(connection, audit_log.Filter(action="explain_risk"), limit=5)
    assert json.loads(logged.record)["outcome"] == "refused"


def test_who_may_not_ask_at_all_costs_nothing(
    client: TestClient, viewer: dict[str, str], event: Assessment, model: OpenAiServer
) -> None:
    assert client.post(PATH, json={"event_id": str(event.event_id)}, headers=viewer).status_code == 403
    assert model.requests == []


def test_what_cannot_be_logged_is_not_given_and_not_stored(
    client: TestClient,
    analyst: dict[str, str],
    database: Engine,
    event: Assessment,
    model: OpenAiServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the audit log is full")

    monkeypatch.setattr(audit_log, "append", fail)
    answer = client.post(PATH, json={"event_id": str(event.event_id)}, headers=analyst)
    assert answer.status_code == 500
    assert len(model.requests) == 1
    assert count(database, tables.explanations) == 0


def test_a_kept_answer_that_is_gone_is_kept_again_and_one_that_is_there_once(
    client: TestClient, analyst: dict[str, str], database: Engine, event: Assessment, model: OpenAiServer
) -> None:
    first = ask(client, analyst, event_id=str(event.event_id))
    assert ask(client, analyst, event_id=str(event.event_id)) == first
    assert count(database, tables.explanations) == 1
    recall = explanations.recall

    def then_gone(*arguments: Any, **named: Any) -> Any:
        found = recall(*arguments, **named)
        with database.begin() as connection:
            connection.execute(delete(tables.explanations))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explanations, "recall", then_gone)
        assert ask(client, analyst, event_id=str(event.event_id)) == first
    assert count(database, tables.explanations) == 1
    assert len(model.requests) == 1


def test_a_request_sent_again_under_its_key_asks_no_model_again(
    client: TestClient, analyst: dict[str, str], database: Engine, event: Assessment, model: OpenAiServer
) -> None:
    body = {"event_id": str(event.event_id), "question": "Was the device known?"}
    headers = analyst | {"Idempotency-Key": "once"}
    model.scripts = [lambda _: Reply(status=401)]  # such an answer is not found again as what a model wrote
    first, second = (client.post(PATH, json=body, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()["source"]) == (200, "template")
    assert second.content == first.content
    assert second.headers["idempotency-replayed"] == "true"
    assert len(model.requests) == 1
    assert count(database, tables.explanations) == 1
    assert client.post(PATH, json={**body, "question": "Else?"}, headers=headers).status_code == 422
    assert len(model.requests) == 1


def test_of_two_at_once_under_one_key_one_asks_and_the_other_is_told(
    api_services: Services, analyst: dict[str, str], event: Assessment, model: OpenAiServer
) -> None:
    entered, go_on = Event(), Event()

    def wait() -> None:
        entered.set()
        go_on.wait(2)

    meanwhile(model, wait)
    headers = analyst | {"Idempotency-Key": "once"}
    body = {"event_id": str(event.event_id)}
    with TestClient(app_on(api_services)) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, PATH, json=body, headers=headers)
        assert entered.wait(10)
        second = client.post(PATH, json=body, headers=headers)
        other = client.get("/api/v1/auth/me", headers=analyst)
        go_on.set()
        assert (second.status_code, second.json()["type"]) == (409, "urn:problem:conflict")
        assert other.status_code == 200
        assert first.result(10).status_code == 200
        third = client.post(PATH, json=body, headers=headers)
    assert (third.status_code, third.headers["idempotency-replayed"]) == (200, "true")
    assert len(model.requests) == 1


def test_a_request_that_failed_may_be_sent_again_under_its_key(
    client: TestClient, analyst: dict[str, str], event: Assessment, model: OpenAiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = analyst | {"Idempotency-Key": "once"}
    body = {"event_id": str(event.event_id)}
    with monkeypatch.context() as patch:
        patch.setattr(audit_log, "append", lambda *_: 1 / 0)
        assert client.post(PATH, json=body, headers=headers).status_code == 500
    assert client.post(PATH, json=body, headers=headers).status_code == 200
