"""Uploads in parts, straight from the browser to the bucket: started, signed, completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from functions.api.http.services import Services
from functions.api.imports.schemas import PART_BYTES, parts_of
from risk.domain.errors import Conflict, InvalidInput, NotFound, Unavailable
from risk.store.imports import uploads
from risk.store.imports.imports import Import

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART_MINUTES = 60
LINK_MINUTES = 5
_GONE = ("NoSuchUpload", "NoSuchKey", "404")


class Uploads:
    """The bucket of uploaded files."""

    def __init__(self, services: Services) -> None:
        self._storage = services.storage
        self._bucket = services.settings.uploads_bucket
        if not self._bucket:
            raise Unavailable("uploads are not set up here (UPLOADS_BUCKET); use `risk import`")

    def begin(self, name: str) -> tuple[str, str]:
        """Begin an upload: its key and its id."""
        key = uploads.key_of(name)
        return key, self._storage.create_multipart_upload(Bucket=self._bucket, Key=key)["UploadId"]

    def part(self, found: Import, number: int) -> tuple[str, int, int]:
        """The signed address for a part of the file, where it starts, and its length."""
        if not 1 <= number <= parts_of(found.size):
            raise NotFound(f"the file has {parts_of(found.size)} parts")
        start = (number - 1) * PART_BYTES
        length = min(PART_BYTES, found.size - start)
        url = self._storage.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self._bucket,
                "Key": found.upload or "",
                "UploadId": found.upload_id or "",
                "PartNumber": number,
                "ContentLength": length,
            },
            ExpiresIn=PART_MINUTES * 60,
        )
        return url, start, length

    def complete(self, found: Import) -> None:
        """Put the parts together; ``Conflict`` if some are missing or the file is not as large as was said."""
        from botocore.exceptions import ClientError

        bucket, key, upload_id = self._bucket, found.upload or "", found.upload_id or ""
        try:
            there = self._storage.list_parts(Bucket=bucket, Key=key, UploadId=upload_id).get("Parts", [])
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise Conflict("this upload has expired; begin again") from error
            raise
        whole = parts_of(found.size)
        missing = sorted(set(range(1, whole + 1)) - {part["PartNumber"] for part in there})
        if missing:
            raise Conflict(f"{len(missing)} of {whole} parts are missing, from part {missing[0]} on")
        if sum(part["Size"] for part in there) != found.size:
            raise InvalidInput(f"the parts are not the {found.size} bytes that were announced", field="size")
        parts: list[CompletedPartTypeDef] = [{"ETag": one["ETag"], "PartNumber": one["PartNumber"]} for one in there]
        self._storage.complete_multipart_upload(
            Bucket=bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts}
        )

    def abort(self, found: Import) -> None:
        """Delete what was uploaded of a file that is not whole."""
        from botocore.exceptions import ClientError

        if not found.upload_id or not found.upload:
            return
        try:
            self._storage.abort_multipart_upload(Bucket=self._bucket, Key=found.upload, UploadId=found.upload_id)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _GONE:
                raise

    def refused(self, found: Import) -> str:
        """A signed link to the refused rows of a file."""
        disposition = f'attachment; filename="import-{found.id}-refused.csv"'
        where = {
            "Bucket": self._bucket,
            "Key": uploads.refused_key(found),
            "ResponseContentDisposition": disposition,
        }
        return self._storage.generate_presigned_url("get_object", Params=where, ExpiresIn=LINK_MINUTES * 60)
