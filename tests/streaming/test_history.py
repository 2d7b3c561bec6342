"""Imported history: in order, exactly once, whatever happens to the engine; told to nobody; taken back whole."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import msgpack
from sqlalchemy import text
from typer.testing import CliRunner

from infra.cli import app
from risk.adapters.kinesis import put_records
from risk.domain.events import Event, Label, to_json
from risk.store.db.engine import create_pool
from risk.store.engine_state import profiles
from streaming.engine import recovery
from streaming.importing import loading
from streaming.importing.source import Options, plan, records
from tests.services import Services
from tests.streaming.engine import EngineProcess, Written, running, wait_for
from tests.streaming.events import events, label, record
from tests.streaming.test_exactly_once import in_stored_order, told

pytestmark = pytest.mark.integration

QUICK = {"SNAPSHOT_INTERVAL": "0.3", "LEASE_SECONDS": "3", "POLL_INTERVAL": "0.05"}
HISTORY, LIVE, TAKEN_OVER = 4_000, 200, 30


def history(count: int = HISTORY) -> list[Event]:
    """Two months ago; at its end somebody else spends an account's money, which would raise alerts if it came now."""
    made = [
        one.model_copy(update={"occurred_at": one.occurred_at - timedelta(days=60)}) for one in events(count, seed=5)
    ]
    made.sort(key=lambda event: event.occurred_at)
    taken_over = [
        one.model_copy(
            update={
                "occurred_at": made[-1].occurred_at + timedelta(seconds=5 * at),
                "account_id": "account-7",
                "device_id": "device-stolen",
                "country": "BR",
                "amount": Decimal(900 + 50 * at),
            }
        )
        for at, one in enumerate(made[-TAKEN_OVER:])
    ]
    return made[:-TAKEN_OVER] + taken_over


def live(count: int = LIVE) -> list[Event]:
    """What happens now, to the same accounts."""
    now = datetime.now(UTC)
    made = events(count, seed=6)
    return [one.model_copy(update={"occurred_at": now - timedelta(seconds=count - at)}) for at, one in enumerate(made)]


def put(services: Services, stream: str, made: Sequence[Event]) -> None:
    assert put_records(services.kinesis(), stream, [record(event) for event in made]) == []


def write(folder: Path, made: Sequence[Event], labels: Sequence[Label]) -> Path:
    path = folder / "history.jsonl"
    lines: list[Event | Label] = [*made, *labels]
    path.write_bytes(b"\n".join(to_json(one) for one in lines))
    return path


def load(url: str, file: Path) -> None:
    """Put the file up, as the command does."""
    pool = create_pool(url, application="test", size=2)
    plans = [plan(file)]
    with records(plans, datetime.now(UTC)) as found:
        loading.put_up(pool, loading.begin(pool, plans, Options(), by="test"), found)
    pool.dispose()


def status(written: Written) -> Any:
    return written.rows("SELECT status, events, labels, repeated, failed, rows FROM imports ORDER BY id")[-1]


@contextmanager
def engine(services: Services, url: str, stream: str, updates: str, log: Path) -> Iterator[EngineProcess]:
    with running(services.engine(url, stream, updates) | QUICK, log) as process:
        yield process


def stored(url: str) -> dict[profiles.Key, Any]:
    pool = create_pool(url, application="test")
    with pool.connect() as connection:
        rows = connection.execute(text("SELECT kind, key, state FROM profiles")).all()
    pool.dispose()
    return {(row.kind, row.key): msgpack.decode(row.state) for row in rows}


def remade(url: str) -> dict[profiles.Key, Any]:
    """What all that is stored makes of profiles, from nothing; 1 and 1.0 are the same."""
    pool = create_pool(url, application="test")
    with pool.connect() as connection:
        connection.execute(text("DELETE FROM profiles"))
        found = recovery.states(connection, profiles.met_after(connection, 0, 100_000))
        connection.rollback()
    pool.dispose()
    return {key: msgpack.decode(state) for key, state in found.items()}


def saved(written: Written) -> bool:
    newest = "SELECT greatest((SELECT max(sequence) FROM assessments), (SELECT max(sequence) FROM labels))"
    return bool(written.scalar(f"SELECT sequence >= ({newest}) FROM profile_watermark"))


