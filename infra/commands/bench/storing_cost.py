"""What ``risk bench store`` measures: Postgres processor time per stored event, beside a bare COPY of the same rows."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import typer
from sqlalchemy import Connection, Engine, text

from infra.commands.bench.history import EPOCH, score_history
from infra.local.measure.scratch import scratch
from infra.local.services import postgres
from risk.domain.events import Event
from risk.store.db.engine import create_pool, driver
from risk.store.db.migrate import upgrade
from risk.store.db.partitions import ensure_partitions
from risk.store.engine_state import batch_writer
from streaming.simulator import simulate

_WORTH_TELLING = 5
"""Bytes per event below which an index is only its empty page."""
_START = datetime(2026, 1, 1, tzinfo=UTC)
_INDEXES = text(
    """
    SELECT regexp_replace(index.relname, '_y?[0-9]{4}_?m?[0-9]{2}', '') AS name,
           sum(pg_relation_size(index.oid))::bigint AS bytes
    FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_class AS owner ON owner.oid = indrelid
    WHERE owner.relname ~ '^(assessment|entities|alert|rule_hits)' AND pg_relation_size(index.oid) > 0
    GROUP BY 1 ORDER BY 2 DESC
    """
)


class Cost(NamedTuple):
    """Cost of storing, per event: backend processor time (µs), elapsed time (µs), write-ahead log (bytes)."""

    processor: float
    elapsed: float
    log: float


def measure(events: int, seed: int, *, as_json: bool) -> None:
    """Store ``events`` simulated events twice, in full and by a bare COPY, and print what both cost."""
    stream = (one for one in simulate(seed=seed, start=_START, rate=2_000) if isinstance(one, Event))
    batches: list[batch_writer.Batch] = []
    now = datetime.now(UTC)
    score_history(islice(stream, events), now, batches.append)
    with scratch() as (folder, children):
        server = postgres.start(children, folder / "postgres")
        upgrade(server.url())
        engine = create_pool(server.url(), application="bench", size=1)
        try:
            with engine.begin() as connection:
                ensure_partitions(connection, now)
                connection.execute(text("CREATE TABLE bare (LIKE assessments)"))
            full = _measure(engine, batches, _store)
            bare = _measure(engine, batches, _copy)
            with engine.connect() as connection:
                stored = connection.scalar(text("SELECT count(*) FROM assessments"))
                indexes = {row.name: row.bytes / events for row in connection.execute(_INDEXES)}
        finally:
            engine.dispose()
    if stored != events:
        raise AssertionError(f"{stored} of {events} events were stored")
    for name, cost in {"stored": full, "bare COPY": bare}.items():
        typer.echo(
            f"{name:<10} {cost.processor:>7.0f} µs of Postgres an event, {cost.elapsed:.0f} µs elapsed, "
            f"{cost.log:,.0f} bytes of log"
        )
    typer.echo(
        f"ratio      {full.processor / bare.processor:>7.1f}   ({events:,} events; bytes of each index an event:)"
    )
    for name, size in indexes.items():
        if size >= _WORTH_TELLING:
            typer.echo(f"  {name:<44} {size:>6.0f}")
    if as_json:
        figures = {"stored": full._asdict(), "bare": bare._asdict(), "ratio": full.processor / bare.processor}
        typer.echo(json.dumps({"bench": "store", "events": events, **figures, "indexes": indexes}))


def _store(connection: Connection, batch: batch_writer.Batch) -> None:
    batch_writer.store(connection, batch, stream_epoch=EPOCH)


def _copy(connection: Connection, batch: batch_writer.Batch) -> None:
    names = [name for name in batch.assessments[0] if name != "sequence"] if batch.assessments else []
    columns = ", ".join(["sequence", *names])
    with driver(connection).cursor() as cursor, cursor.copy(f"COPY bare ({columns}) FROM STDIN") as copy:
        for row in batch.assessments:
            copy.write_row([row["sequence"], *(row[name] for name in names)])


def _measure(
    engine: Engine, batches: list[batch_writer.Batch], write: Callable[[Connection, batch_writer.Batch], None]
) -> Cost:
    events = sum(len(batch.assessments) for batch in batches)
    with engine.begin() as connection:
        backend = driver(connection).info.backend_pid
        log = connection.scalar(text("SELECT pg_current_wal_insert_lsn()"))
    before, started = _processor_seconds(backend), time.perf_counter()
    for batch in batches:
        with engine.begin() as connection:
            write(connection, batch)
    elapsed, used = time.perf_counter() - started, _processor_seconds(backend) - before
    with engine.begin() as connection:
        if driver(connection).info.backend_pid != backend:
            raise AssertionError("the connection was made anew: its first backend did not do it all")
        written = connection.scalar(text("SELECT pg_current_wal_insert_lsn() - CAST(:log AS pg_lsn)"), {"log": log})
    return Cost(used / events * 1e6, elapsed / events * 1e6, float(written or 0) / events)


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
