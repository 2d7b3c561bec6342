"""Reads Kinesis: one thread a shard, child shards after their parents.

Pathway's own Kinesis connector needs a licence key; this one reads through boto3 and leaves checkpoints
to the outbox, which stores each position together with what came of it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from risk.adapters.kinesis import kinesis_client
from streaming.engine.retry import DATABASE_ERRORS, wait_after
from streaming.engine.sources.admission import RawRecord
from streaming.engine.sources.kinesis_aggregates import split_position, user_records
from streaming.engine.sources.reader import READ_LIMIT, Admit

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_kinesis.type_defs import ShardTypeDef

logger = logging.getLogger(__name__)

DISCOVER_SECONDS = 10.0


class KinesisReader:
    """Reads every shard of ``stream`` from ``offsets`` (or its beginning) until ``stop`` is set."""

    def __init__(
        self,
        stream: str,
        offsets: Mapping[str, str],
        stop: threading.Event,
        *,
        poll_interval: float,
        connect: Callable[[], KinesisClient] = kinesis_client,
    ) -> None:
        self._stream = stream
        self._offsets = dict(offsets)
        self._stop = stop
        self._poll_interval = poll_interval
        self._connect = connect
        self._readers: dict[str, threading.Thread] = {}
        self._drained: set[str] = set()
        self._discover = threading.Event()
        self._failure: BaseException | None = None
        self._admit: Admit
        self.millis_behind: dict[str, int] = {}

    def run(self, admit: Admit) -> None:
        """Start a thread for each shard whose parents are drained; look for new shards periodically."""
        self._admit = admit
        client = self._connect()
        failures = 0
        while not self._stop.is_set():
            self._discover.clear()
            try:
                self._start_readers(_shards(client, self._stream))
                failures = 0
            except (ClientError, BotoCoreError) as error:
                failures += 1
                logger.warning("cannot list the shards of %s, trying again: %s", self._stream, error)
            self._wait_for_discovery(wait_after(failures) if failures else DISCOVER_SECONDS)
        for reader in self._readers.values():
            reader.join()
        if self._failure is not None:
            raise self._failure

    def _wait_for_discovery(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self._stop.is_set() and time.monotonic() < deadline:
            if self._discover.wait(0.1):
                return

    def _start_readers(self, shards: list[ShardTypeDef]) -> None:
        listed = {shard["ShardId"] for shard in shards}
        for shard in shards:
            shard_id = shard["ShardId"]
            parents = {shard.get("ParentShardId"), shard.get("AdjacentParentShardId")} & listed
            if shard_id in self._readers or not parents <= self._drained:
                continue
            reader = threading.Thread(target=self._read_or_stop, args=(shard_id,), name=f"read-{shard_id}")
            self._readers[shard_id] = reader
            reader.start()

    def _read_or_stop(self, shard_id: str) -> None:
        """Stop the engine on an error: one that reads only some of its shards would merely look healthy."""
        try:
            self._read_shard(shard_id)
        except BaseException as error:
            logger.exception("reading %s broke", shard_id)
            self._failure = error
            self._stop.set()

    def _read_shard(self, shard_id: str) -> None:
        """Read one shard to its end, retrying all failures: nothing may be skipped."""
        client = self._connect()
        iterator: str | None = None
        failures = 0
        while not self._stop.is_set():
            try:
                if iterator is None:
                    iterator = self._iterator(client, shard_id)
                answer = client.get_records(ShardIterator=iterator, Limit=READ_LIMIT)
                self._emit(
                    shard_id,
                    [
                        RawRecord(record["SequenceNumber"], record["ApproximateArrivalTimestamp"], record["Data"])
                        for record in answer["Records"]
                    ],
                )
            except (ClientError, BotoCoreError, *DATABASE_ERRORS) as error:
                if self._is_gone(client, shard_id, error):
                    logger.error(
                        "%s is gone, with what it held past its retention; going on with its children", shard_id
                    )
                    self._drain(shard_id)
                    return
                # The iterator may have expired, or its records were not admitted: start from the last position.
                iterator = None
                failures += 1
                logger.warning("reading %s failed, trying again: %s", shard_id, error)
                self._stop.wait(wait_after(failures))
                continue
            failures = 0
            self.millis_behind[shard_id] = answer.get("MillisBehindLatest", 0)
            # Absent at the end of a closed shard, whatever its type says.
            iterator = answer.get("NextShardIterator") or None
            if iterator is None:
                self._drain(shard_id)
                return
            if len(answer["Records"]) < READ_LIMIT:
                self._stop.wait(self._poll_interval)

    def _drain(self, shard_id: str) -> None:
        """Mark the shard as drained; its children may be read."""
        self._drained.add(shard_id)
        self.millis_behind.pop(shard_id, None)
        self._discover.set()

    def _is_gone(self, client: KinesisClient, shard_id: str, error: Exception) -> bool:
        """Whether ``error`` says that the shard no longer exists, while its stream still is."""
        if not isinstance(error, client.exceptions.ResourceNotFoundException):
            return False
        with suppress(ClientError, BotoCoreError):
            return shard_id not in {shard["ShardId"] for shard in _shards(client, self._stream)}
        return False

    def _iterator(self, client: KinesisClient, shard_id: str) -> str:
        position = self._offsets.get(shard_id)
        arguments: dict[str, Any] = {"StreamName": self._stream, "ShardId": shard_id}
        if position is not None:
            number, place = split_position(position)
            try:
                return client.get_shard_iterator(
                    **arguments,
                    # The rest of an aggregate may not be stored yet: it is read again, and its beginning left out.
                    ShardIteratorType="AFTER_SEQUENCE_NUMBER" if place is None else "AT_SEQUENCE_NUMBER",
                    StartingSequenceNumber=number,
                )["ShardIterator"]
            except client.exceptions.InvalidArgumentException:
                # Another stream of that name, or a position past retention: ids that are known count once anyway.
                logger.exception("%s does not know position %s; reading it from the beginning", shard_id, position)
        return client.get_shard_iterator(**arguments, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]

    def _emit(self, shard_id: str, records: list[RawRecord]) -> None:
        number, place = split_position(self._offsets.get(shard_id, ""))
        users = [each for record in records for each in user_records(record)]
        if place is not None and records and records[0].position == number:
            del users[: place + 1]
        for first in range(0, len(users), READ_LIMIT):
            part = users[first : first + READ_LIMIT]
            self._admit(shard_id, part)
            self._offsets[shard_id] = part[-1].position


def _shards(client: KinesisClient, stream: str) -> list[ShardTypeDef]:
    answer = client.list_shards(StreamName=stream)
    shards = answer["Shards"]
    while token := answer.get("NextToken"):
        answer = client.list_shards(NextToken=token)
        shards += answer["Shards"]
    return shards
