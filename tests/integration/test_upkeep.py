"""What maintenance does beside the audit log: migrations, room for months, what is too old, the first Admin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, insert, text

from functions.api.http.access.tokens import secret_hash
from functions.maintenance import handler, retention
from risk.config.settings import MaintenanceSettings
from risk.domain.errors import Conflict, InvalidInput
from risk.domain.permissions import Role
from risk.store.db import retention as store
from risk.store.db import tables
from risk.store.db.engine import create_pool
from risk.store.db.migrate import downgrade
from risk.store.db.partitions import ensure_partitions, month_before
from risk.store.db.roles import DatabaseRole
from risk.store.engine_state import leases
from risk.store.engine_state.defined_states import add_values, values
from risk.store.identity import password_links, users
from tests.integration.test_maintenance import Context
from tests.services import Services

pytestmark = pytest.mark.integration
NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
OLD, KEPT = datetime(2025, 11, 30, 23, 59, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC)


@pytest.fixture
def database(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    url = services.database()
    own_url = services.as_role(url, DatabaseRole.MAINTENANCE)
    settings = MaintenanceSettings(_env_file=None, database_url=own_url, site_url="https://risk.example")
    engine, own = (create_pool(one, application="test", size=3) for one in (url, own_url))
    monkeypatch.setattr(handler, "settings", lambda: settings)
    monkeypatch.setattr(handler, "database", lambda: own)
    yield engine
    engine.dispose()
    own.dispose()


def call(task: str, **more: object) -> dict[str, Any]:
    answer: dict[str, Any] = handler.handler({"task": task, **more}, cast(LambdaContext, Context()))
    return answer


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def score(engine: Engine, sequence: int, scored_at: datetime) -> UUID:
    """Store an assessment as the engine does, with a label and a place in an alert."""
    event_id = uuid4()
    known = {
        "sequence": sequence,
        "event_type": "payment",
        "occurred_at": scored_at,
        "received_at": scored_at,
        "account_id": "a",
        "attributes": {},
        "score": 0.5,
        "level": 2,
        "reasons": [],
        "features": [],
        "feature_set": 1,
        "scorer": "s",
        "config_version": 1,
        "family": "payment",
        "amount_flow": "outgoing",
    }
    label = {"source": "t", "known_at": scored_at, "fraud": True, "received_at": scored_at, "sequence": sequence}
    with engine.begin() as connection:
        ensure_partitions(connection, scored_at, ahead=0)
        connection.execute(insert(tables.assessments).values(event_id=event_id, scored_at=scored_at, **known))
        connection.execute(insert(tables.assessment_keys).values(event_id=event_id, scored_at=scored_at))
        connection.execute(insert(tables.labels).values(event_id=event_id, **label))
        connection.execute(insert(tables.alert_events).values(event_id=event_id, alert_id=uuid4()))
        explain(connection, event_id, scored_at)
    return event_id


def explain(connection: Connection, event_id: UUID, at: datetime) -> None:
    """Store an explanation, whose evidence holds what is known of the event."""
    evidence = {"account_id": "a", "device_id": "d", "ip": "10.0.0.1"}
    words = {"source": "template", "prompt_version": "1", "evidence_hash": "h", "explanation": {}, "removed": 0}
    explained = {"id": uuid4(), "event_id": event_id, "evidence": evidence, "created_at": at, "created_by": "ann"}
    connection.execute(insert(tables.explanations).values(words | explained))


def remember(engine: Engine, sequence: int) -> None:
    with engine.begin() as connection:
        connection.execute(tables.profile_watermark.delete())
        connection.execute(insert(tables.profile_watermark).values(id=1, sequence=sequence, feature_set=1))


def test_an_empty_database_is_brought_to_the_newest_schema_and_once_is_enough(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database.url.render_as_string(hide_password=False)
    monkeypatch.setattr(handler, "settings", lambda: MaintenanceSettings(_env_file=None, database_url=SecretStr(url)))
    monkeypatch.setattr(handler, "database", lambda: database)
    downgrade(url, "base")
    context: Any = Context()
    first = handler.migrate({}, context)
    assert handler.migrate({}, context) == first
    assert first["revision"]
    assert count(database, "assessments") == 0
    with database.connect() as connection:
        assert len(store.months_before(connection, datetime(9999, 1, 1, tzinfo=UTC))) == 4


def test_there_is_room_for_this_month_and_three_more(database: Engine) -> None:
    with database.begin() as connection:
        made = ensure_partitions(connection, datetime(2031, 11, 30, tzinfo=UTC), ahead=3)
    assert made == [f"assessments_{month}" for month in ("2031_11", "2031_12", "2032_01", "2032_02")]
    call("partitions")
    assert call("partitions") == {"made": []}


def test_months_that_need_not_be_kept_go_with_all_that_hangs_on_them(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PIECE", 2)
    for sequence in range(1, 6):
        score(database, sequence, OLD)
    kept = score(database, 6, KEPT)
    remember(database, 6)
    assert month_before(NOW, 3) == KEPT
    assert retention.run(handler.database(), NOW, 3) == {"events": 5, "months": 1}
    for table in ("assessments", "assessment_keys", "labels", "alert_events", "explanations"):
        with database.connect() as connection:
            assert connection.scalars(text(f"SELECT event_id FROM {table}")).all() == [kept], table
    assert retention.run(handler.database(), NOW, 3) == {}


def test_an_explanation_made_long_after_the_event_goes_with_the_event(database: Engine) -> None:
    event_id = score(database, 1, OLD)
    with database.begin() as connection:
        explain(connection, event_id, NOW)
    remember(database, 1)
    retention.run(handler.database(), NOW, 3)
    assert count(database, "explanations") == 0


def test_an_explanation_whose_event_is_gone_already_goes_by_its_age(database: Engine) -> None:
    with database.begin() as connection:
        explain(connection, uuid4(), OLD)
        explain(connection, uuid4(), NOW)
    assert retention.run(handler.database(), NOW, 3) == {"explanations": 1}
    assert count(database, "explanations") == 1


def test_backfilled_values_of_a_definition_go_with_their_events(database: Engine) -> None:
    for sequence in range(1, 5):
        score(database, sequence, OLD)
    score(database, 5, KEPT)
    remember(database, 5)
    with database.begin() as connection:
        add_values(connection, "d", {1: 1.0, 2: 2.0})
        add_values(connection, "d", {3: 3.0, 5: 5.0})
    assert retention.run(handler.database(), NOW, 3) == {"events": 4, "months": 1, "definition_values": 1}
    with database.connect() as connection:
        assert values(connection, ["d"], 5, 5) == {"d": {5: 5.0}}


def test_with_no_time_limit_every_event_stays(database: Engine) -> None:
    score(database, 1, OLD)
    remember(database, 1)
    assert retention.run(handler.database(), NOW, 0) == {}
    assert count(database, "assessments") == 1


def test_events_that_profiles_do_not_hold_yet_stay_however_old(database: Engine) -> None:
    score(database, 1, OLD)
    score(database, 2, OLD)
    remember(database, 1)
    assert retention.run(handler.database(), NOW, 3) == {}
    assert count(database, "assessments") == 2


def test_a_run_ends_in_time_and_the_next_goes_on(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PIECE", 1)
    for sequence in (1, 2, 3):
        score(database, sequence, OLD)
    remember(database, 3)
    ticks = iter([0.0, *[1.0] * (len(store.SIGN_INS) + len(store.BY_TIME)), 2.0, 3.0, 41.0])
    assert retention.run(handler.database(), NOW, 3, clock=lambda: next(ticks)) == {"events": 2}
    assert retention.run(handler.database(), NOW, 3) == {"events": 1, "months": 1}


def test_search_knows_whom_events_name_as_long_as_the_events_are_there(database: Engine) -> None:
    for sequence in (1, 2):  # the last day of a month goes with the next one
        score(database, sequence, OLD - timedelta(days=2))
    remember(database, 1)
    retention.run(handler.database(), NOW, 3)
    assert count(database, "entities") > 0
    remember(database, 2)
    retention.run(handler.database(), NOW, 3)
    assert count(database, "assessments") == count(database, "entities") == 0


def test_sessions_are_forgotten_a_month_after_they_ended(database: Engine) -> None:
    with database.begin() as connection:
        for days in (31, 29):
            ended = NOW - timedelta(days=days)
            row = {"id": uuid4(), "user_id": uuid4(), "created_at": ended, "expires_at": ended}
            connection.execute(insert(tables.sessions).values(**row))
    assert retention.run(handler.database(), NOW, 0) == {"sessions": 1}


def test_the_heartbeat_and_what_could_not_be_scored_are_counted(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("vitals") == {"engine_alive": False, "dead_letters": 0, "engine_trouble": False, "suspect_records": 0}
    assert '"EngineAlive":[0.0]' in capsys.readouterr().out
    now = datetime.now(UTC)
    letter = {"reason": "invalid", "detail": "d", "raw": b"", "raw_bytes": 0}
    with database.begin() as connection:
        assert leases.acquire(connection, "engine", 60)
        for position, ago in (("1", 1), ("2", 4), ("3", 6)):
            received = now - timedelta(minutes=ago)
            row = {"source": "s", "position": position, "received_at": received}
            connection.execute(insert(tables.dead_letters).values(**row, **letter))
    assert call("vitals") == {"engine_alive": True, "dead_letters": 2, "engine_trouble": False, "suspect_records": 0}
    assert '"EngineAlive":[1.0]' in capsys.readouterr().out


def test_the_first_admin_gets_a_link_that_is_in_no_log_and_only_the_first(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    call("first-admin", email="Ada@example.com")
    link = call("first-admin", email="ada@example.com")["link"]  # the first one was lost: here is another
    site, token = link.split("/set-password#token=")
    assert site == "https://risk.example"
    output = capsys.readouterr()
    assert token not in output.out + output.err
    with database.begin() as connection:
        user_id = password_links.use(connection, secret_hash(token), now=datetime.now(UTC))
        user = users.find_by_email(connection, "ada@example.com")
        assert user
        assert (user.id, user.role) == (user_id, Role.ADMIN)
        users.set_password(connection, user.id, "hash")
    with pytest.raises(Conflict, match="there is an administrator"):
        call("first-admin", email="eve@example.com")
    with database.connect() as connection:
        records = connection.scalars(text("SELECT record FROM audit_log ORDER BY seq")).all()
    assert [json.loads(record)["action"] for record in records] == ["create_user", "create_user"]


@pytest.mark.parametrize("email", [None, 7, "ada", "@", "ada@"])
def test_the_first_admin_needs_an_address(database: Engine, email: object) -> None:
    with pytest.raises(InvalidInput, match=r"ada@example\.com"):
        call("first-admin", email=email)


def test_suspect_records_are_counted_for_the_alarm(database: Engine) -> None:
    """Another event under a known id, and a label in the system's name: each is a dead letter with that reason."""
    now = datetime.now(UTC)
    with database.begin() as connection:
        for place, reason in enumerate(("conflict", "forged", "duplicate", "invalid", "conflict")):
            at = now - timedelta(minutes=10) if place == 4 else now
            values = {"source": "s", "position": str(place), "received_at": at, "reason": reason, "detail": "d"}
            connection.execute(insert(tables.dead_letters).values(**values, raw=b"{}", raw_bytes=2))
    assert call("vitals")["suspect_records"] == 2
