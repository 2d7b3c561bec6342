"""Exports: small ones in the response, large ones as an object behind a short-lived signed link.

Rows are streamed in chunks, and uploaded in parts of 5 MB.
"""

from __future__ import annotations

import csv
import io
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID, uuid4

import orjson
from fastapi import Query, Response
from pydantic import BaseModel

from functions.api.http.services import Services
from risk.domain.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

INLINE_ROWS = 5_000
INLINE_BYTES = 3 * 1024 * 1024
"""What an answer may hold: Lambda's limit is 6 MB, in which every quote counts twice."""
MAX_ROWS = 200_000
MAX_SECONDS = 10.0
"""How long an export may take: the Lambda has 15 s."""
LINK_MINUTES = 5
_PART_BYTES = 5 * 1024 * 1024
_CHUNK_ROWS = 1_000
# Characters that start a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@")
# Skipped before that check: separators, quotes and invisible characters.
_SKIPPED = frozenset(";,|'\"")

Row = dict[str, Any]


class ExportFormat(StrEnum):
    """How rows are written: a header and lines of cells, or one JSON object per line."""

    CSV = "csv"
    JSONL = "jsonl"


MEDIA_TYPES = {ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.JSONL: "application/jsonl"}


class ExportLink(BaseModel):
    """Where a large export can be downloaded without further credentials, until ``expires_at``."""

    url: str
    expires_at: datetime
    rows: int
    bytes: int
    format: ExportFormat


Format = Annotated[ExportFormat, Query(alias="format", description="A table, or one JSON object a line.")]
EXPORT_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "model": ExportLink,
        "description": f"Up to 5,000 rows: the file itself. More: where it can be fetched for {LINK_MINUTES} minutes, "
        f"as JSON. More than {MAX_ROWS:,} rows are refused.",
        "content": {"text/csv": {"schema": {"type": "string"}}, "application/jsonl": {"schema": {"type": "string"}}},
    }
}


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, UUID | int | float | Decimal) or value is None:
        return value
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return f"'{text}" if _could_run(text) else text


def _could_run(text: str) -> bool:
    """Whether a spreadsheet could treat a cell as a formula: judged by its first visible character."""
    first = text[:1]
    if first in {"\t", "\r", "\n"}:
        return True
    for sign in text:
        plain = unicodedata.normalize("NFKC", sign)
        if sign not in _SKIPPED and not plain.isspace() and unicodedata.category(sign)[0] not in "CZ":
            return plain.startswith(_FORMULA)
    return False


def write_csv(columns: Sequence[str], rows: Iterable[Row], *, header: bool) -> bytes:
    """``rows`` as CSV (RFC 4180); cells that a spreadsheet would execute are neutralized by a leading quote."""
    text = io.StringIO()
    writer = csv.writer(text)
    if header:
        writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode()


def write_jsonl(columns: Sequence[str], rows: Iterable[Row], *, header: bool) -> bytes:  # noqa: ARG001
    """``rows`` as one JSON object per line; decimals are strings."""
    return b"".join(
        orjson.dumps({name: row[name] for name in columns}, default=str, option=orjson.OPT_APPEND_NEWLINE)
        for row in rows
    )


_WRITERS: dict[ExportFormat, Callable[..., bytes]] = {
    ExportFormat.CSV: write_csv,
    ExportFormat.JSONL: write_jsonl,
}


def export(
    services: Services, rows: Iterator[Row], columns: Sequence[str], *, kind: ExportFormat, name: str, now: datetime
) -> Response | ExportLink:
    """The file of ``rows``, or a link to it. ``InvalidInput`` if there are more than one export may hold."""
    write = _WRITERS[kind]
    filename = f"{name}-{now:%Y%m%dT%H%M%SZ}.{kind}"
    first = list(islice(rows, INLINE_ROWS + 1))
    body = write(columns, first, header=True)
    if len(first) <= INLINE_ROWS and len(body) <= INLINE_BYTES:
        disposition = f'attachment; filename="{filename}"'
        return Response(body, media_type=MEDIA_TYPES[kind], headers={"content-disposition": disposition})
    upload = _Upload(services, f"{name}/{uuid4()}/{filename}", filename, MEDIA_TYPES[kind])
    count, deadline = len(first), time.monotonic() + MAX_SECONDS
    try:
        upload.add(body)
        while chunk := list(islice(rows, _CHUNK_ROWS)):
            count += len(chunk)
            if count > MAX_ROWS or time.monotonic() > deadline:
                detail = f"this is more than can be exported at once ({MAX_ROWS} rows); ask for a shorter span"
                raise InvalidInput(detail, field="from")
            upload.add(write(columns, chunk, header=False))
        url = upload.finish()
    except BaseException:
        upload.abort()
        raise
    expires_at = now + timedelta(minutes=LINK_MINUTES)
    return ExportLink(url=url, expires_at=expires_at, rows=count, bytes=upload.size, format=kind)


class _Upload:
    """A multipart upload of one object."""

    def __init__(self, services: Services, key: str, filename: str, media_type: str) -> None:
        self._client = services.storage
        bucket = services.settings.exports_bucket
        if not bucket:
            raise Unavailable("large exports are not set up here (EXPORTS_BUCKET); ask for a shorter span")
        self._bucket, self._key = bucket, key
        disposition = f'attachment; filename="{filename}"'
        made = self._client.create_multipart_upload(
            Bucket=bucket, Key=key, ContentType=media_type, ContentDisposition=disposition
        )
        self._id = made["UploadId"]
        self._parts: list[CompletedPartTypeDef] = []
        self._waiting: list[bytes] = []
        self._waiting_size = 0
        self.size = 0

    def add(self, data: bytes) -> None:
        """Append to the object; a part is uploaded once it is large enough."""
        self._waiting.append(data)
        self._waiting_size += len(data)
        self.size += len(data)
        if self._waiting_size >= _PART_BYTES:
            self._send()

    def _send(self) -> None:
        number = len(self._parts) + 1
        body = b"".join(self._waiting)
        sent = self._client.upload_part(
            Bucket=self._bucket, Key=self._key, UploadId=self._id, PartNumber=number, Body=body
        )
        self._parts.append({"ETag": sent["ETag"], "PartNumber": number})
        self._waiting, self._waiting_size = [], 0

    def finish(self) -> str:
        """Complete the object, and return its link."""
        if self._waiting:
            self._send()
        self._client.complete_multipart_upload(
            Bucket=self._bucket, Key=self._key, UploadId=self._id, MultipartUpload={"Parts": self._parts}
        )
        where = {"Bucket": self._bucket, "Key": self._key}
        return self._client.generate_presigned_url("get_object", Params=where, ExpiresIn=LINK_MINUTES * 60)

    def abort(self) -> None:
        """Delete whatever was uploaded."""
        self._client.abort_multipart_upload(Bucket=self._bucket, Key=self._key, UploadId=self._id)
