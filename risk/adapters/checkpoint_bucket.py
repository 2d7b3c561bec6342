"""Audit log checkpoints in a bucket with Object Lock, which nobody with access to the database can change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = "checkpoints/"
_MOST = 10**20 - 1


def bucket_client() -> S3Client:
    """The S3 client for the bucket."""
    return boto3.client("s3", config=Config(connect_timeout=2, read_timeout=10, retries={"max_attempts": 3}))


def key_of(size: int) -> str:
    """The object key of the checkpoint over ``size`` records. Larger checkpoints are listed first."""
    return f"{PREFIX}{_MOST - size:020d}-{size}.txt"


def newest_kept(client: S3Client, bucket: str) -> str | None:
    """The newest checkpoint in ``bucket``, whatever the database says; None if there is none."""
    return next(kept(client, bucket, limit=1), None)


def kept(client: S3Client, bucket: str, *, limit: int) -> Iterator[str]:
    """At most ``limit`` checkpoints in ``bucket``, newest first."""
    pages = client.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=PREFIX, PaginationConfig={"MaxItems": limit, "PageSize": min(limit, 1000)}
    )
    for page in pages:
        for item in page.get("Contents", []):
            yield _first_version(client, bucket, item["Key"])


def _first_version(client: S3Client, bucket: str, key: str) -> str:
    # Object Lock keeps the first version of an object; later versions do not count.
    found = client.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    first = min(found, key=lambda version: version["LastModified"])
    return client.get_object(Bucket=bucket, Key=key, VersionId=first["VersionId"])["Body"].read().decode()


def keep(client: S3Client, bucket: str, size: int, note: str) -> None:
    """Store the checkpoint over ``size`` records, once. The bucket's retention applies, which no writer can shorten."""
    client.put_object(
        Bucket=bucket, Key=key_of(size), Body=note.encode(), ContentType="text/plain; charset=utf-8", IfNoneMatch="*"
    )
