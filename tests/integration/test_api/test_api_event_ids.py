"""The sender's own event ids: bound to their source, found, opened and labelled by it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from risk.domain.assessment import Assessment
from risk.domain.event_ids import EventId
from risk.domain.events import Event, Label, parse_record
from risk.domain.label_origin import SentId, is_genuine
from risk.features.profiles.observation import SENT, Observation
from tests.integration.test_api.support import KEY, Recorder, an_event, make_assessment, store

ORDER = "order-2024/000017 ä"
URL = "/api/v1/events"
SEEN = {*Observation._fields[:SENT], "occurred_at"} - {"at"}


def key_of(client: TestClient, admin: dict[str, str], name: str, *scopes: str, **more: str) -> dict[str, str]:
    body = {"name": name, "scopes": ["events:write", *scopes], **more}
    answer = client.post("/api/v1/api-keys", json=body, headers=admin)
    assert answer.status_code == 201, answer.text
    return {"X-API-Key": answer.json()["key"]}


def sent(kinesis: Recorder) -> list[Event]:
    records = [parse_record(put["data"], datetime.now(UTC)) for put in kinesis.puts]
    return [record for record in records if isinstance(record, Event)]


def score(database: Engine, kinesis: Recorder) -> list[Assessment]:
    """Assessments of all that was sent, as the engine stores them."""
    found = [
        make_assessment(
            number,
            0.5,
            event_source=event.event_source,
            event_id=event.event_id,
            **event.model_dump(include=SEEN),
        )
        for number, event in enumerate(sent(kinesis), start=1)
    ]
    store(database, *found)
    return found


def test_an_event_is_found_and_opened_by_the_id_that_its_sender_gave_it(
    client: TestClient, admin: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    shop = key_of(client, admin, "shop")
    answer = client.post(URL, json=an_event() | {"event_id": ORDER}, headers=shop)
    assert (answer.status_code, answer.json()["event_id"], answer.json()["event_source"]) == (202, ORDER, "key:shop")
    [scored] = score(database, kinesis)
    for part in ("order-2024", "ORDER-2024/0", ORDER):
        [hit] = client.get("/api/v1/search", params={"text": part}, headers=admin).json()["items"]
        assert (hit["kind"], hit["id"], hit["event_source"]) == ("event", ORDER, "key:shop")
    for path in (quote(ORDER), quote(ORDER, safe="")):
        opened = client.get(f"/api/v1/risk/{path}", headers=admin)
        assert (opened.status_code, opened.json()["event_id"]) == (200, ORDER), opened.text
        for part in ("labels", "rules", "contributions"):
            assert client.get(f"/api/v1/risk/{path}/{part}", headers=admin).status_code == 200
    explained = client.post("/api/v1/explain/risk", json={"event_id": ORDER}, headers=admin)
    assert explained.json()["event_id"] == ORDER
    history = client.get("/api/v1/risk/history", headers=admin)
    assert [item["event_id"] for item in history.json()["items"]] == [ORDER]
    everything = history.text + explained.text + opened.text
    assert str(scored.event_id.key) not in everything  # a UUID that its sender does not know


def test_nobody_takes_the_id_of_anothers_payment_to_come(
    client: TestClient, admin: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    """With the shop's own id, one that is a UUID, or the key that the shop's id will be stored under."""
    shop, rival = key_of(client, admin, "shop", "risk:read"), key_of(client, admin, "rival", "risk:read")
    uuid = str(uuid4())
    taken = [ORDER, uuid, str(EventId.of(ORDER, "key:shop").key), str(EventId.of(uuid, "key:shop").key)]
    for event_id in taken:
        for who in (rival, admin):
            client.post(URL, json=an_event(amount="1.00") | {"event_id": event_id}, headers=who)
    score(database, kinesis)
    kinesis.puts.clear()
    for event_id in (ORDER, uuid):
        answer = client.post(URL, json=an_event(amount="840.00") | {"event_id": event_id}, headers=shop)
        assert answer.status_code == 202, answer.text
    mine = sent(kinesis)
    assert [event.amount for event in mine] == [840, 840]
    with database.connect() as connection:
        known = {row[0] for row in connection.execute(text("SELECT event_id FROM assessment_keys"))}
    assert not known & {event.event_id.key for event in mine}
    assert all(is_genuine(SentId(one.event_source, one.event_id.text, one.proof), KEY) for one in mine)
    assert not any(is_genuine(SentId(one.event_source, one.event_id.text), KEY) for one in mine)
    assert {event.event_source for event in mine} == {"key:shop"}


def test_who_sends_does_not_say_whose_ids_they_are(client: TestClient, admin: dict[str, str]) -> None:
    rival = key_of(client, admin, "rival")
    for name, value in (("event_source", "key:shop"), ("proof", "0" * 64)):
        answer = client.post(URL, json=an_event() | {name: value}, headers=rival)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, name)
    body = {"name": "rival", "scopes": ["events:write"], "event_source": "key:shop"}
    assert client.post("/api/v1/api-keys", json=body, headers=admin).status_code == 422


def test_an_id_of_two_sources_is_ones_own_first_and_a_choice_for_people(
    client: TestClient, admin: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    shop, bank = key_of(client, admin, "shop", "risk:read"), key_of(client, admin, "bank", "risk:read")
    other = key_of(client, admin, "other", "risk:read")
    client.post(URL, json=an_event(account_id="ada") | {"event_id": "7"}, headers=shop)
    client.post(URL, json=an_event(account_id="bob") | {"event_id": "7"}, headers=bank)
    score(database, kinesis)
    for who, account in ((shop, "ada"), (bank, "bob")):
        assert client.get("/api/v1/risk/7", headers=who).json()["account_id"] == account
    for who in (admin, other):
        answer = client.get("/api/v1/risk/7", headers=who)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem:conflict")
        assert "key:bank, key:shop" in answer.json()["detail"]
    chosen = client.get("/api/v1/risk/7", params={"event_source": "key:bank"}, headers=admin)
    assert chosen.json()["account_id"] == "bob"
    assert client.get("/api/v1/risk/7", params={"event_source": "key:none"}, headers=admin).status_code == 404


def test_a_replacement_of_a_key_goes_on_with_its_ids(
    client: TestClient, admin: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    event = an_event() | {"event_id": ORDER}
    first = client.post(URL, json=event, headers=key_of(client, admin, "shop")).json()
    score(database, kinesis)
    kinesis.puts.clear()
    again = client.post(URL, json=event, headers=key_of(client, admin, "shop"))
    assert (again.status_code, again.json(), kinesis.puts) == (202, first, [])


def test_labels_by_rest_name_events_by_their_sources_transaction_id(
    client: TestClient, admin: dict[str, str], database: Engine, kinesis: Recorder
) -> None:
    tables = {"one": "ada", "two": "bob"}  # two tables with the ids 900001 to 900003
    scored = [
        make_assessment(10 * place + number, event_source=source, event_id=f"90000{number}", account_id=account)
        for place, (source, account) in enumerate(tables.items())
        for number in (1, 2, 3)
    ]
    store(database, *scored)
    rows: list[dict[str, Any]] = [
        {"event_id": "900001", "event_source": "one", "fraud": True},
        {"event_id": "900001", "event_source": "two", "fraud": False},
        {"event_id": "900002", "fraud": True},
        {"event_id": "900004", "fraud": True},
    ]
    answer = client.post("/api/v1/labels", json=rows, headers=admin).json()
    assert [item["status"] for item in answer["items"]] == ["accepted", "accepted", "ambiguous", "unknown"]
    assert "one, two" in answer["items"][2]["detail"]
    found = [Label.model_validate(json.loads(put["data"])) for put in kinesis.puts]
    assert {(label.event_id, label.fraud) for label in found} == {
        (scored[0].event_id, True),
        (scored[3].event_id, False),
    }
    kinesis.puts.clear()
    two = key_of(client, admin, "disputes", "labels:write", event_source="two")
    csv = "event_id,fraud,known_at,source\n900003,1,,chargebacks\n"
    sent_csv = client.post("/api/v1/labels", content=csv, headers=two | {"content-type": "text/csv"})
    assert sent_csv.json()["accepted"] == 1, sent_csv.text
    assert [json.loads(put["data"])["event_source"] for put in kinesis.puts] == ["two"]
    label = {"fraud": True, "source": "chargebacks"}
    by_path = client.post("/api/v1/risk/900002/label", params={"event_source": "one"}, json=label, headers=admin)
    assert (by_path.json()["event_source"], by_path.json()["event_id"]) == ("one", "900002")


def test_a_refund_names_what_it_undoes_and_that_names_its_refunds(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    shop: dict[str, Any] = {"event_source": "key:shop"}
    store(
        database,
        make_assessment(1, **shop, event_id=ORDER),
        make_assessment(2, event_id=ORDER),  # of another source
        make_assessment(3, **shop, event_id="refund-1", event_type="refund", original_event_id=ORDER, amount="40.00"),
        make_assessment(4, **shop, event_id="refund-2", event_type="reversal", original_event_id=ORDER),
        make_assessment(5, event_id="refund-3", event_type="refund", original_event_id="order-0"),
    )
    of_shop = client.get(f"/api/v1/risk/{quote(ORDER)}", params=shop, headers=admin).json()
    told = [(one["event_source"], one["event_id"], one["event_type"], one["amount"]) for one in of_shop["undone_by"]]
    assert told == [("key:shop", "refund-1", "refund", "40"), ("key:shop", "refund-2", "reversal", "840.5")]
    refund = client.get("/api/v1/risk/refund-1", headers=admin).json()
    assert (refund["original_event_id"], refund["undone_by"]) == (ORDER, [])
    other = client.get(f"/api/v1/risk/{quote(ORDER)}", params={"event_source": "stream"}, headers=admin).json()
    assert (other["original_event_id"], other["undone_by"]) == (None, [])
