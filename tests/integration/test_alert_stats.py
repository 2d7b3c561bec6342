"""The statistics of alerts are those of the alerts, whatever changed them, and do not read them all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from risk.store.alerts import alert_counts, alert_stats
from risk.store.db.engine import create_pool
from tests.services import Services

pytestmark = pytest.mark.integration
NOW = datetime(2026, 6, 15, 12, 34, 56, tzinfo=UTC)
_INSERT = """
    INSERT INTO alerts (id, account_id, reason_code, reason_text, level, status, event_count, top_event_id, top_score,
        first_occurred_at, last_occurred_at, opened_at, updated_at, due_at, version, assignee)
    SELECT gen_random_uuid(), 'a', 'r', 't', n % 4, (ARRAY['open', 'acknowledged', 'resolved'])[1 + n % 3], 1,
        gen_random_uuid(), 0.9, at, at, at, at, at + interval '1 day', 1, CASE WHEN n % 5 = 0 THEN 'ann' END
    FROM (SELECT n, CAST(:now AS timestamptz) - n * interval '37 minutes' AS at FROM generate_series(1, :count) n) s
"""
_CHANGES = (
    "UPDATE alerts SET status = 'resolved', resolved_at = :now, resolved_by = 'ann', disposition = 'false_positive'",
    "UPDATE alerts SET status = 'acknowledged', acknowledged_at = :now, acknowledged_by = 'bob'",
    "UPDATE alerts SET assignee = 'bob'",
    "UPDATE alerts SET assignee = NULL, level = 3",
    "UPDATE alerts SET breached_at = least(due_at, CAST(:now AS timestamptz))",
    "UPDATE alerts SET snoozed_until = CAST(:now AS timestamptz) + interval '1 hour'",
    "UPDATE alerts SET opened_at = opened_at - interval '90 minutes'",
    "DELETE FROM alerts",
)


@pytest.fixture
def connection(services: Services) -> Iterator[Connection]:
    engine: Engine = create_pool(services.database(), application="test", size=1)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def counted(connection: Connection) -> dict[str, Any]:
    """What a scan of all alerts says."""
    row = connection.execute(
        text(
            """
            SELECT count(*) FILTER (WHERE status = 'open') AS open,
                count(*) FILTER (WHERE status = 'acknowledged') AS acknowledged,
                count(*) FILTER (WHERE status = 'resolved') AS resolved,
                count(*) FILTER (WHERE status = 'open' AND level = 3) AS critical,
                count(*) FILTER (WHERE opened_at >= CAST(:now AS timestamptz) - interval '1 day') AS opened_last_24h,
                min(opened_at) FILTER (WHERE status = 'open') AS oldest_open_at,
                count(*) FILTER (WHERE status <> 'resolved' AND assignee IS NULL) AS unassigned,
                count(*) FILTER (WHERE status <> 'resolved' AND snoozed_until > :now) AS snoozed,
                count(*) FILTER (WHERE status <> 'resolved' AND coalesce(breached_at, due_at) <= :now) AS breached
            FROM alerts
            """
        ),
        {"now": NOW},
    ).one()
    return row._asdict()


def shown(connection: Connection) -> dict[str, Any]:
    found = alert_stats.stats(connection, NOW).model_dump()
    return {"critical": found["open_by_level"]["CRITICAL"]} | {
        name: found[name] for name in counted(connection) if name != "critical"
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_counts_are_those_of_the_alerts_after_any_changes(connection: Connection, seed: int) -> None:
    chance = Random(seed)
    connection.execute(text(_INSERT), {"now": NOW, "count": 300})
    assert shown(connection) == counted(connection)
    for number in range(25):
        if number % 8 == 0:
            connection.execute(text(_INSERT), {"now": NOW, "count": 20})
        change = chance.choice(_CHANGES)
        connection.execute(text(f"{change} WHERE hashint4(version + {number}) % 7 = 0 OR random() < 0.1"), {"now": NOW})
        if number % 6 == 0:
            alert_counts.merge(connection)
        assert shown(connection) == counted(connection), change
    alert_counts.merge(connection)
    assert connection.scalar(text("SELECT count(*) FROM alert_counts WHERE NOT merged")) == 0
    connection.execute(text("TRUNCATE alerts"))
    assert shown(connection) == counted(connection)


@pytest.mark.parametrize("hours", [(0, 0.5), (0.3, 5), (30, 77.7)])
def test_the_opened_of_a_span_are_exact_at_its_edges(connection: Connection, hours: tuple[float, float]) -> None:
    connection.execute(text(_INSERT), {"now": NOW, "count": 300})
    until, since = (NOW - timedelta(hours=back) for back in hours)
    query = "SELECT count(*) FROM alerts WHERE opened_at >= :since AND opened_at < :until"
    exact = connection.scalar(text(query), {"since": since, "until": until})
    assert alert_counts.opened(connection, since, until) == exact


def test_a_span_of_many_alerts_is_read_once_and_then_shown_as_it_was(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_stats, "MOST_READ", 50)
    connection.execute(text(_INSERT), {"now": NOW, "count": 300})
    first = alert_stats.stats(connection, NOW).span
    assert first.total.opened == 300
    connection.execute(text("DELETE FROM alerts WHERE level = 0"))
    soon, later = NOW + timedelta(minutes=1), NOW + timedelta(minutes=6)
    assert alert_stats.stats(connection, soon).span == first
    assert alert_stats.stats(connection, later).span.total.opened == 225
    connection.execute(text("DELETE FROM alerts WHERE level = 1"))
    alert_stats.refresh(connection, later)
    assert alert_stats.stats(connection, later).span.total.opened == 150
    # Another span is another matter.
    assert alert_stats.stats(connection, later, NOW - timedelta(hours=24), NOW).span.total.opened < 50


def test_a_reader_merges_what_many_small_changes_left(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_counts, "MOST_CHANGES", 20)
    for _ in range(25):
        connection.execute(text(_INSERT), {"now": NOW, "count": 1})
    assert alert_stats.stats(connection, NOW).open + alert_stats.stats(connection, NOW).acknowledged == 25
    assert connection.scalar(text("SELECT count(*) FROM alert_counts")) == 1
