"""Reconciliation tells the truth about a database: what is there once, twice, refused, or nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, create_engine, insert, select

from infra.commands.shared.reconciliation import Reconciliation, SentIds, reconcile
from infra.commands.shared.scored_before import ScoredBefore
from infra.local.services import postgres
from infra.local.stack.processes import Children, Guardian
from risk.domain.errors import Unavailable
from risk.domain.events import Event, Label
from risk.store.db.engine import database_url
from risk.store.db.migrate import upgrade
from risk.store.db.partitions import ensure_partitions
from risk.store.db.tables import assessment_keys, assessments, dead_letters

pytestmark = pytest.mark.integration
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("postgres")
    guardian = Guardian()
    children = Children(folder / "logs", guardian)
    try:
        server = postgres.start(children, folder)
        upgrade(server.url())
        yield server.url()
    finally:
        children.stop_all()
        guardian.dismiss()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(database_url(url))
    with engine.begin() as connection:
        ensure_partitions(connection, NOW)
    yield engine
    engine.dispose()


def sent(*ids: UUID) -> SentIds:
    collected = SentIds()
    for event_id in ids:
        collected.add(event_id)
    return collected


def assess(engine: Engine, ids: list[UUID], *, at: datetime = NOW) -> None:
    rows = [
        {
            "event_id": event_id,
            "sequence": number,
            "event_type": "payment",
            "occurred_at": at,
            "received_at": at,
            "scored_at": at,
            "account_id": "a",
            "attributes": {},
            "score": 0.1,
            "level": 0,
            "reasons": [],
            "features": [],
            "feature_set": 1,
            "scorer": "test",
            "config_version": 1,
            "family": "payment",
            "amount_flow": "outgoing",
        }
        for number, event_id in enumerate(ids)
    ]
    with engine.begin() as connection:
        connection.execute(insert(assessments), rows)


def key(engine: Engine, ids: list[UUID]) -> None:
    with engine.begin() as connection:
        connection.execute(insert(assessment_keys), [{"event_id": i, "scored_at": NOW} for i in ids])


def bury(engine: Engine, ids: list[UUID]) -> None:
    rows = [
        {
            "source": "shard",
            "position": str(event_id),
            "received_at": NOW,
            "reason": "invalid",
            "detail": "amount: too long",
            "event_id": event_id,
            "raw": b"{}",
            "raw_bytes": 2,
        }
        for event_id in ids
    ]
    with engine.begin() as connection:
        connection.execute(insert(dead_letters), rows)


def test_each_id_is_found_where_it_ended(engine: Engine, url: str) -> None:
    scored, buried, both = [uuid4() for _ in range(25)], [uuid4() for _ in range(3)], uuid4()
    assess(engine, [*scored, both])
    key(engine, [*scored, both])
    bury(engine, [*buried, both])
    found = reconcile(url, sent(*scored, *buried, both), patience=0)
    assert found == Reconciliation(sent=29, ids=29, assessments=26, dead_letters=3, missing=0, duplicates=0)
    assert found.ok
    assert str(found).startswith("OK: sent 29 = assessments 26 + dead letters 3 + missing 0")


def test_what_is_nowhere_is_missing(engine: Engine, url: str) -> None:
    scored = [uuid4() for _ in range(5)]
    assess(engine, scored)
    key(engine, scored)
    found = reconcile(url, sent(*scored, uuid4(), uuid4()), patience=0)
    assert (found.assessments, found.missing, found.ok) == (5, 2, False)


def test_an_id_that_was_assessed_twice_is_a_duplicate(engine: Engine, url: str) -> None:
    twice = uuid4()
    assess(engine, [twice])
    assess(engine, [twice], at=NOW + timedelta(seconds=1))
    key(engine, [twice])
    found = reconcile(url, sent(twice), patience=0)
    assert (found.assessments, found.duplicates, found.ok) == (1, 1, False)


def test_an_id_sent_twice_and_assessed_once_is_as_it_should_be(engine: Engine, url: str) -> None:
    once = uuid4()
    assess(engine, [once])
    key(engine, [once])
    found = reconcile(url, sent(once, once), patience=0)
    assert (found.sent, found.ids, found.ok) == (2, 1, True)


def test_it_waits_for_an_engine_that_is_still_at_work(engine: Engine, url: str) -> None:
    late, settled, now = [uuid4() for _ in range(4)], list[int](), 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        if late:
            done = [late.pop()]
            assess(engine, done)
            key(engine, done)

    found = reconcile(url, sent(*late), patience=0.9, settled=settled.append, clock=lambda: now, sleep=sleep)
    assert found.ok
    assert settled == [0, 1, 1, 1, 1]


def test_it_stops_waiting_when_nothing_more_settles(engine: Engine, url: str) -> None:
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    assert not reconcile(url, sent(uuid4()), patience=30, clock=lambda: now, sleep=sleep).ok
    assert 30 < now < 32


def test_a_database_that_is_not_there_is_said_to_be_so() -> None:
    with pytest.raises(Unavailable, match="the database does not answer"):
        reconcile("postgresql://nobody:x@127.0.0.1:9/none", sent(uuid4()), patience=0)


def payment(event_id: UUID, account: str = "ada") -> Event:
    return Event.model_validate(
        {"event_id": event_id, "event_type": "payment", "occurred_at": NOW - timedelta(hours=1), "account_id": account}
    )


def truth(event_id: UUID) -> Label:
    return Label(kind="label", event_id=event_id, fraud=True, known_at=NOW, source="test")


def test_what_was_scored_before_is_counted_apart_and_another_event_with_its_id_is_not_sent_nor_its_labels(
    engine: Engine, url: str
) -> None:
    same, other, new = uuid4(), uuid4(), uuid4()
    assess(engine, [same, other], at=NOW - timedelta(hours=1))
    with engine.connect() as connection:
        found = connection.execute(select(assessments).where(assessments.c.event_id == same)).one()
    again = payment(same, found.account_id).model_copy(
        update={"occurred_at": found.occurred_at, "amount": found.amount}
    )
    records: list[Event | Label] = [
        again,
        payment(other, "somebody-else"),
        payment(new),
        truth(same),
        truth(other),
        truth(new),
    ]
    before = ScoredBefore(url, datetime.now(UTC) + timedelta(minutes=1))
    assert [(one.kind, one.event_id) for one in before.pass_on(records)] == [
        ("event", new),
        ("label", same),
        ("label", new),
    ]
    assert (before.same, before.conflicts) == (1, 1)
    assert "--source" in str(before)


def test_what_this_run_sent_itself_was_not_scored_before(engine: Engine, url: str) -> None:
    event_id = uuid4()
    before = ScoredBefore(url, NOW - timedelta(days=1))
    assess(engine, [event_id])
    assert list(before.pass_on([payment(event_id)])) == [payment(event_id)]
    assert str(before) == ""
