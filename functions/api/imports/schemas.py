"""Request and response schemas of imports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from functions.api.http.conventions.schemas import WHOLE, Input, Page
from risk.domain.field_rules import WORD_LENGTH
from risk.domain.label_origin import OUTSIDE_PATTERN
from risk.store.imports.imports import Import, ImportStatus

MAX_BYTES = 5 * 1024**3
PART_BYTES = 64 * 1024**2
_FIELD = r"^[a-z_]{1,32}$"
_PLAIN = r"^[^\x00-\x1f\x7f]*$"


def _file_name(name: str) -> str:
    if name in (".", "..") or "/" in name or "\\" in name or len(name.encode()) > 200:
        raise ValueError("must be the name of a file, without its folder")
    return name


FileName = Annotated[str, AfterValidator(_file_name), Field(min_length=1, max_length=200, pattern=_PLAIN)]


class Reading(Input):
    """How a file is read. What is left out is found out by looking at the file."""

    source: Annotated[
        str | None,
        Field(
            max_length=WORD_LENGTH,
            pattern=OUTSIDE_PATTERN,
            description="Whose ids these are: the same source and id are the same event. The file's name, if left out.",
        ),
    ] = None
    currency: Annotated[
        str, Field(pattern=r"^[A-Z]{3}$", description="Currency of the amounts, where no column says.")
    ] = "EUR"
    encoding: Annotated[
        str | None, Field(pattern=r"^[A-Za-z0-9_-]{2,32}$", description="UTF-8, else Windows-1252, if left out.")
    ] = None
    labels: Annotated[bool, Field(description="Whether to take a table's truth too.")] = True
    columns: Annotated[
        dict[Annotated[str, Field(pattern=_FIELD)], Annotated[str, Field(max_length=500, pattern=_PLAIN)] | None],
        Field(max_length=32, description="Columns by field, to correct what was found out; null leaves a field out."),
    ] = Field(default_factory=dict)
    mapping: Annotated[
        str | None,
        Field(
            max_length=50_000,
            pattern=r"^[^\x00]*$",
            description="A whole mapping in YAML, as `risk import --save-map` writes it, instead.",
        ),
    ] = None

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"currency": "USD", "columns": {"account_id": "nameOrig", "country": None}}]},
    )


class NewImport(Reading):
    """A file to be uploaded in parts."""

    name: FileName
    size: Annotated[int, Field(ge=1, le=MAX_BYTES, description="In bytes."), WHOLE]

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"name": "transactions.csv", "size": 4_812_034, "currency": "USD"}]},
    )


class UploadPart(BaseModel):
    """Where a part of the file is to be sent by `PUT`, without further credentials, until ``expires_at``.

    It is the ``bytes`` of the file from ``start`` on.
    """

    url: str
    expires_at: datetime
    start: int
    bytes: int


class PreviewColumn(BaseModel):
    """A column of the file, and a few of its values."""

    name: str
    examples: list[str]


class PreviewError(BaseModel):
    """Why the file cannot be read as it is, and what to do."""

    field: str | None
    detail: str


class Preview(BaseModel):
    """What the file is taken for: its columns, which field comes from which, and the first ten rows.

    A row is an ``event`` with its ``label``, or says why it is ``refused``. ``doubts`` were settled by a guess.
    """

    about: str = ""
    guessed: bool = False
    columns: list[PreviewColumn] = []
    fields: dict[str, list[str]] = {}
    mapping: str | None = None
    notes: list[str] = []
    doubts: list[str] = []
    rows: list[dict[str, Any]] = []
    error: PreviewError | None = None


class ImportView(BaseModel):
    """An import: what was read of its file, and what came of it.

    ``rows`` = the events and labels of the file + ``refused``, once it is read. ``repeated`` records were known
    before; ``failed`` ones are dead letters.
    """

    id: int
    name: str
    source: str
    status: ImportStatus
    uploaded: bool
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    undone_by: str | None
    undone_at: datetime | None
    size: int
    read_share: float
    rows: int
    refused: int
    events: int
    labels: int
    repeated: int
    failed: int
    detail: str | None


class ImportDetail(ImportView):
    """An import with how its file is read, and its preview until it is started."""

    parts: int
    part_bytes: int = PART_BYTES
    reading: dict[str, Any]
    preview: Preview | None


class ImportPage(Page[ImportView]):
    """Imports, the newest first."""


class RefusedLink(BaseModel):
    """Where the refused rows can be downloaded as CSV, without further credentials, until ``expires_at``."""

    url: str
    expires_at: datetime


def parts_of(size: int) -> int:
    """The number of parts of a file."""
    return -(-size // PART_BYTES)


def _values(found: Import) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ImportView.model_fields if name != "uploaded"} | {
        "uploaded": found.upload is not None
    }


def shown(found: Import) -> ImportView:
    """The import in a list."""
    return ImportView(**_values(found))


def detail(found: Import) -> ImportDetail:
    """The import with its preview."""
    return ImportDetail(
        **_values(found),
        parts=parts_of(found.size),
        reading=dict(found.options),
        preview=None if found.preview is None else Preview.model_validate(found.preview),
    )
