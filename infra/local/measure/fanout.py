"""Measures how long an update takes to reach every open dashboard, and checks that none is lost.

All parts are real: ``risk-updates``, the event source, the ``broadcast`` Lambda, ``@connections``, and a
WebSocket client for each dashboard. The baseline pushes the same frame to the same connections directly.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import redis

from infra.local.services.emulator import CREDENTIALS, REGION, client_config
from infra.local.stack.processes import LocalError
from risk.adapters import valkey_live
from risk.adapters.kinesis import Record, put_records
from risk.adapters.stream_contracts import UpdateType, envelopes
from risk.domain.assessment import RiskLevel
from risk.domain.permissions import Role

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

STREAM = "risk-updates"
OPENING = 40
"""How many connections are opened at a time."""
PUSHERS = 32
PATIENCE_SECONDS = 60.0
TICK_SECONDS = 0.25


@dataclass
class Watcher:
    """One dashboard: the ids it received, and in how many frames."""

    socket: ClientConnection
    seen: set[str] = field(default_factory=set)
    frames: int = 0

    async def read(self) -> None:
        """Receive until the connection closes."""
        from websockets.exceptions import ConnectionClosed

        with contextlib.suppress(ConnectionClosed):
            async for message in self.socket:
                items = json.loads(message)["items"]
                self.frames += 1
                self.seen.update(item["event_id"] for item in items if "event_id" in item)


@dataclass(frozen=True)
class FanOut:
    """Median seconds until the last of ``connections`` had an update, and the result of a stream of updates."""

    connections: int
    direct: float
    broadcast: float
    dropped: int
    forgotten: int
    updates: int
    missing: int
    frames: float


class Crowd:
    """Many dashboards on a running stack."""

    def __init__(self, stack: dict[str, Any]) -> None:
        options: dict[str, Any] = {"endpoint_url": stack["endpoint"], "config": client_config(), "region_name": REGION}
        session = boto3.Session(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"])
        self._kinesis = session.client("kinesis", **options)
        management = "http" + stack["ws"].removeprefix("ws")
        self._management = session.client("apigatewaymanagementapi", **options | {"endpoint_url": management})
        where = urlsplit(stack["valkey_url"])
        self.store = valkey_live.connect(
            where.hostname or "127.0.0.1", where.port or 6379, login=(where.username or "", where.password or "")
        )
        self._url = stack["ws"]
        self.watchers: list[Watcher] = []

    @contextlib.asynccontextmanager
    async def open(self, count: int, opened: Callable[[int], None]) -> AsyncIterator[None]:
        """Open ``count`` WebSockets, each with its own ticket; they are closed at the end."""
        from websockets.asyncio.client import connect

        turn = asyncio.Semaphore(OPENING)

        async def one() -> Watcher:
            async with turn:
                ticket = valkey_live.issue_ticket(self.store, str(uuid.uuid4()), Role.VIEWER)
                socket = await connect(f"{self._url}?ticket={ticket}", open_timeout=60, ping_interval=None)
                opened(1)
                return Watcher(socket)

        self.watchers = await asyncio.gather(*(one() for _ in range(count)))
        readers = [asyncio.create_task(one.read()) for one in self.watchers]
        try:
            yield
        finally:
            await asyncio.gather(*(one.socket.close() for one in self.watchers), return_exceptions=True)
            await asyncio.gather(*readers, return_exceptions=True)

    async def direct(self) -> float:
        """Push one update to every connection, as fast as the emulator accepts it."""
        event_id = str(uuid.uuid4())
        frame = _envelope([event_id])
        ids = [one.id for one in valkey_live.connections(self.store)]

        def push(connection_id: str) -> None:
            with contextlib.suppress(self._management.exceptions.GoneException):
                self._management.post_to_connection(ConnectionId=connection_id, Data=frame)

        start = time.perf_counter()
        with ThreadPoolExecutor(PUSHERS) as pool:
            await asyncio.gather(*(asyncio.get_running_loop().run_in_executor(pool, push, one) for one in ids))
            await self._everyone_has({event_id})
        return time.perf_counter() - start

    async def broadcast(self) -> float:
        """Put one update on the stream."""
        event_id = str(uuid.uuid4())
        start = time.perf_counter()
        await asyncio.to_thread(self._put, [event_id])
        await self._everyone_has({event_id})
        return time.perf_counter() - start

    async def drop(self, count: int) -> int:
        """Drop ``count`` connections without closing; returns how many the stack still knows some updates later."""
        gone, self.watchers = self.watchers[:count], self.watchers[count:]
        for one in gone:
            one.socket.transport.abort()
        for _ in range(3):
            await self.broadcast()
            await asyncio.sleep(3)
        return len(valkey_live.connections(self.store))

    async def stream(self, count: int, seconds: float, sent: Callable[[int], None]) -> tuple[int, float]:
        """Put ``count`` updates over a time, one per record; returns how many were missed, and frames per dashboard."""
        ids = [str(uuid.uuid4()) for _ in range(count)]
        before = sum(one.frames for one in self.watchers)
        start, done = time.perf_counter(), 0
        while done < count:
            due = min(count, round(count * (time.perf_counter() - start) / seconds))
            if due > done:
                await asyncio.to_thread(self._put, ids[done:due])
                sent(due - done)
            done = due
            await asyncio.sleep(TICK_SECONDS)
        with contextlib.suppress(LocalError):
            await self._everyone_has(set(ids))
        missing = max(len(set(ids) - one.seen) for one in self.watchers)
        return missing, (sum(one.frames for one in self.watchers) - before) / len(self.watchers)

    def _put(self, ids: Sequence[str]) -> None:
        records = [Record(one, _envelope([one])) for one in ids]
        if failures := put_records(self._kinesis, STREAM, records):
            raise LocalError(f"{len(failures)} updates did not enter {STREAM}: {failures[0].message}")

    async def _everyone_has(self, ids: set[str]) -> None:
        deadline = time.perf_counter() + PATIENCE_SECONDS
        while not all(ids <= one.seen for one in self.watchers):
            if time.perf_counter() > deadline:
                lack = sum(not ids <= one.seen for one in self.watchers)
                raise LocalError(f"{lack} of {len(self.watchers)} dashboards lack an update after {PATIENCE_SECONDS} s")
            await asyncio.sleep(0.002)


def _envelope(ids: Sequence[str]) -> bytes:
    items = (json.dumps({"event_id": one, "level": RiskLevel.CRITICAL, "score": 0.97}).encode() for one in ids)
    return b"".join(envelopes(UpdateType.ASSESSMENTS, items))


async def measure(
    stack: dict[str, Any],
    connections: int,
    rounds: int,
    updates: int,
    seconds: float,
    *,
    advance: Callable[[int], None],
    say: Callable[[str], None],
) -> FanOut:
    """Open the connections, push alternately, drop a twentieth of them, then stream updates to the rest."""
    crowd = Crowd(stack)
    say("opening")
    try:
        async with crowd.open(connections, advance):
            say("pushing")
            direct, broadcast = [], []
            for _ in range(rounds):
                direct.append(await crowd.direct())
                broadcast.append(await crowd.broadcast())
            dropped = connections // 20
            known = await crowd.drop(dropped)
            say("streaming")
            missing, frames = await crowd.stream(updates, seconds, advance)
    except (OSError, redis.RedisError) as error:
        raise LocalError(f"the stack did not hold: {type(error).__name__}: {error}") from error
    finally:
        crowd.store.close()
    middle = rounds // 2
    return FanOut(
        connections=connections,
        direct=sorted(direct)[middle],
        broadcast=sorted(broadcast)[middle],
        dropped=dropped,
        forgotten=connections - known,
        updates=updates,
        missing=missing,
        frames=frames,
    )
