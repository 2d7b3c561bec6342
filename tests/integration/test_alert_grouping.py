"""Grouping as it is stored: campaigns, suppression, and what one transaction reads, locks and sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import Engine, event, insert, select, text

from risk.alerts.alert import Alert, AlertStatus, Disposition, GroupKey
from risk.alerts.grouping import raise_alert
from risk.alerts.workflow import Act
from risk.domain.assessment import Assessment
from risk.store.alerts import alerts, workflow
from risk.store.assessments import labels
from risk.store.db import tables
from risk.store.db.engine import create_pool
from risk.store.db.partitions import ensure_partitions
from risk.store.engine_state.batch_writer import Batch, store
from tests.integration.test_api.support import finding, make_assessment, store_alert
from tests.services import Services

pytestmark = pytest.mark.integration
NOW = datetime.now(UTC)
ADA = Act("ada@risk.local", NOW + timedelta(minutes=1))


@pytest.fixture
def engine(services: Services) -> Iterator[Engine]:
    engine = create_pool(services.database(), application="test", size=3)
    with engine.begin() as connection:
        ensure_partitions(connection, NOW)
    yield engine
    engine.dispose()


def save(engine: Engine, *found: Assessment) -> list[Alert]:
    rows = [
        one.model_dump() | {"level": one.level.rank, "reasons": Jsonb([]), "attributes": Jsonb({})} for one in found
    ]
    batch = Batch(scored_at=NOW, assessments=rows, candidates=[finding(one) for one in found])
    with engine.begin() as connection:
        return store(connection, batch, stream_epoch="1").alerts


def card_testing(number: int, **changes: Any) -> Assessment:
    return make_assessment(number, score=0.9, account_id=f"card-{number}", device_id="bot", **changes)


def test_a_campaign_moves_events_accounts_and_labels_into_one_alert(engine: Engine) -> None:
    events = [card_testing(number, counterparty_id=None) for number in range(4)]
    before = save(engine, *events[:2])
    assert [alert.group_key for alert in before] == [GroupKey.ACCOUNT] * 2
    told = {alert.status: alert for alert in save(engine, *events[2:])}
    campaign, merged = told[AlertStatus.OPEN], told[AlertStatus.RESOLVED]
    assert merged.merged_into == campaign.id
    with engine.connect() as connection:
        (shown,) = alerts.page(connection, alerts.Filter(), limit=10)
        inside = alerts.accounts_of(connection, campaign.id, limit=10)
        found = alerts.page(connection, alerts.Filter(account_id="card-0"), limit=10)
        own = labels.events_of_alerts(connection, [campaign.id])[campaign.id]
    assert (shown.id, shown.account_count, shown.event_count) == (campaign.id, 4, 4)
    assert {(one.account_id, one.event_count) for one in inside} == {(f"card-{number}", 1) for number in range(4)}
    assert [alert.id for alert in found] == [campaign.id]
    assert own == {one.event_id: one.account_id for one in events}


def test_of_two_campaigns_that_begin_at_once_one_takes_the_alerts_that_both_share(engine: Engine) -> None:
    shared = [card_testing(number, counterparty_id="shop") for number in range(2)]
    first = save(engine, *shared)
    at_device = [card_testing(number, counterparty_id=None) for number in range(2, 5)]
    at_shop = [card_testing(number, counterparty_id="shop", ip=None) for number in range(5, 9)]
    at_shop = [one.model_copy(update={"device_id": None}) for one in at_shop]
    told = save(engine, *at_device, *at_shop)
    merged = [alert for alert in told if alert.merged_into is not None]
    assert sorted(alert.id for alert in merged) == sorted(alert.id for alert in first)
    with engine.connect() as connection:
        shown = alerts.page(connection, alerts.Filter(), limit=10)
        events = labels.events_of_alerts(connection, [alert.id for alert in shown])
    assert {alert.group_key for alert in shown} == {GroupKey.DEVICE, GroupKey.COUNTERPARTY}
    assert sum(alert.event_count for alert in shown) == 9, "no event is counted twice"
    assert {alert.id: alert.event_count for alert in shown} == {key: len(found) for key, found in events.items()}


def test_what_was_judged_harmless_raises_no_alert_again_and_is_counted(engine: Engine) -> None:
    first, second = make_assessment(1, score=0.9), make_assessment(2, score=0.9)
    (alert,) = save(engine, first)
    with engine.begin() as connection:
        workflow.resolve(connection, [alert.id], ADA, Disposition.FALSE_POSITIVE)
    assert save(engine, second) == []
    with engine.begin() as connection:
        now = alerts.find(connection, alert.id)
        assert (now.suppressed_count, now.event_count, now.status) == (1, 1, AlertStatus.RESOLVED)
        assert list(labels.events_of_alerts(connection, [alert.id])[alert.id]) == [first.event_id]
        workflow.only(workflow.reopen(connection, [alert.id], ADA)[0])
    assert [one.id for one in save(engine, make_assessment(3, score=0.9))] == [alert.id]


def test_a_transaction_locks_no_more_than_the_newest_alert_of_an_account(engine: Engine) -> None:
    old = [make_assessment(number, score=0.9, occurred_at=NOW - timedelta(days=30 + number)) for number in range(50)]
    with engine.begin() as connection:
        for one in old:
            store_alert(connection, raise_alert(finding(one)))
    with engine.begin() as other:
        other.execute(select(tables.alerts).with_for_update())
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '500ms'"))
            new = make_assessment(99, score=0.9)
            row = new.model_dump() | {"level": new.level.rank, "reasons": Jsonb([]), "attributes": Jsonb({})}
            batch = Batch(scored_at=NOW, assessments=[row], candidates=[finding(new)])
            assert len(store(connection, batch, stream_epoch="1").alerts) == 1


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def accounts(count: int, first: int = 0) -> list[Assessment]:
    return [
        make_assessment(number, score=0.9, account_id=f"a{number}", counterparty_id=None)
        for number in range(first, first + count)
    ]


def test_growing_and_acting_take_as_many_round_trips_for_forty_alerts_as_for_two(engine: Engine) -> None:
    with engine.begin() as connection:
        for name in ("one", "two"):
            connection.execute(
                insert(tables.webhooks).values(
                    id=uuid4(), name=name, kind="standard", url="https://x.example", secret_changed_at=NOW,
                    events=["alert.opened", "alert.updated"], created_at=NOW, updated_at=NOW, created_by="ada",
                )
            )  # fmt: skip
    taken: dict[int, tuple[int, int]] = {}
    for count in (2, 40):
        save(engine, *accounts(count, first=count * 10))
        save(engine, *[one.model_copy(update={"event_id": uuid4()}) for one in accounts(count, first=count * 10)])
        with statements(engine) as growing:
            grown = save(engine, *(one.model_copy(update={"event_id": uuid4()}) for one in accounts(count, count * 10)))
        ids: list[UUID] = [alert.id for alert in grown]
        with statements(engine) as acting, engine.begin() as connection:
            outcomes = workflow.acknowledge(connection, ids, ADA)
        assert all(isinstance(outcome, Alert) for outcome in outcomes.values())
        taken[count] = (len(growing), len(acting))
    assert taken[40] == taken[2]
    with engine.connect() as connection:
        sent = connection.execute(select(tables.webhook_deliveries.c.event)).scalars().all()
    # What grew twice before it was sent is one message.
    assert (sent.count("alert.opened"), sent.count("alert.updated")) == (84, 84)