def test_history_is_loaded_once_through_kills_beside_the_stream_and_taken_back_whole(
    services: Services, tmp_path: Path
) -> None:
    past, now = history(), live()
    labels = [label(event, days=2, fraud=at % 9 == 0) for at, event in enumerate(past[::4])]
    file = write(tmp_path, past, labels)
    url, stream, updates = services.database(), services.stream(1), services.stream(1)
    before, after = now[: LIVE // 2], now[LIVE // 2 :]
    with (
        Written(url) as written,
        engine(services, url, stream, updates, tmp_path / "engine.log") as process,
    ):
        put(services, stream, before)
        wait_for(lambda: written.scalar("SELECT count(*) FROM assessments") == len(before), 30)
        loader = threading.Thread(target=load, args=(url, file))
        loader.start()
        for _ in range(2):
            seen = written.settled()
            wait_for(lambda seen=seen: written.settled() > seen, 60)
            process.kill()
            process.start()
            process.wait_until_healthy()
        put(services, stream, after)
        loader.join()
        wait_for(lambda: status(written).status == "done", 90, lambda: str(status(written)))
        wait_for(lambda: written.scalar("SELECT count(*) FROM assessments") == len(past) + len(now), 30)

        assert tuple(status(written)) == ("done", len(past), len(labels), 0, 0, len(past) + len(labels))
        assert written.scalar("SELECT count(*) FROM labels") == len(labels)
        assert written.scalar("SELECT count(*) FROM assessments WHERE import_id = 1") == len(past)
        assert written.scalar("SELECT count(*) FROM import_chunks") == 0
        assert written.vectors() == in_stored_order(written, [*past, *now])
        in_order = written.rows("SELECT occurred_at FROM assessments WHERE import_id = 1 ORDER BY sequence")
        assert [row.occurred_at for row in in_order] == [event.occurred_at for event in past]
        risky = written.scalar("SELECT count(*) FROM assessments WHERE import_id = 1 AND level >= 2")
        assert risky, "the past holds nothing that would raise an alert"
        raised = written.rows("SELECT a.import_id FROM alert_events JOIN assessments a USING (event_id)")
        assert all(row.import_id is None for row in raised)
        assert written.scalar("SELECT sum(count) FROM assessment_counts") == len(now)
        assert told(services, updates) == {str(event.event_id) for event in now}

        wait_for(lambda: saved(written), 20)
        assert stored(url) == remade(url)
        result = CliRunner().invoke(app, ["import", "--undo", "1", "--database-url", url])
        assert result.exit_code == 0, result.output
        assert "undone" in result.output
        process.wait_until_healthy()
        assert written.scalar("SELECT count(*) FROM assessments") == len(now)
        assert written.scalar("SELECT count(*) FROM assessment_keys") == len(now)
        assert written.scalar("SELECT count(*) FROM labels") == 0
        assert stored(url) == remade(url)
        put(services, stream, [events(1, seed=7)[0]])
        wait_for(lambda: written.scalar("SELECT count(*) FROM assessments") == len(now) + 1, 30)
        assert process.terminate() == 0
        assert stored(url) == remade(url)
        logged = written.rows("SELECT action, actor FROM audit_log WHERE subject = 'import:1' ORDER BY seq")
        assert [tuple(row) for row in logged] == [
            ("begin_import", "system"), ("finish_import", "engine"), ("undo_import", "system"),
            ("take_back_import", "engine"),
        ]  # fmt: skip


def test_a_broken_off_import_goes_on_and_what_is_imported_again_is_known(services: Services, tmp_path: Path) -> None:
    past = history(12_000)
    file = write(tmp_path, past, [])
    url, stream, updates = services.database(), services.stream(1), services.stream(1)
    pool = create_pool(url, application="test", size=2)
    plans = [plan(file)]
    begun = loading.begin(pool, plans, Options(), by="test")

    def interrupted(count: int) -> None:
        raise KeyboardInterrupt

    with records(plans, datetime.now(UTC)) as found, pytest.raises(KeyboardInterrupt):
        loading.put_up(pool, begun, found, interrupted)
    pool.dispose()
    arguments = ["import", str(file), "--to", "stack", "--database-url", url, "--json"]
    with Written(url) as written, engine(services, url, stream, updates, tmp_path / "engine.log") as process:
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
        assert "broke off before" in result.output
        said = json.loads(result.stdout.splitlines()[-1])
        assert (said["import"], said["status"], said["loaded"]["events"]) == (1, "done", len(past))
        assert written.scalar("SELECT count(*) FROM assessments") == len(past)

        again = json.loads(CliRunner().invoke(app, arguments).stdout.splitlines()[-1])
        assert (again["import"], again["loaded"]) == (2, {"events": 0, "labels": 0, "repeated": len(past), "failed": 0})
        assert written.scalar("SELECT count(*) FROM dead_letters") == 0
        listed = CliRunner().invoke(app, ["import", "--list", "--database-url", url]).output
        assert "12,000 events" in listed
        assert "12,000 known before" in listed
        assert process.terminate() == 0


def test_what_happens_now_is_not_held_up_by_history(services: Services, tmp_path: Path) -> None:
    file = write(tmp_path, history(20_000), [])
    url, stream, updates = services.database(), services.stream(1), services.stream(1)
    made = events(40, seed=8)
    with Written(url) as written, engine(services, url, stream, updates, tmp_path / "engine.log"):
        load(url, file)
        wait_for(lambda: (status(written).events or 0) > 0, 30)
        for event in made:
            put(services, stream, [event])
            time.sleep(0.05)
        assert status(written).status == "running", "history was loaded before anything else came"
        wait_for(lambda: written.scalar("SELECT count(*) FROM assessments WHERE import_id IS NULL") == len(made), 30)
        waited = "extract(epoch FROM scored_at - received_at)"
        slowest = written.scalar(
            f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY {waited}) FROM assessments WHERE import_id IS NULL"
        )
        assert slowest < 1.5
