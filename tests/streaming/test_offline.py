"""What the engine says live is what the same records get offline."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest

from risk.adapters.kinesis import Record, put_records
from risk.alerts.policy import AlertPolicy
from risk.decisions.policy import DecisionPolicy, PolicyRule
from risk.domain.assessment import LEVELS, RiskLevel, Thresholds
from risk.domain.decisions import ACTIONS
from risk.domain.decisions import DecisionAction as Action
from risk.domain.event_types import Family
from risk.domain.events import Event, Label, to_json
from risk.store.config import configurations
from risk.store.db.engine import create_pool
from streaming.simulator import simulate
from tests.services import Services
from tests.streaming.engine import Written, running, wait_for
from tests.streaming.events import events, label

pytestmark = pytest.mark.integration

DAY = datetime(2026, 5, 4, tzinfo=UTC)

POLICY = DecisionPolicy(
    rules=(
        PolicyRule(name="critical", action=Action.DECLINE, levels=(RiskLevel.CRITICAL,)),
        PolicyRule(name="high", action=Action.REVIEW, levels=(RiskLevel.HIGH,)),
        PolicyRule(
            name="large",
            action=Action.CHALLENGE,
            families=(Family.PAYMENT,),
            when="event.amount_base > 200.0 && features.count_1h >= 0.0",
        ),
    )
)


def configure(url: str, thresholds: Thresholds, policy: DecisionPolicy) -> None:
    pool = create_pool(url, application="test")
    with pool.begin() as connection:
        configurations.add_version(
            connection, thresholds, AlertPolicy(), decisions=policy, changed_at=DAY, changed_by="test", reason="test"
        )
    pool.dispose()


def score(folder: Path, records: Iterable[Event | Label | bytes], *options: str) -> tuple[dict[str, Any], list[Any]]:
    """What ``risk score`` says of ``records``, and the rows that it writes."""
    file, out = folder / "records.jsonl", folder / "scores.parquet"
    file.write_bytes(b"".join((one if isinstance(one, bytes) else to_json(one)) + b"\n" for one in records))
    command = [sys.executable, "-m", "infra.cli", "score", str(file), "--out", str(out), "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1]), pq.read_table(out).to_pylist()


def put(services: Services, stream: str, records: Sequence[Event | Label]) -> None:
    # An emulator refuses none, and keeps a request's order in its one shard.
    in_order = [Record("all", to_json(record), order=str(number)) for number, record in enumerate(records)]
    assert put_records(services.kinesis(), stream, in_order) == []


def test_a_day_is_judged_offline_exactly_as_it_was_live(services: Services, tmp_path: Path) -> None:
    day = list(simulate(3, DAY, 0.05, 0.05, label_delay=timedelta(hours=1), seconds=86_400))
    assert {record.kind for record in day} == {"event", "label"}
    url, stream = services.database(), services.stream(1)
    configure(url, Thresholds(), POLICY)
    with running(services.engine(url, stream, services.stream(1)), tmp_path / "engine.log"), Written(url) as written:
        put(services, stream, day)
        wait_for(lambda: written.settled() == len(day), 60, lambda: f"{written.settled()} of {len(day)}")
        live = written.rows(
            "SELECT event_id, score, level, base_score, reasons, scorer, decision, decision_because "
            "FROM assessments ORDER BY sequence"
        )
    told, rows = score(tmp_path, day, "--database-url", url)
    assert told["events"] == len(live) == sum(isinstance(record, Event) for record in day)
    assert told["labels"] == len(day) - len(live)
    assert sum(told["levels"].values()) - told["levels"]["LOW"] > 20
    assert {row["decision"] for row in rows} == {"approve", "challenge", "review", "decline"}
    for row, (event_id, value, level, base, reasons, scorer, decision, because) in zip(rows, live, strict=True):
        assert (row["decision"], row["decision_because"]) == (ACTIONS[decision].value, because)
        assert (row["event_id"], row["level"], row["scorer"]) == (str(event_id), LEVELS[level].value, scorer)
        assert (row["score"], row["base_score"]) == pytest.approx((value, base), rel=1e-12)
        assert json.loads(row["reasons"]) == reasons


def test_two_processes_write_what_one_writes(tmp_path: Path) -> None:
    day = list(simulate(5, DAY, 0.05, 0.05, label_delay=timedelta(hours=1), seconds=40_000))
    told, rows = score(tmp_path, day, "--features")
    told_by_two, rows_of_two = score(tmp_path, day, "--features", "--processes", "2")
    assert told["labels"] == told_by_two["labels"] > 0
    assert rows == rows_of_two
    assert len({row["account_id"] for row in rows}) > 20


def test_what_repeats_or_cannot_be_read_is_counted_and_the_rest_is_scored(tmp_path: Path) -> None:
    made = events(40, seed=81)
    told, rows = score(tmp_path, [*made, made[3], label(made[3], days=1, fraud=True), b'{"event_id": 1}'])
    assert told["not_scored"] == {"duplicate": 1}
    assert (told["events"], told["labels"], told["refused"]) == (40, 1, 1)
    assert [row["event_id"] for row in rows] == [str(event.event_id) for event in made]
    assert not list(tmp_path.glob(".*"))  # nothing unfinished is left behind


def test_a_database_s_thresholds_and_rules_hold_offline_too(services: Services, tmp_path: Path) -> None:
    url = services.database()
    configure(url, Thresholds(low=1e-9, medium=2e-9, high=3e-9), DecisionPolicy())
    told, rows = score(tmp_path, events(20, seed=82), "--database-url", url)
    assert told["levels"] == {"CRITICAL": 20}
    assert {row["decision"] for row in rows} == {"decline"}
