"""Checkpoints of the audit log: signed, stored beside the log, and kept in a bucket where nobody can change them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from sqlalchemy import Engine

from risk.audit.checkpoint import Checkpoint, Note, Signer
from risk.store.audit import checkpoints

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "checkpoints/"


def key_of(size: int) -> str:
    """The key of the checkpoint over ``size`` records: they sort as the sizes do."""
    return f"{PREFIX}{size:020d}.txt"


def _client() -> S3Client:
    return boto3.client("s3", config=Config(connect_timeout=2, read_timeout=10, retries={"max_attempts": 3}))


def newest_kept(client: S3Client, bucket: str, known: int) -> str | None:
    """The newest checkpoint in ``bucket``, from the one over ``known`` records on; None if it has none.

    The database names where to look from. If it has lost some, those after it are found here.
    """
    after = key_of(known - 1) if known else PREFIX
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX, StartAfter=after)
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    if not keys:
        return None
    # The first version of an object is the one that the lock keeps; whatever was put over it later is not.
    found = client.list_object_versions(Bucket=bucket, Prefix=keys[-1])["Versions"]
    first = min(found, key=lambda version: version["LastModified"])
    return client.get_object(Bucket=bucket, Key=keys[-1], VersionId=first["VersionId"])["Body"].read().decode()


def take(engine: Engine, signer: Signer, origin: str, bucket: str, *, at: datetime) -> tuple[int, bool]:
    """Sign the log, keep the checkpoint in ``bucket`` (none, if empty), and say its size and whether it is new.

    ``Tampered`` if the log does not continue what was signed, in the database or in the bucket.
    """
    client = _client() if bucket else None
    with engine.connect() as connection:
        stored = checkpoints.newest(connection)
    known = Checkpoint.parse(Note.parse(stored).text).size if stored else 0
    kept = newest_kept(client, bucket, known) if client else None
    note, new = checkpoints.take(engine, signer, origin, at=at, kept=kept)
    size = Checkpoint.parse(Note.parse(note).text).size
    if client and (new or kept is None):
        # Also when it is not new: the last time it may have been stored, and not been kept.
        _keep(client, bucket, size, note)
    return size, new


def _keep(client: S3Client, bucket: str, size: int, note: str) -> None:
    # Its retention is the bucket's default, which no writer can shorten.
    client.put_object(
        Bucket=bucket, Key=key_of(size), Body=note.encode(), ContentType="text/plain; charset=utf-8", IfNoneMatch="*"
    )
