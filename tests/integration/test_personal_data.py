"""Where personal data lies is known for every column, and nothing of an erased customer is left in any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, LargeBinary, String, insert, text
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB

from risk.adapters import valkey_live
from risk.store.db import tables
from risk.store.db.engine import create_pool
from risk.store.db.partitions import ensure_partitions
from risk.store.db.roles import DatabaseRole
from risk.store.personal_data import COLUMNS, Holds, erase
from tests.integration.test_api.support import make_assessment, open_alert, store
from tests.services import Services

pytestmark = pytest.mark.integration

WHO, OTHER = 'Zoë "Z" \\ Canary', "somebody-else"
NOW = datetime.now(UTC)


@pytest.fixture
def url(services: Services) -> str:
    return services.database()


@pytest.fixture
def database(url: str) -> Iterator[Engine]:
    found = create_pool(url, application="test", size=3)
    yield found
    found.dispose()


def _may_tell(column: Any) -> bool:
    kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    return isinstance(kind, String | LargeBinary | JSONB | INET)


def test_every_column_that_can_hold_text_says_what_it_holds_of_people() -> None:
    """A new one fails here, until somebody has decided."""
    there = {
        table.name: {column.name for column in table.columns if _may_tell(column)}
        for table in tables.metadata.sorted_tables
    }
    assert {name: set(columns) for name, columns in COLUMNS.items()} == {
        name: columns for name, columns in there.items() if columns
    }


def _everywhere(engine: Engine, word: str) -> set[str]:
    """The columns of the whole database in which ``word`` stands, in any spelling that JSON or bytes have for it."""
    spellings = {word, json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1]}
    found = set()
    with engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            for column in table.columns:
                in_bytes = isinstance(column.type, LargeBinary)
                where = "convert_to(:word, 'UTF8') IN %s" if in_bytes else ":word IN %s::text"
                query = text(f"SELECT count(*) FROM {table.name} WHERE position({where % column.name}) > 0")
                if any(connection.scalar(query, {"word": spelling}) for spelling in spellings):
                    found.add(f"{table.name}.{column.name}")
    return found


def _live_everywhere(engine: Engine) -> str:
    """A customer in every column that can hold one; gives the id of their alert."""
    with engine.begin() as connection:
        ensure_partitions(connection, NOW)
    reasons = [{"code": "amount", "text": f"{WHO} paid", "contribution": 1.0}]
    mine = make_assessment(1, 0.9, account_id=WHO, counterparty_id=WHO, device_id=WHO, attributes={"name": WHO})
    store(engine, mine, make_assessment(2, 0.1, account_id=OTHER, counterparty_id=WHO))
    alert = open_alert(engine, 3, 0.9, account_id=WHO, counterparty_id=WHO)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE assessments SET reasons = CAST(:reasons AS jsonb) WHERE account_id = :who"),
            {"reasons": json.dumps(reasons), "who": WHO},
        )
        connection.execute(
            text(
                "UPDATE alerts SET note = :who, reason_text = :who, group_value = :who, "
                "reasons = CAST(:reasons AS jsonb)"
            ),
            {"who": WHO, "reasons": json.dumps(reasons)},
        )
        connection.execute(
            text("UPDATE assessments SET sender_event_id = :who, original_event_id = :who WHERE account_id = :who"),
            {"who": WHO},
        )
        connection.execute(text("UPDATE alerts SET top_sender_event_id = :who"), {"who": WHO})
        change = {"alert_id": alert.id, "version": 9, "at": NOW, "actor": "ada@risk.local", "action": "noted"}
        connection.execute(insert(tables.alert_timeline).values(**change, changes={"note": [None, WHO]}, note=WHO))
        label = {"event_id": mine.event_id, "known_at": NOW, "source": "bank", "fraud": True, "received_at": NOW}
        connection.execute(
            insert(tables.labels).values(**label, sequence=9, account_id=WHO, counterparty_id=WHO, occurred_at=NOW)
        )
        connection.execute(insert(tables.profiles).values(kind=1, key=WHO, state=WHO.encode()))
        delivery = {"id": uuid4(), "webhook_id": uuid4(), "event": "alert.opened", "alert_id": alert.id}
        connection.execute(
            insert(tables.webhook_deliveries).values(
                **delivery, payload=json.dumps({"account": WHO}), created_at=NOW, queued_at=NOW
            )
        )
        letter = {"source": "s", "received_at": NOW, "reason": "invalid", "raw_bytes": 2}
        raw = json.dumps({"account_id": WHO}, ensure_ascii=False).encode()
        connection.execute(
            insert(tables.dead_letters).values(
                **letter, position="1", detail=f"account_id: {WHO}", raw=raw, note=WHO, sender_event_id=WHO
            )
        )
        ascii_raw = json.dumps({"account_id": WHO}).encode()
        connection.execute(insert(tables.dead_letters).values(**letter, position="2", detail="x", raw=ascii_raw))
        connection.execute(insert(tables.dead_letters).values(**letter, position="3", detail="x", raw=b"{}"))
        overturn = {"id": uuid4(), "event_id": mine.event_id, "decided": 3, "action": 0, "reason": WHO}
        connection.execute(insert(tables.decision_overturns).values(**overturn, made_by="ada@risk.local", made_at=NOW))
        connection.execute(
            insert(tables.webhook_deliveries).values(
                **delivery | {"id": uuid4(), "event": "decision.overturned", "alert_id": None},
                payload=json.dumps({"account_id": WHO}),
                created_at=NOW,
                queued_at=NOW,
            )
        )
        entry = {"list_name": "deny", "value": WHO, "reason": "r", "added_at": NOW, "added_by": "ada@risk.local"}
        connection.execute(insert(tables.list_entries).values(**entry, removed_at=NOW + timedelta(seconds=1)))
        explanation = {
            "id": uuid4(),
            "event_id": mine.event_id,
            "alert_id": alert.id,
            "source": "template",
            "prompt_version": "1",
            "evidence_hash": "h",
            "question": WHO,
            "removed": 0,
            "explanation": {"summary": WHO},
            "evidence": [{"text": WHO}],
            "created_at": NOW,
            "created_by": "ada@risk.local",
        }
        connection.execute(insert(tables.explanations).values(**explanation))
    return str(alert.id)


def test_nothing_of_an_erased_customer_is_left_in_any_column(services: Services, url: str, database: Engine) -> None:
    """Through the rights of the API, which may do no more than ask for it."""
    _live_everywhere(database)
    wanted = {
        f"{table}.{column}"
        for table, columns in COLUMNS.items()
        for column, holds in columns.items()
        if holds in {Holds.CUSTOMER, Holds.IN_FORCE}
    }
    assert wanted - _everywhere(database, WHO) == {"assessments.ip", "entities.address"}  # these hold no words
    api = create_pool(services.as_role(url, DatabaseRole.API), application="test")
    with api.begin() as connection:
        rows = erase(connection, WHO)
    api.dispose()
    assert _everywhere(database, WHO) == set()
    assert rows["assessments"] == 1
    with database.connect() as connection:
        ip, account = connection.execute(
            text("SELECT ip, account_id FROM assessments WHERE account_id LIKE 'erased-%'")
        ).one()
        assert ip is None
        for count in (
            f"labels WHERE account_id = '{account}'",
            f"assessments WHERE account_id = '{OTHER}'",
            "dead_letters WHERE raw = '{}'",
        ):
            assert connection.scalar(text(f"SELECT count(*) FROM {count}")) == 1


def test_an_entry_in_force_stays_until_it_is_taken_off(database: Engine) -> None:
    entry = {"list_name": "deny", "value": WHO, "reason": "r", "added_at": NOW, "added_by": "ada@risk.local"}
    with database.begin() as connection:
        connection.execute(insert(tables.list_entries).values(**entry))
        assert erase(connection, WHO) == {}
    assert _everywhere(database, WHO) == {"list_entries.value"}


def test_the_live_view_shows_an_erased_customer_no_more(services: Services) -> None:
    cache = services.valkey()
    client = valkey_live.connect("127.0.0.1", cache.port)
    shown = [{"account_id": WHO}, {"account_id": OTHER, "counterparty_id": WHO}, {"account_id": OTHER}]
    valkey_live.show(client, [(place, json.dumps(one).encode()) for place, one in enumerate(shown)], {})
    api = valkey_live.connect("127.0.0.1", cache.port, login=cache.login("api"))
    assert valkey_live.hide(api, WHO) == 2
    assert valkey_live.newest(client, 10) == [json.dumps({"account_id": OTHER}).encode()]
