"""Splits aggregates of the Kinesis Producer Library: many user records in one stream record.

The format is aws_kinesis_agg's. Its own loop is not used: it drops what follows a user record that it cannot read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from aws_kinesis_agg import DIGEST_SIZE, MAGIC  # type: ignore[import-untyped]  # it ships no types
from aws_kinesis_agg.deaggregator import messages_pb2  # type: ignore[import-untyped]  # it ships no types
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # its types are a package apart

from streaming.engine.sources.admission import RawRecord

_SEPARATOR = "."


def user_records(record: RawRecord) -> Iterator[RawRecord]:
    """The user records in ``record``, each with a position of its own; ``record`` itself if it is no aggregate.

    An aggregate damaged before its first user record stays whole.
    """
    body, digest = record.data[len(MAGIC) : -DIGEST_SIZE], record.data[-DIGEST_SIZE:]
    if not record.data.startswith(MAGIC) or hashlib.md5(body, usedforsecurity=False).digest() != digest:
        yield record
        return
    try:
        packed = messages_pb2.AggregatedRecord.FromString(body)
    except DecodeError:
        yield record
        return
    for place, one in enumerate(packed.records):
        yield RawRecord(f"{record.position}{_SEPARATOR}{place}", record.received_at, one.data)


def split_position(position: str) -> tuple[str, int | None]:
    """The sequence number in a position, and the place of a user record in its aggregate, if it is of one."""
    number, _, place = position.partition(_SEPARATOR)
    return number, int(place) if place.isdigit() else None
