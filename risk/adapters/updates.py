"""Puts updates for dashboards on the ``risk-updates`` stream."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from risk.adapters.kinesis import PutFailure, Record, put_records
from risk.adapters.stream_contracts import UpdateType, envelopes, partition_key

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient


def put_updates(
    client: KinesisClient, stream: str, kind: UpdateType, items: Iterable[bytes], *, attempts: int
) -> list[PutFailure]:
    """Put envelopes of JSON ``items`` on ``stream``; returns those that did not enter.

    Items carry their own order (``event_id``, or ``id`` and ``version``), so the envelopes of a call need none.
    """
    records = [
        Record(partition_key(kind), envelope, order=str(number))
        for number, envelope in enumerate(envelopes(kind, items))
    ]
    return put_records(client, stream, records, attempts=attempts)
