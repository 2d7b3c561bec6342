"""A Kafka broker for tests: librdkafka's own mock, which speaks the protocol over TCP and lives in this process.

Topics make themselves, with four partitions. It keeps at most 5 MB of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self
from uuid import uuid4

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, Producer, TopicPartition

from risk.adapters.kafka import producer, put_records
from risk.adapters.kinesis import Record
from risk.config.settings import KafkaSettings

PARTITIONS = 4


class Broker:
    """A running broker with one empty topic, and a producer that puts records on it."""

    def __init__(self) -> None:
        self._owner = Producer({"bootstrap.servers": "mock", "test.mock.num.brokers": 1})
        self.topic = f"events-{uuid4().hex[:8]}"
        listed = self._owner.list_topics(self.topic, timeout=10)
        assert len(listed.topics[self.topic].partitions) == PARTITIONS
        (node,) = listed.brokers.values()
        self.address = f"{node.host}:{node.port}"
        self.producer = producer(self.settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.producer.close()
        self._owner.close()

    @property
    def settings(self) -> KafkaSettings:
        """How to reach it."""
        return KafkaSettings(kafka_brokers=self.address, kafka_topic=self.topic)

    @property
    def environment(self) -> dict[str, str]:
        """What an engine is told, to read the topic."""
        return {"EVENT_SOURCE": "kafka", "KAFKA_BROKERS": self.address, "KAFKA_TOPIC": self.topic}

    def put(self, records: Sequence[Record]) -> None:
        """Put ``records``, and wait until they are on the topic."""
        assert put_records(self.producer, self.topic, records) == []

    def read(self) -> list[Message]:
        """The records on the topic, in the order of each partition."""
        consumer = Consumer({"bootstrap.servers": self.address, "group.id": "test", "enable.partition.eof": True})
        consumer.assign([TopicPartition(self.topic, number, OFFSET_BEGINNING) for number in range(PARTITIONS)])
        found: list[Message] = []
        ended: set[int | None] = set()
        while len(ended) < PARTITIONS:
            message = consumer.poll(30)
            assert message is not None, "the broker says nothing"
            error = message.error()
            if error is None:
                found.append(message)
            else:
                assert error.code() == KafkaError._PARTITION_EOF, error
                ended.add(message.partition())
        consumer.close()
        return found
