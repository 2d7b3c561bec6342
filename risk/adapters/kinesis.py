"""Sends records to Kinesis in order: batched to the service's limits, failures retried, the rest reported."""

from __future__ import annotations

import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
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
MAX_WAIT = 3.2
OUT_OF_TIME = "OutOfTime", "the time ran out before it was its turn"


@dataclass(frozen=True)
class Record:
    """A record to put under ``key``; those with the same ``order`` (the key, unless given) keep their order."""

    key: str
    data: bytes
    order: str | None = None


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


def _batches(records: Sequence[Record], indices: Iterable[int]) -> Iterator[list[int]]:
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
    timeout: float = inf,
    sleep: Callable[[float], None] = time.sleep,
) -> list[PutFailure]:
    """Put ``records``; one that is refused is tried again, with growing waits, ``attempts`` times in all.

    The service goes on after a record that it refuses, so a request holds one record of each order, and the next of
    that order follows when it has entered. If it never does, those behind it are not put. No request begins after
    ``timeout`` seconds. Returns the records that did not enter, in order of index. A record whose answer was lost may
    be put twice: readers recognise it by its event_id.
    """
    deadline = time.monotonic() + timeout
    queues: dict[str, deque[int]] = {}
    for index, record in enumerate(records):
        queues.setdefault(record.key if record.order is None else record.order, deque()).append(index)
    refused: Counter[int] = Counter()
    failures: list[PutFailure] = []
    waits = 0
    while queues:
        heads = {queue[0]: order for order, queue in queues.items()}
        refusals: dict[int, PutFailure] = {}
        for batch in _batches(records, heads):
            if time.monotonic() < deadline:
                refusals |= {failure.index: failure for failure in _put(client, stream, records, batch)}
            else:
                refusals |= {index: PutFailure(index, *OUT_OF_TIME) for index in batch}
                refused.update(dict.fromkeys(batch, attempts))
        refused.update(refusals.keys())
        for index, order in heads.items():
            if index not in refusals:
                queues[order].popleft()
            elif refused[index] >= attempts:
                failures += [replace(refusals[index], index=behind) for behind in queues.pop(order)]
                continue
            if not queues[order]:
                del queues[order]
        waits = waits + 1 if refusals else 0
        if refusals and queues:
            sleep(min(MAX_WAIT, FIRST_WAIT * 2**waits) * random.uniform(0.5, 1.0))  # noqa: S311  (jitter, not a secret)
    return sorted(failures, key=lambda failure: failure.index)
