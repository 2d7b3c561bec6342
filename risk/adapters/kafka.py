"""Kafka clients: connection settings, authentication, and sending records to a topic."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

from risk.adapters.kinesis import PutFailure, Record
from risk.config.secrets import kafka_login
from risk.config.settings import KafkaSettings

logger = logging.getLogger(__name__)

PUT_SECONDS = 10.0
_PREFETCHED_KB = 16 * 1024


def consumer(settings: KafkaSettings) -> Consumer:
    """A consumer with manually assigned partitions that commits nothing: the caller keeps the offsets."""
    return Consumer(
        {
            **_client(settings),
            "group.id": settings.kafka_group,
            "enable.auto.commit": False,
            "auto.offset.reset": "error",  # an offset that no longer exists is reported to the reader
            "isolation.level": "read_committed",
            "check.crcs": True,
            "queued.max.messages.kbytes": _PREFETCHED_KB,
        }
    )


def producer(settings: KafkaSettings) -> Producer:
    """A producer that waits for all in-sync replicas and partitions keys as Java's producers do."""
    return Producer(
        {
            **_client(settings),
            "enable.idempotence": True,
            "partitioner": "murmur2_random",
            "compression.type": "lz4",
            "delivery.timeout.ms": int(PUT_SECONDS * 1000),
        }
    )


def put_records(client: Producer, topic: str, records: Sequence[Record]) -> list[PutFailure]:
    """Send ``records``; returns those not confirmed, in order of index. The client has retried them already."""
    failures: list[PutFailure] = []

    def done(index: int, error: KafkaError | None, _: Message | None = None) -> None:
        if error is not None:
            failures.append(PutFailure(index, error.name(), error.str()))

    for index, record in enumerate(records):
        try:
            client.produce(topic, record.data, record.key.encode(), on_delivery=partial(done, index))
        except BufferError:
            done(index, KafkaError(KafkaError._QUEUE_FULL))
        except KafkaException as error:
            done(index, error.args[0])
        client.poll(0)
    client.flush(2 * PUT_SECONDS)  # each is confirmed or given up by then
    return sorted(failures, key=lambda failure: failure.index)


def _client(settings: KafkaSettings) -> dict[str, Any]:
    found: dict[str, Any] = {
        "bootstrap.servers": settings.kafka_brokers,
        "client.id": "realtime-risk",
        "security.protocol": settings.kafka_security_protocol,
        "socket.keepalive.enable": True,
        "error_cb": lambda error: logger.warning("Kafka: %s", error.str()),
    }
    if settings.kafka_security_protocol.startswith("sasl"):
        username, password = kafka_login(settings)
        found |= {
            "sasl.mechanism": settings.kafka_sasl_mechanism,
            "sasl.username": username,
            "sasl.password": password,
        }
    if settings.kafka_security_protocol.endswith("ssl"):
        files = {
            "ssl.ca.location": settings.kafka_ca_file,
            "ssl.certificate.location": settings.kafka_certificate_file,
            "ssl.key.location": settings.kafka_key_file,
        }
        found |= {name: path for name, path in files.items() if path}
    return found
