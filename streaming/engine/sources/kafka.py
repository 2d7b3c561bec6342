"""Reads Kafka: every partition of a topic, from the record after the last stored one.

Partitions are assigned by hand. A consumer group would hand them out and keep positions of its own, which are stored
at another time than what came of the records; the engine is the only reader anyway, and its lease sees to that.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby

from confluent_kafka import (
    OFFSET_BEGINNING,
    TIMESTAMP_NOT_AVAILABLE,
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from streaming.engine.retry import DATABASE_ERRORS, wait_after
from streaming.engine.sources.admission import RawRecord
from streaming.engine.sources.reader import READ_LIMIT, Admit

logger = logging.getLogger(__name__)

DISCOVER_SECONDS = 10.0
_ANSWER_SECONDS = 5.0
_WAIT_SECONDS = 0.2


class KafkaReader:
    """Reads every partition of ``topic`` from ``offsets`` (or its beginning) until ``stop`` is set."""

    def __init__(
        self, topic: str, offsets: Mapping[str, str], stop: threading.Event, *, connect: Callable[[], Consumer]
    ) -> None:
        self._topic = topic
        self._offsets = dict(offsets)
        self._stop = stop
        self._connect = connect
        self._assigned: set[int] = set()
        self._discover_at = 0.0
        self.millis_behind: dict[str, int] = {}

    def run(self, admit: Admit) -> None:
        """Read each partition in order; look for new partitions periodically."""
        consumer = self._connect()
        failures = 0
        try:
            while not self._stop.is_set():
                try:
                    self._assign_new(consumer)
                    messages = self._read(consumer)
                except KafkaException as error:
                    failures += 1
                    logger.warning("reading %s failed, trying again: %s", self._topic, error)
                    self._stop.wait(wait_after(failures))
                    continue
                failures = 0
                for partition, found in groupby(sorted(messages, key=_partition), _partition):
                    self._admit(consumer, admit, partition, list(found))
        finally:
            consumer.close()

    def _assign_new(self, consumer: Consumer) -> None:
        """Assign new partitions, when it is time to look for them."""
        if time.monotonic() < self._discover_at:
            return
        listed = consumer.list_topics(self._topic, timeout=_ANSWER_SECONDS).topics[self._topic]
        if listed.error is not None:
            raise KafkaException(listed.error)
        new = sorted(set(listed.partitions) - self._assigned)
        if new:
            consumer.incremental_assign([TopicPartition(self._topic, number, self._start(number)) for number in new])
            self._assigned.update(new)
            logger.info("reading partitions %s of %s", new, self._topic)
        self._discover_at = time.monotonic() + DISCOVER_SECONDS

    def _start(self, partition: int) -> int:
        position = self._offsets.get(self._source(partition))
        return OFFSET_BEGINNING if position is None else int(position) + 1

    def _read(self, consumer: Consumer) -> list[Message]:
        """The available records, at most ``READ_LIMIT``; waits for the first only."""
        first = consumer.poll(_WAIT_SECONDS)
        if first is None:
            return []
        return [
            message for message in (first, *consumer.consume(READ_LIMIT - 1, 0)) if self._is_record(consumer, message)
        ]

    def _is_record(self, consumer: Consumer, message: Message) -> bool:
        error = message.error()
        if error is None:
            return True
        if error.code() == KafkaError._AUTO_OFFSET_RESET and message.partition() is not None:
            self._start_over(consumer, _partition(message))
        else:
            # The client retries by itself.
            logger.warning("reading %s/%s: %s", self._topic, message.partition(), error.str())
        return False

    def _start_over(self, consumer: Consumer, partition: int) -> None:
        """Start over: the position is past retention, or of a recreated topic. Known ids still count once."""
        source = self._source(partition)
        position = self._offsets.pop(source, None)
        logger.error("%s does not know the position after %s; reading it from its oldest record", source, position)
        consumer.incremental_unassign([TopicPartition(self._topic, partition)])
        self._assigned.discard(partition)
        self._discover_at = 0.0

    def _admit(self, consumer: Consumer, admit: Admit, partition: int, messages: Sequence[Message]) -> None:
        """Admit ``messages``, retrying until it succeeds: nothing may be skipped."""
        source = self._source(partition)
        records = [_raw(message) for message in messages]
        failures = 0
        while not self._stop.is_set():
            try:
                admit(source, records)
            except DATABASE_ERRORS as error:
                failures += 1
                logger.warning("records of %s were not admitted, trying again: %s", source, error)
                self._stop.wait(wait_after(failures))
                continue
            self._offsets[source] = records[-1].position
            self.millis_behind[source] = self._behind(consumer, partition, records[-1])
            return

    def _behind(self, consumer: Consumer, partition: int, last: RawRecord) -> int:
        """Milliseconds since ``last`` came in, if there are newer records; 0 if it is the newest."""
        watermarks = consumer.get_watermark_offsets(TopicPartition(self._topic, partition), cached=True)
        if watermarks is None or watermarks[1] <= int(last.position) + 1:
            return 0
        return int((datetime.now(UTC) - last.received_at).total_seconds() * 1000)

    def _source(self, partition: int) -> str:
        return f"{self._topic}/{partition}"


def _partition(message: Message) -> int:
    return message.partition() or 0


def _raw(message: Message) -> RawRecord:
    """A raw record. One without a value is unreadable, and becomes a dead letter."""
    return RawRecord(str(message.offset()), _received_at(message), message.value() or b"")


def _received_at(message: Message) -> datetime:
    """The record's time, bounded, because producers may set it, and clocks differ."""
    now = datetime.now(UTC)
    kind, millis = message.timestamp()
    if kind == TIMESTAMP_NOT_AVAILABLE or not 0 < millis / 1000 < now.timestamp():
        return now
    return datetime.fromtimestamp(millis / 1000, UTC)
