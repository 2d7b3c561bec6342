"""Sending records to Kafka."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from infra.commands.shared.delivery import Attempt, as_record
from risk.adapters.kafka import producer, put_records
from risk.config.settings import KafkaSettings
from risk.domain.errors import InvalidInput
from risk.domain.events import Event, Label

if TYPE_CHECKING:
    from confluent_kafka import Producer


class KafkaTarget:
    """A Kafka topic."""

    def __init__(self, client: Producer, topic: str) -> None:
        self._client, self._topic = client, topic

    def send(self, records: Sequence[Event | Label]) -> Attempt:
        """Put ``records``; the client tries again itself, for ten seconds."""
        failures = put_records(self._client, self._topic, [as_record(record) for record in records])
        trouble = f"{failures[0].code}: {failures[0].message}" if failures else ""
        return Attempt([records[failure.index] for failure in failures], trouble)

    def close(self) -> None:
        """Close the connections: ``send`` leaves nothing unsent."""
        self._client.close()


def kafka_target(*, brokers: str | None, topic: str | None) -> KafkaTarget:
    """The topic at ``brokers``; other settings and the login come from the environment (``KAFKA_…``)."""
    given = {"kafka_brokers": brokers, "kafka_topic": topic}
    try:
        settings = KafkaSettings.model_validate(
            KafkaSettings().model_dump() | {name: value for name, value in given.items() if value is not None}
        )
    except ValidationError as error:
        raise InvalidInput("; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors())) from error
    if not settings.kafka_brokers:
        raise InvalidInput("--to kafka needs --brokers, or KAFKA_BROKERS in the environment: host:port")
    return KafkaTarget(producer(settings), settings.kafka_topic)
