"""Knowledge that is found by what it means: passages and questions as vectors, made by an embedding model over HTTP."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func, select

from functions.api.explanations.language_model import indexing
from functions.api.explanations.language_model.budget import Spent
from functions.api.explanations.language_model.circuit_breaker import FAILURES
from functions.api.http.services import Services
from risk.domain.assessment import Assessment
from risk.store.db.tables import knowledge_passages
from tests.integration.test_api.support import set_up_model, store, valkey_of
from tests.integration.test_api.test_api_explain import ask, takeover
from tests.openai_server import Document, OpenAiServer, Reply, embeddings

QUESTION = "Who signs off big paybacks?"
POLICY = (
    "# Reimbursement policy\n\nReimbursements above 900 EUR need two pairs of eyes. Write to ada.lovelace@example.com."
)
MEANS = {"who": "people", "eyes": "people", "signs": "approve", "pairs": "approve", "big": "above"}
MEANS |= {"paybacks": "refund", "reimbursements": "refund", "reimbursement": "refund"}


def knowing(request: Document) -> Reply:
    """An embedding model that knows some words of one meaning."""
    texts = [re.sub(r"\w+", lambda word: MEANS.get(word[0].lower(), word[0]), text) for text in request["input"]]
    return embeddings(request | {"input": texts})


@pytest.fixture
def event(database: Engine) -> Assessment:
    found = takeover()
    store(database, found)
    return found


@pytest.fixture
def policy(client: TestClient, admin: dict[str, str], model: OpenAiServer) -> None:
    headers = admin | {"content-type": "text/markdown"}
    made = client.post("/api/v1/knowledge?name=reimbursements", content=POLICY.encode(), headers=headers)
    assert made.status_code == 201, made.text
    model.embed = knowing


def index(services: Services) -> int:
    return indexing.run(services, datetime.now(UTC))["embedded"]


def cited(client: TestClient, headers: dict[str, str], event: Assessment, question: str = QUESTION) -> list[str]:
    found = ask(client, headers, event_id=str(event.event_id), question=question)
    return [one["text"] for one in found["evidence"] if one["kind"] == "knowledge"]


def is_found(texts: list[str]) -> bool:
    return any("two pairs of eyes" in text for text in texts)


def by_model(database: Engine) -> dict[str | None, int]:
    c = knowledge_passages.c
    with database.connect() as connection:
        rows = connection.execute(select(c.embedding_model, func.count()).group_by(c.embedding_model))
        return {row[0]: row[1] for row in rows}


def test_a_passage_that_no_word_finds_is_found_by_what_it_means(
    client: TestClient, analyst: dict[str, str], api_services: Services, event: Assessment, policy: None
) -> None:
    assert not is_found(cited(client, analyst, event))
    assert index(api_services) > 60
    assert is_found(cited(client, analyst, event))
    assert index(api_services) == 0


def test_without_vectors_nothing_is_asked_for_them(
    client: TestClient, analyst: dict[str, str], api_services: Services, event: Assessment, model: OpenAiServer
) -> None:
    cited(client, analyst, event)
    assert model.embedded == []
    index(api_services)
    batches = len(model.embedded)
    ask(client, analyst, event_id=str(event.event_id))
    assert len(model.embedded) == batches
    for none in ({"openai_embedding_model": ""}, {"rag_enabled": False}, {"openai_api_key": ""}):
        set_up_model(api_services, model, **none)
        assert index(api_services) == 0
        cited(client, analyst, event, "And now?")
    assert len(model.embedded) == batches


BAD: dict[str, Any] = {
    "429": lambda _: Reply(status=429, headers={"retry-after": "30"}),
    "500": lambda _: Reply(status=500),
    "401": lambda _: Reply(status=401),
    "slow": lambda one: Reply(knowing(one).content, delay=2.5),
    "another length": lambda one: knowing(one | {"dimensions": 8}),
    "no JSON": lambda _: Reply("vectors!"),
    "no object": lambda _: Reply("[]"),
    "no vectors": lambda _: Reply('{"object": "list", "data": []}'),
    "words": lambda _: Reply('{"data": [{"index": 0, "embedding": ["a", "b"]}]}'),
    "nothing": lambda _: Reply('{"data": [{"index": 0, "embedding": []}]}'),
    "no direction": lambda _: Reply('{"data": [{"index": 0, "embedding": [0.0, 0.0]}]}'),
    "beyond numbers": lambda _: Reply('{"data": [{"index": 0, "embedding": [1e300, NaN]}]}'),
    "another place": lambda _: Reply('{"data": [{"index": 7, "embedding": [1.0]}]}'),
}


def test_whatever_the_embedding_model_does_full_text_answers(
    client: TestClient, analyst: dict[str, str], api_services: Services, event: Assessment, policy: None, model: Any
) -> None:
    index(api_services)
    for behaviour, script in BAD.items():
        valkey_of(api_services).flushall()  # the breakers are closed
        model.embed = script
        found = ask(client, analyst, event_id=str(event.event_id), question=f"{QUESTION} {behaviour}")
        assert found["source"] == "model", behaviour
        assert found["notice"] is None, behaviour
        assert not is_found([one["text"] for one in found["evidence"]]), behaviour
    model.embed = knowing
    assert is_found(cited(client, analyst, event))


def test_passages_that_could_not_be_embedded_wait_for_the_next_time(
    api_services: Services, policy: None, model: OpenAiServer, database: Engine
) -> None:
    for behaviour in ("429", "401", "no vectors", "words", "another place"):
        valkey_of(api_services).flushall()
        model.embed = BAD[behaviour]
        assert index(api_services) == 0, behaviour
        assert set(by_model(database)) == {None}
    model.embed = knowing
    assert index(api_services) == sum(by_model(database).values())
    assert set(by_model(database)) == {"vectors-1"}


def test_what_was_embedded_before_a_failure_stays(
    api_services: Services, policy: None, model: OpenAiServer, database: Engine
) -> None:
    model.embed = lambda one: knowing(one) if len(model.embedded) < 3 else Reply(status=401)
    assert index(api_services) == 2 * indexing.BATCH
    assert by_model(database)["vectors-1"] == 2 * indexing.BATCH
    assert all(len(one["input"]) <= indexing.BATCH for one in model.embedded)


def test_another_model_embeds_anew_and_no_vectors_of_two_are_compared(
    client: TestClient, analyst: dict[str, str], api_services: Services, event: Assessment, policy: None, model: Any
) -> None:
    count = index(api_services)
    set_up_model(api_services, model, openai_embedding_model="vectors-2")
    assert not is_found(cited(client, analyst, event))
    assert index(api_services) == count
    assert is_found(cited(client, analyst, event))
    assert set(by_model(api_services.database)) == {"vectors-2"}


def test_a_name_that_stands_for_another_model_now_embeds_anew_too(
    client: TestClient, admin: dict[str, str], api_services: Services, policy: None, model: OpenAiServer
) -> None:
    count = index(api_services)
    model.embed = lambda one: knowing(one | {"dimensions": 64})
    headers = admin | {"content-type": "text/plain"}
    assert (
        client.post(
            "/api/v1/knowledge?name=another", content=b"One more policy, of a few words.", headers=headers
        ).status_code
        == 201
    )
    assert index(api_services) == count + 1


def test_vectors_are_paid_for_from_the_days_budget(
    client: TestClient, analyst: dict[str, str], api_services: Services, event: Assessment, policy: None, model: Any
) -> None:
    assert api_services.answering is not None
    budget, now = api_services.answering.gate.budget, datetime.now(UTC)
    index(api_services)
    tokens = sum(len(text.split()) for one in model.embedded for text in one["input"])
    spent = budget.spent(now)
    assert spent.tokens == tokens
    assert tokens * 0.02 <= spent.micros <= tokens * 0.02 + len(model.embedded)
    set_up_model(api_services, model, openai_embedding_model="vectors-2", openai_tokens_per_day=spent.tokens + 50)
    asked = len(model.embedded)
    assert index(api_services) == 0
    assert len(model.embedded) == asked
    assert budget.spent(now) == spent
    assert budget.of(embedded=1) == Spent(1, 1)


def test_an_embedding_model_that_keeps_failing_is_left_alone_and_the_other_is_not(
    client: TestClient, analyst: dict[str, str], api_services: Services, event: Assessment, policy: None, model: Any
) -> None:
    index(api_services)
    model.embed = lambda _: Reply(status=404)
    before = len(model.embedded)
    for number in range(FAILURES + 2):
        found = ask(client, analyst, event_id=str(event.event_id), question=f"Question {number}?")
        assert found["source"] == "model"
    assert len(model.embedded) == before + FAILURES


def test_what_tells_of_a_person_does_not_leave_for_a_vector_either(
    client: TestClient, analyst: dict[str, str], api_services: Services, event: Assessment, policy: None, model: Any
) -> None:
    index(api_services)
    cited(client, analyst, event, "Has ada paid from 10.1.2.3 before?")
    sent = json.dumps(model.embedded)
    assert "Has ACCOUNT_A paid from ADDRESS_A before?" in sent
    assert [one for one in ("lovelace", "10.1.2.3", " ada ") if one in sent] == []
    set_up_model(api_services, model, openai_embedding_model="vectors-2", rag_personal_data=True)
    index(api_services)
    assert "lovelace" in json.dumps(model.embedded)
