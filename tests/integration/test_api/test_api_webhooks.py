"""Webhooks: made, signed, retried, in order, given up and replayed; against a real receiver."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, func, select, update
from standardwebhooks import Webhook, WebhookVerificationError

from functions.api.http.services import Services
from functions.maintenance import webhooks as maintenance
from functions.webhooks.worker import Worker
from risk.config.settings import WebhookSettings
from risk.store.alerts import webhook_deliveries
from risk.store.db import tables
from risk.store.db.engine import create_pool
from risk.store.db.roles import DatabaseRole
from tests.integration.test_api.support import KEY, Recorder, app_on, make_assessment, open_alert, settings_for
from tests.integration.test_api.test_api_desk import all_alerts, by_engine
from tests.receiver import Receiver
from tests.services import Services as Shared

ALERTS, URL = "/api/v1/alerts", "/api/v1/webhooks"
SENDERS: dict[Engine, Engine] = {}
d = tables.webhook_deliveries.c


@pytest.fixture
def client(api_services: Services) -> Iterator[TestClient]:
    """The API of an installation that lets webhooks go to this machine."""
    given = api_services.settings
    api_services.settings = given.model_copy(update={"webhook_private_targets": True})
    with TestClient(app_on(api_services), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver().up()
    yield receiver
    receiver.down()


@pytest.fixture
def pool(services: Shared, database: Engine, owner_url: str, api_services: Services) -> Iterator[Engine]:
    """What tests store with; the sender has connections of its own, with its own rights."""
    own_url = services.as_role(owner_url, DatabaseRole.WEBHOOKS)
    SENDERS[database] = create_pool(own_url, application="webhooks", size=8)
    yield database
    SENDERS.pop(database).dispose()


def work(pool: Engine, **others: Any) -> dict[str, int]:
    """One run of the sender. A minute is a few hundredths of a second here."""
    given: dict[str, Any] = {"webhook_first_wait": 0.02, "webhook_timeout": 1.0, "webhook_private_targets": True}
    settings = WebhookSettings(_env_file=None, webhook_key=SecretStr(KEY[::-1]), **(given | others))
    return dict(Worker(SENDERS[pool], KEY[::-1], settings).run())


def make(client: TestClient, admin: dict[str, str], receiver: Receiver, **others: Any) -> dict[str, Any]:
    body = {"name": "cases", "url": receiver.url, **others}
    answer = client.post(URL, json=body, headers=admin)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    receiver.secret = made["secret"]
    return made


def log(client: TestClient, admin: dict[str, str], made: dict[str, Any], **params: str) -> list[dict[str, Any]]:
    answer = client.get(f"{URL}/{made['id']}/deliveries", params=params, headers=admin)
    return list(answer.json()["items"])


def act(client: TestClient, alert_id: object, action: str, headers: dict[str, str], body: Any = None) -> None:
    answer = client.post(f"{ALERTS}/{alert_id}/{action}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


def until_all_is_sent(pool: Engine, seconds: float = 30, **others: Any) -> None:
    deadline = time.monotonic() + seconds
    while True:
        work(pool, **others)
        with pool.connect() as connection:
            if not connection.scalar(select(func.count()).where(d.status == "pending")):
                return
        assert time.monotonic() < deadline, "it was not all sent"
        time.sleep(0.02)


def test_a_receiver_that_was_down_gets_every_message_in_order_once_it_is_back(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    made = make(client, admin, receiver)
    receiver.down()
    # The engine opens and grows alerts, people act on them, and meanwhile the sender tries.
    for number in range(6):
        by_engine(pool, make_assessment(number, 0.7, account_id=f"a{number}", counterparty_id=f"c{number}"))
    work(pool)
    for number in range(6):
        by_engine(pool, make_assessment(100 + number, 0.9, account_id=f"a{number}", counterparty_id=f"c{number}"))
    for alert in all_alerts(pool):
        act(client, alert.id, "acknowledge", analyst)
        act(client, alert.id, "resolve", analyst, {"disposition": "confirmed_risk"})
        work(pool)
    waiting = log(client, admin, made)
    assert {one["status"] for one in waiting} == {"pending"}
    assert len(waiting) == 24
    tried = {one["id"] for one in waiting if one["attempts"]}
    assert tried
    assert {one["error"] for one in waiting if one["attempts"]} == {"the receiver cannot be reached"}
    assert client.get(f"{URL}/{made['id']}", headers=admin).json()["failing_since"]

    receiver.up()
    until_all_is_sent(pool)
    assert len(receiver.taken) == 24
    assert all(one.verified for one in receiver.taken)
    assert len({one.id for one in receiver.taken}) == 24
    # What was tried before came under the id that it had.
    assert {f"msg_{one.replace('-', '')}" for one in tried} <= {one.id for one in receiver.taken}
    stories = receiver.by_alert()
    assert len(stories) == 6
    for story in stories.values():
        assert [one.body["type"] for one in story] == [
            "alert.opened",
            "alert.updated",
            "alert.acknowledged",
            "alert.resolved",
        ]
        versions = [one.body["data"]["version"] for one in story]
        assert versions == sorted(versions)
    after = client.get(f"{URL}/{made['id']}", headers=admin).json()
    assert (after["failing_since"], after["paused_until"]) == (None, None)
    assert {(one["status"], one["response_status"]) for one in log(client, admin, made)} == {("delivered", 200)}


def test_growth_that_nobody_was_told_of_yet_is_one_message_with_the_newest_state(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    make(client, admin, receiver)
    for number in range(5):
        by_engine(pool, make_assessment(number, 0.7))
    (alert,) = all_alerts(pool)
    act(client, alert.id, "acknowledge", analyst)
    by_engine(pool, make_assessment(10, 0.7))
    work(pool)
    by_engine(pool, make_assessment(11, 0.7))
    work(pool)
    told = [(one.body["type"], one.body["data"]["event_count"]) for one in receiver.taken]
    assert told == [
        ("alert.opened", 1),
        ("alert.updated", 5),
        ("alert.acknowledged", 5),
        ("alert.updated", 6),
        ("alert.updated", 7),
    ]


def test_a_later_message_of_an_alert_waits_for_the_earlier_and_other_alerts_do_not(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    make(client, admin, receiver)
    one, two = open_alert(pool, 1, account_id="a"), open_alert(pool, 2, account_id="b")
    receiver.status = 422  # it does not like this one message
    act(client, one.id, "acknowledge", analyst)
    work(pool, webhook_first_wait=3600)
    receiver.status = 200
    act(client, one.id, "resolve", analyst, {"disposition": "inconclusive"})
    act(client, two.id, "acknowledge", analyst)
    work(pool)
    assert [item.body["data"]["id"] for item in receiver.taken] == [str(two.id)]


def test_what_is_given_up_is_dead_with_its_reason_and_can_be_replayed(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    made = make(client, admin, receiver)
    alert = open_alert(pool)
    receiver.status = 503
    for text in ("one", "two", "three"):
        act(client, alert.id, "notes", analyst, {"text": text})
    deadline = time.monotonic() + 20
    while log(client, admin, made, status="pending"):
        work(pool, webhook_give_up_hours=0.3 / 3600)
        assert time.monotonic() < deadline
        time.sleep(0.02)
    dead = log(client, admin, made, status="dead")
    assert len(dead) == 3
    assert dead[-1]["response_status"] == 503
    assert "the receiver answered 503; given up after" in dead[-1]["error"]
    refused = {one.id for one in receiver.refused}

    receiver.status = 200
    first = f"{URL}/{made['id']}/deliveries/{dead[-1]['id']}/replay"
    assert client.post(first, headers=admin).json()["status"] == "pending"
    until_all_is_sent(pool)
    assert client.post(f"{URL}/{made['id']}/replay-dead", headers=admin).json() == {"replayed": 2}
    until_all_is_sent(pool)
    assert [one.body["data"]["note"] for one in receiver.taken] == ["one", "two", "three"]
    assert refused <= {one.id for one in receiver.taken}
    assert all(one.verified for one in receiver.taken)


def test_a_slow_receiver_holds_up_nobody_else(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    slow = Receiver(delay=0.8).up()
    try:
        make(client, admin, slow, name="slow")
        make(client, admin, receiver)
        for number in range(12):
            act(client, open_alert(pool, number, account_id=f"a{number}").id, "acknowledge", analyst)
        began = time.monotonic()
        import threading

        running = threading.Thread(target=work, args=(pool,))
        running.start()
        while len(receiver.taken) < 12 and time.monotonic() - began < 10:
            time.sleep(0.01)
        taken_by_slow = len(slow.taken)
        running.join()
        assert len(receiver.taken) == 12
        assert taken_by_slow < 12
        assert len(slow.taken) == 12
    finally:
        slow.down()


def test_messages_that_come_while_a_receiver_takes_nine_seconds_reach_a_healthy_one_at_once(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    slow = Receiver(delay=9.0).up()
    try:
        make(client, admin, slow, name="slow")
        make(client, admin, receiver)
        made = [open_alert(pool, number, account_id=f"a{number}") for number in range(8)]
        act(client, made[0].id, "acknowledge", analyst)
        with ThreadPoolExecutor(1) as running:
            run = running.submit(work, pool, webhook_timeout=10.0)
            waits = []
            for place, alert in enumerate(made[1:], start=2):
                began = time.monotonic()
                act(client, alert.id, "acknowledge", analyst)
                while len(receiver.taken) < place and time.monotonic() - began < 5:
                    time.sleep(0.01)
                waits.append(time.monotonic() - began)
                assert not run.done()
                assert len(slow.taken) == 0
            assert run.result() == {"delivered": 16}
        assert sorted(waits)[len(waits) // 2] < 1.0, waits
        assert max(waits) < 5.0, waits
    finally:
        slow.down()


def test_two_senders_at_once_send_each_message_once(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    make(client, admin, receiver)
    for number in range(20):
        alert = open_alert(pool, number, account_id=f"a{number}")
        act(client, alert.id, "acknowledge", analyst)
        act(client, alert.id, "reopen", analyst)
    # With time enough for a busy machine: what is not answered in time is sent again, which is not the claim here.
    with ThreadPoolExecutor(3) as several:
        list(several.map(lambda _: work(pool, webhook_timeout=20.0), range(3)))
    until_all_is_sent(pool, webhook_timeout=20.0)
    assert len(receiver.taken) == len({one.id for one in receiver.taken}) == 40
    for story in receiver.by_alert().values():
        assert [one.body["type"] for one in story] == ["alert.acknowledged", "alert.reopened"]


def test_what_a_killed_sender_had_taken_is_sent_by_another_and_holds_its_alert_until_then(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    made = make(client, admin, receiver)
    alert = open_alert(pool)
    act(client, alert.id, "acknowledge", analyst)
    act(client, alert.id, "resolve", analyst, {"disposition": "inconclusive"})
    with pool.begin() as connection:
        lost = webhook_deliveries.claim(connection, UUID(made["id"]), datetime.now(UTC))
    assert lost is not None
    work(pool)
    assert receiver.taken == []
    with pool.begin() as connection:  # a minute later
        connection.execute(update(tables.webhook_deliveries).values(claimed_until=datetime.now(UTC)))
    work(pool)
    assert [one.body["type"] for one in receiver.taken] == ["alert.acknowledged", "alert.resolved"]
    assert receiver.taken[0].id == lost.message_id
    with pool.begin() as connection:  # were it only slow, what it finds out at last would change nothing
        webhook_deliveries.give_up(connection, lost, status=None, error="late")
    assert {one["status"] for one in log(client, admin, made)} == {"delivered"}


def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    client: TestClient, admin: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    made = make(client, admin, receiver)
    new = client.post(f"{URL}/{made['id']}/rotate", headers=admin).json()["secret"]
    assert new != made["secret"]
    assert "secret" not in client.get(f"{URL}/{made['id']}", headers=admin).json()
    client.post(f"{URL}/{made['id']}/test", headers=admin)
    work(pool)
    (message,) = receiver.taken
    assert message.body["type"] == "webhook.test"
    for secret in (made["secret"], new):
        Webhook(secret).verify(message.raw, message.headers)
    with pool.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=2)
        connection.execute(update(tables.webhooks).values(secret_changed_at=long_ago))
    receiver.secret = new
    client.post(f"{URL}/{made['id']}/test", headers=admin)
    work(pool)
    with pytest.raises(WebhookVerificationError):
        Webhook(made["secret"]).verify(receiver.taken[1].raw, receiver.taken[1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(receiver.taken[1].raw + b" ", receiver.taken[1].headers)


def test_a_slack_webhook_gets_text_and_blocks_and_its_url_is_not_shown_again(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    made = make(client, admin, receiver, kind="slack", events=["alert.resolved"])
    assert made["secret"] is None
    assert "/hook" not in made["url"]
    alert = open_alert(pool, account_id="<!channel>", score=0.95)
    act(client, alert.id, "acknowledge", analyst)
    act(client, alert.id, "resolve", analyst, {"disposition": "confirmed_risk"})
    work(pool)
    (message,) = receiver.taken
    assert message.body["text"] == "CRITICAL alert resolved: account &lt;!channel&gt;"
    assert [block["type"] for block in message.body["blocks"]] == ["header", "section", "context"]
    assert "webhook-id" not in message.headers


def test_who_answers_gone_is_told_nothing_more(
    client: TestClient, admin: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    made = make(client, admin, receiver)
    receiver.status = 410
    client.post(f"{URL}/{made['id']}/test", headers=admin)
    work(pool)
    found = client.get(f"{URL}/{made['id']}", headers=admin)
    assert (found.json()["enabled"], "410" in found.json()["disabled_reason"]) == (False, True)
    receiver.status = 200
    client.post(f"{URL}/{made['id']}/test", headers=admin)
    assert work(pool) == {}
    change = {"name": "again", "events": ["alert.opened"], "enabled": True}
    stale = client.put(f"{URL}/{made['id']}", json=change, headers=admin | {"if-match": '"1"'})
    assert stale.status_code == 412
    fresh = client.put(f"{URL}/{made['id']}", json=change, headers=admin | {"if-match": found.headers["etag"]})
    assert (fresh.status_code, fresh.json()["disabled_reason"]) == (200, None)
    assert work(pool) == {"delivered": 1}


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[fd00::1]/",
        "https://user:pass@hooks.example.com/",
        "https://hooks.example.com:99999/",
        "https://",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "https://hooks.example.com/ x",
    ],
)
def test_a_url_to_the_inside_or_without_tls_is_refused(api_services: Services, admin: dict[str, str], url: str) -> None:
    with TestClient(app_on(api_services), raise_server_exceptions=False) as client:
        answer = client.post(URL, json={"name": "x", "url": url}, headers=admin)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "url"), answer.text


def test_a_name_that_leads_inside_is_not_followed_when_it_is_sent(
    client: TestClient, admin: dict[str, str], pool: Engine, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(client, admin, receiver, url="https://hooks.example.com/")
    inside = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.5", 443))]
    monkeypatch.setattr("functions.webhooks.sending.socket.getaddrinfo", lambda *_, **__: inside)
    client.post(f"{URL}/{made['id']}/test", headers=admin)
    assert work(pool, webhook_private_targets=False, webhook_first_wait=60) == {"failed": 1}
    assert "not public" in log(client, admin, made)[0]["error"]


def test_a_redirect_is_a_failure(client: TestClient, admin: dict[str, str], pool: Engine, receiver: Receiver) -> None:
    made = make(client, admin, receiver)
    receiver.status = 302
    client.post(f"{URL}/{made['id']}/test", headers=admin)
    assert work(pool, webhook_first_wait=60) == {"failed": 1}
    assert log(client, admin, made)[0]["response_status"] == 302


def test_a_change_that_is_rolled_back_tells_nobody(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    made = make(client, admin, receiver)
    alert = open_alert(pool)
    assert client.post(f"{ALERTS}/{alert.id}/wake", headers=analyst).status_code == 409
    assert log(client, admin, made) == []


def test_there_are_twenty_at_most_and_a_deleted_one_leaves_nothing(
    client: TestClient, admin: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    made = [make(client, admin, receiver, name=f"n{number}") for number in range(20)]
    assert client.post(URL, json={"name": "x", "url": receiver.url}, headers=admin).status_code == 409
    client.post(f"{URL}/{made[0]['id']}/test", headers=admin)
    assert client.delete(f"{URL}/{made[0]['id']}", headers=admin).status_code == 204
    assert len(client.get(URL, headers=admin).json()["items"]) == 19
    with pool.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.webhook_deliveries)) == 0


def test_the_log_is_kept_for_a_month(
    client: TestClient, admin: dict[str, str], pool: Engine, receiver: Receiver, kinesis: Recorder
) -> None:
    made = make(client, admin, receiver)
    for _ in range(2):
        client.post(f"{URL}/{made['id']}/test", headers=admin)
    work(pool)
    assert [put["key"] for put in kinesis.puts] == ["delivery", "delivery"]
    assert maintenance.run(pool, datetime.now(UTC)) == 0
    assert maintenance.run(pool, datetime.now(UTC) + timedelta(days=31)) == 2


def test_without_a_key_no_webhook_is_made(api_services: Services, admin: dict[str, str]) -> None:
    given = api_services.settings
    keyless = settings_for(given.database_url.get_secret_value(), given.redis_port, webhook_private_targets=True)
    api_services.settings = keyless.model_copy(update={"webhook_key": SecretStr("")})
    with TestClient(app_on(api_services), raise_server_exceptions=False) as client:
        body = {"name": "x", "url": "https://hooks.example.com/"}
        assert client.post(URL, json=body, headers=admin).status_code == 500
        assert cast(list[Any], client.get(URL, headers=admin).json()["items"]) == []


def test_a_receiver_is_told_of_the_alerts_that_it_chose_with_a_link_to_each(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], pool: Engine, receiver: Receiver
) -> None:
    wanted: dict[str, Any] = {
        "min_level": "HIGH",
        "event_types": ["payment"],
        "countries": ["de", "AT"],
        "min_amount": 500,
    }
    made = make(client, admin, receiver, filter=wanted)
    assert made["filter"] == wanted | {"countries": ["DE", "AT"]}
    parts: list[dict[str, Any]] = [
        {"country": "DE", "amount": "600"},
        {"country": "FR", "amount": "600"},
        {"country": "AT", "amount": "60000", "currency": "JPY"},
        {"country": "AT", "amount": "600", "event_type": "transfer"},
        {"country": "AT", "amount": "600", "score": 0.4, "level": "MEDIUM"},
        {"country": "AT", "amount": "510"},
    ]
    for number, part in enumerate(parts):
        own = {"account_id": f"f{number}", "counterparty_id": f"c{number}"}
        by_engine(pool, make_assessment(number, **({"score": 0.7} | part | own)))
    until_all_is_sent(pool, site_url="https://risk.example.com")
    told = [one.body["data"] for one in receiver.taken]
    assert sorted(data["account_id"] for data in told) == ["f0", "f5"]
    for data in told:
        assert data["url"] == f"https://risk.example.com/alerts?status=all&alert={data['id']}"
    assert all(one.verified for one in receiver.taken)

    body = {"name": "cases", "events": made["events"], "enabled": True}
    kept = client.put(f"{URL}/{made['id']}", json=body, headers=admin).json()
    assert kept["filter"] == made["filter"]
    changed = client.put(f"{URL}/{made['id']}", json=body | {"filter": {"countries": ["FR"]}}, headers=admin).json()
    assert changed["filter"] == {"min_level": None, "event_types": [], "countries": ["FR"], "min_amount": None}
    by_engine(pool, make_assessment(9, 0.9, account_id="f9", counterparty_id="c9", country="FR", amount="1"))
    until_all_is_sent(pool)
    assert receiver.taken[-1].body["data"]["account_id"] == "f9"
    refused = client.post(
        URL, json={"name": "x", "url": receiver.url, "filter": {"countries": ["nowhere"]}}, headers=admin
    )
    assert refused.status_code == 422
