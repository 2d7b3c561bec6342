"""Sends records to Kinesis: batched to the service's limits, partial failures retried, the rest reported."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_kinesis.type_defs import PutRecordsRequestEntryTypeDef

MAX_RECORDS = 500
MAX_BYTES = 5 * 1024 * 1024
ATTEMPTS = 6
FIRST_WAIT = 0.05


@dataclass(frozen=True)
class Record:
    """A record to put: records with the same ``key`` keep their order."""

    key: str
    data: bytes


@dataclass(frozen=True)
class PutFailure:
    """A record that did not enter the stream: its ``index`` in the input, and why."""

    index: int
    code: str
    message: str


def kinesis_client(*, read_timeout: float = 10.0) -> KinesisClient:
    """A client that reads region, credentials and endpoint (AWS_ENDPOINT_URL) from the environment."""
    return boto3.client(
        "kinesis",
        config=Config(
            connect_timeout=2,
            read_timeout=read_timeout,
            retries={"mode": "standard", "max_attempts": 3},
            max_pool_connections=32,
        ),
    )


def _batches(records: Sequence[Record], indices: Sequence[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    size = 0
    for index in indices:
        length = len(records[index].data) + len(records[index].key)
        if batch and (len(batch) == MAX_RECORDS or size + length > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(index)
        size += length
    if batch:
        yield batch


def _put(client: KinesisClient, stream: str, records: Sequence[Record], batch: Sequence[int]) -> list[PutFailure]:
    entries: list[PutRecordsRequestEntryTypeDef] = [
        {"Data": records[index].data, "PartitionKey": records[index].key} for index in batch
    ]
    try:
        answer = client.put_records(StreamName=stream, Records=entries)
    except (ClientError, BotoCoreError) as error:
        return [PutFailure(index, type(error).__name__, str(error)) for index in batch]
    return [
        PutFailure(index, result["ErrorCode"], result.get("ErrorMessage", ""))
        for index, result in zip(batch, answer["Records"], strict=True)
        if result.get("ErrorCode")
    ]


def put_records(
    client: KinesisClient,
    stream: str,
    records: Sequence[Record],
    *,
    attempts: int = ATTEMPTS,
    sleep: Callable[[float], None] = time.sleep,
) -> list[PutFailure]:
    """Put ``records``; those refused are tried again, with growing waits, ``attempts`` times in all.

    Returns what still failed, in order of index. A record whose answer was lost may be put twice:
    readers recognise it by its event_id.
    """
    waiting: Sequence[int] = range(len(records))
    failures: list[PutFailure] = []
    for attempt in range(attempts):
        if attempt:
            sleep(FIRST_WAIT * 2**attempt * random.uniform(0.5, 1.0))  # noqa: S311  (jitter, not a secret)
        failures = [failure for batch in _batches(records, waiting) for failure in _put(client, stream, records, batch)]
        waiting = [failure.index for failure in failures]
        if not waiting:
            break
    return failures
