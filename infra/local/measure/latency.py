"""Measures the time from an event's scheduled sending to its assessment on ``risk-updates``.

All parts are real: the Kinesis API, the engine in its own process, Postgres, Valkey, and the stream of
updates. Latency counts from the scheduled time of an event, not from when it could be sent, so that a system
that falls behind cannot hide it.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from infra import PROJECT
from infra.local.measure.scratch import scratch
from infra.local.services import emulator, postgres, valkey
from infra.local.services.engine_environment import engine_environment
from infra.local.stack.processes import Children, LocalError, answers, free_port

if TYPE_CHECKING:
    from mypy_boto3_kinesis.client import KinesisClient

SCORED, UNSCORED = "streaming.engine.main", "streaming.bench.unscored_engine"
TICK_SECONDS = 0.02
"""Seconds between sends; each takes all events that are due."""
WARM_SECONDS = 5.0
"""Warm-up seconds, sent but not measured."""
PATIENCE_SECONDS = 30.0
_STAGE = re.compile(r'risk_stage_seconds_(sum|count)\{stage="(\w+)"\} (\S+)')


@dataclass
class Run:
    """Results of one engine: latencies of the measured events in ms, events a second, and ms and batches by stage."""

    sent: int
    arrived: int
    seconds: float
    latencies: list[float] = field(default_factory=list)
    stages: dict[str, tuple[float, int]] = field(default_factory=dict)
    late: float = 0.0

    @property
    def rate(self) -> float:
        """End-to-end events per second, from the first event's time to the last one's arrival."""
        return self.arrived / self.seconds

    def percentile(self, share: float) -> float:
        """The latency in ms at this quantile."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


