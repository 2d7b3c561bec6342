"""Which label of an event counts is said once: in Python and in SQL alike, and by every query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, Uuid, bindparam, insert, select, text

from risk.domain.label_precedence import Said, counting_label
from risk.store.assessments.counting_label import counting_labels, fraud_of, fraud_sql
from risk.store.db.engine import create_pool
from risk.store.db.tables import labels
from tests.services import Services

pytestmark = pytest.mark.integration
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def connection(services: Services) -> Iterator[Connection]:
    engine: Engine = create_pool(services.database(), application="test", size=1)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def label(
    event_id: UUID, known_at: datetime, source: str, sequence: int, *, fraud: bool, withdrawn: bool
) -> dict[str, Any]:
    # Those of one transaction have the same time of receipt: the sequence alone says which came last.
    return {
        "event_id": event_id, "known_at": known_at, "source": source, "fraud": fraud, "received_at": NOW,
        "sequence": sequence, "withdrawn_at": NOW if withdrawn else None, "account_id": "a", "counterparty_id": None,
        "occurred_at": NOW, "withdrawn_sequence": sequence + 1000 if withdrawn else None, "import_id": None,
    }  # fmt: skip


def test_python_and_every_form_of_the_query_choose_the_same_label(connection: Connection) -> None:
    chance = Random(5)
    wanted: dict[UUID, bool | None] = {}
    sequence = 0
    for _ in range(300):
        event_id, said, rows = uuid4(), [], []
        for source in chance.sample("abcdef", chance.randrange(1, 6)):
            sequence += 1
            known_at = NOW + timedelta(hours=chance.randrange(-2, 3))
            fraud, withdrawn = chance.random() < 0.5, chance.random() < 0.3
            rows.append(label(event_id, known_at, source, sequence, fraud=fraud, withdrawn=withdrawn))
            if known_at <= NOW:
                said.append(Said(known_at, source, fraud))
                said += [Said(known_at, source, fraud, withdrawn=True)] if withdrawn else []
        connection.execute(insert(labels), chance.sample(rows, len(rows)))
        counting = counting_label(said)
        wanted[event_id] = None if counting is None else counting.fraud
    assert {None, True, False} == set(wanted.values())

    at_once = {row.event_id: row.fraud for row in connection.execute(counting_labels(NOW))}
    assert at_once == {event_id: fraud for event_id, fraud in wanted.items() if fraud is not None}
    one_by_one = select(fraud_of(bindparam("event_id", type_=Uuid), NOW))
    as_text = text(f"SELECT {fraud_sql(':event_id', ':now')}")
    for event_id, expected in wanted.items():
        assert connection.scalar(one_by_one, {"event_id": event_id}) == expected
        assert connection.scalar(as_text, {"event_id": event_id, "now": NOW}) == expected


def test_no_other_query_orders_labels() -> None:
    ordered = re.compile(r"known_at(\.desc\b|\s+DESC\b)", re.IGNORECASE)
    found = [
        str(path.relative_to(ROOT))
        for folder in ("risk", "streaming", "functions", "infra")
        for path in (ROOT / folder).rglob("*.py")
        if "cdk.out" not in path.parts and "versions" not in path.parts and ordered.search(path.read_text())
    ]
    assert found == ["risk/store/assessments/counting_label.py"]