@dataclass
class Bench:
    """The services shared by the engines of a measurement."""

    children: Children
    database: postgres.Postgres
    cloud: emulator.Emulator

    def measure(self, module: str, rate: int, seconds: float, tell: Callable[[int], None] = lambda _: None) -> Run:
        """Start the engine ``module`` on its own database and streams, and send it ``rate`` events a second."""
        name = f"bench_{uuid.uuid4().hex[:8]}"
        events, updates = f"{name}-events", f"{name}-updates"
        client = self._client()
        for stream in (events, updates):
            client.create_stream(StreamName=stream, ShardCount=1)
            client.get_waiter("stream_exists").wait(StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        port = self._engine(module, name, events, updates)
        reader = _Reader(self._client(), updates)
        reader.start()
        try:
            due = _send(client, events, rate, seconds, tell)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while len(reader.arrived) < len(due.at) and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            reader.stop()
        arrived = [(reader.arrived[event] - at, at) for event, at in due.at.items() if event in reader.arrived]
        measured = [delay * 1000 for delay, at in arrived if at - due.start >= WARM_SECONDS]
        end = max((at + delay for delay, at in arrived), default=due.start)
        return Run(len(due.at), len(arrived), max(end - due.start, 1e-9), measured, _stages(port), due.behind * 1000)

    def _engine(self, module: str, name: str, events: str, updates: str) -> int:
        import psycopg
        from psycopg import sql

        from risk.store.db.migrate import upgrade
        from risk.store.db.roles import DatabaseRole

        with psycopg.connect(self.database.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        upgrade(self.database.url(name), passwords=self.database.passwords)
        port, cache = free_port(), valkey.start(self.children)
        told = engine_environment(
            self.cloud.environment,
            self.database.url(name, DatabaseRole.ENGINE),
            cache,
            stage="bench",
            events=events,
            updates=updates,
            epoch=name,
        )
        environment = told | {"POLL_INTERVAL": "0.05", "ENGINE_HOST": "127.0.0.1", "ENGINE_PORT": str(port)}
        child = self.children.start(f"engine-{name}", [sys.executable, "-m", module], env=environment, cwd=PROJECT)
        self.children.wait_until(child, lambda: answers(port) and _healthy(port), seconds=90)
        return port

    def _client(self) -> KinesisClient:
        import boto3

        session = boto3.Session("test", "test", region_name=emulator.REGION)
        return session.client("kinesis", endpoint_url=self.cloud.endpoint, config=emulator.client_config())


@contextmanager
def services() -> Iterator[Bench]:
    """Postgres and the emulator, on free ports, in a temporary folder."""
    with scratch() as (folder, children):
        yield Bench(children, postgres.start(children, folder / "postgres"), emulator.start(children, folder))


class _Reader(threading.Thread):
    """Reads ``risk-updates`` and records when each assessment arrived."""

    def __init__(self, client: KinesisClient, stream: str) -> None:
        super().__init__(name="reader", daemon=True)
        self._client = client
        self._stream = stream
        self._done = threading.Event()
        self.arrived: dict[str, float] = {}

    def run(self) -> None:
        shard = self._client.list_shards(StreamName=self._stream)["Shards"][0]["ShardId"]
        place = self._client.get_shard_iterator(
            StreamName=self._stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while not self._done.is_set():
            answer = self._client.get_records(ShardIterator=place, Limit=1000)
            now = time.perf_counter()
            place = answer["NextShardIterator"]
            for record in answer["Records"]:
                envelope = json.loads(record["Data"])
                if envelope["type"] == "assessments":
                    for item in envelope["items"]:
                        self.arrived.setdefault(item["event_id"], now)
            if not answer["Records"]:
                self._done.wait(0.005)

    def stop(self) -> None:
        """End it."""
        self._done.set()
        self.join()


@dataclass
class _Due:
    """When each event was due, and how far the sender was behind schedule at the end."""

    start: float
    at: dict[str, float]
    behind: float = 0.0


def _send(client: KinesisClient, stream: str, rate: int, seconds: float, tell: Callable[[int], None]) -> _Due:
    from risk.adapters.kinesis import Record, put_records
    from risk.domain.events import Event, to_json
    from streaming.simulator import simulate

    total = round(rate * (seconds + WARM_SECONDS))
    # A few minutes ago, so that no clock sees them in the future.
    began = datetime.now(UTC) - timedelta(seconds=seconds + WARM_SECONDS + 60)
    found = (record for record in simulate(seed=1, start=began, rate=rate) if isinstance(record, Event))
    events = list(islice(found, total))
    records = [Record(event.account_id, to_json(event)) for event in events]
    due = _Due(time.perf_counter() + 0.1, {})
    due.at = {str(event.event_id): due.start + place / rate for place, event in enumerate(events)}
    sent = 0
    while sent < total:
        now = time.perf_counter()
        ready = min(total, int((now - due.start) * rate) + 1) if now >= due.start else 0
        if ready > sent:
            failures = put_records(client, stream, records[sent:ready])
            if failures:
                raise LocalError(f"the emulator did not take {len(failures)} events: {failures[0].message}")
            tell(ready - sent)
            sent = ready
        time.sleep(max(0.0, TICK_SECONDS - (time.perf_counter() - now)))
    due.behind = max(0.0, time.perf_counter() - due.start - total / rate)
    return due


def _healthy(port: int) -> bool:
    import httpx

    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _stages(port: int) -> dict[str, tuple[float, int]]:
    """Total milliseconds and number of batches of each stage."""
    import httpx

    page = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    found: dict[str, dict[str, float]] = {}
    for what, stage, value in _STAGE.findall(page):
        found.setdefault(stage, {})[what] = float(value)
    return {stage: (values["sum"] * 1000, int(values["count"])) for stage, values in found.items()}


def compare(
    rate: int,
    seconds: float,
    tell: Callable[[str], Any] = lambda _: None,
    advance: Callable[[int], None] = lambda _: None,
) -> Sequence[Run]:
    """Measure the engine, then one that does not score, under the same load."""
    with services() as bench:
        runs = []
        for name, module in (("the engine", SCORED), ("the same, unscored", UNSCORED)):
            tell(f"measuring: {name}")
            runs.append(bench.measure(module, rate, seconds, advance))
        return runs
