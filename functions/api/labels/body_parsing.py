"""Parses labels from a request body (JSON, JSON lines or CSV), validating each one separately."""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import PydanticCustomError, from_json

from functions.api.http.conventions.problems import InvalidFields, UnsupportedContent
from functions.api.http.conventions.schemas import FieldError
from functions.api.labels.schemas import LabelInput, LabelResult, LabelRow
from risk.domain import field_rules
from risk.domain.errors import InvalidInput
from risk.domain.event_ids import STREAM, EventId, normal_id
from risk.domain.events import Label, check_time
from risk.domain.refusals import refusal

MAX_LABELS = 5_000
JSON, LINES, CSV = "application/json", "application/x-ndjson", "text/csv"
_REQUIRED = {"event_id", "fraud"}
_OPTIONAL = {"known_at", "source", "event_source"}
_TRUTH = dict.fromkeys(("true", "1", "1.0", "yes", "y"), True) | dict.fromkeys(("false", "0", "0.0", "no", "n"), False)
_HEADER = "event_id,fraud,known_at,source,event_source"
_DELIMITERS = ",;\t|"
_MAX_SOURCE = 64

_ROW = LabelRow.model_json_schema()
_EXAMPLE = _ROW["examples"][0]
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": {"type": "array", "items": _ROW, "minItems": 1, "maxItems": MAX_LABELS},
                "example": [_EXAMPLE],
            },
            LINES: {"schema": {"type": "string", "description": "One label a line, as in the JSON list."}},
            CSV: {
                "schema": {
                    "type": "string",
                    "description": f"A header ({_HEADER}; the last three may be left out), then "
                    "a label a line; fraud is true, 1, yes or false, 0, no; columns are parted by "
                    "commas, semicolons, tabs or bars.",
                }
            },
        },
    }
}


class Parsed(NamedTuple):
    """The valid labels by row, and what is wrong with the others."""

    labels: dict[int, Label]
    refused: list[LabelResult]
    unsaid: frozenset[int] = frozenset()
    """The rows that do not say whose id they have."""


def own_source(email: str) -> str:
    """The source of a person's labels; addresses are cut to the length of a source."""
    return f"analyst:{email}"[:_MAX_SOURCE]


def parse(raw: bytes, content_type: str, *, now: datetime, source: str) -> Parsed:
    """Read up to 5,000 labels. ``now`` and ``source`` are defaults.

    ``InvalidFields`` if the body as a whole cannot be read, ``UnsupportedContent`` if its type is not supported.
    """
    readers = {JSON: _json, "": _json, LINES: _lines, CSV: _csv}
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in readers:
        raise UnsupportedContent(f"send {JSON}, {LINES} or {CSV}, not {kind}")
    parsed = Parsed({}, [])
    row, unsaid = 0, list[int]()
    for row, item in enumerate(readers[kind](raw), start=1):
        if row > MAX_LABELS:
            raise _whole(f"at most {MAX_LABELS} labels are taken at once; send them in parts")
        try:
            parsed.labels[row], said = _label(item, now, source)
            unsaid += [] if said else [row]
        except InvalidInput as error:
            refused = LabelResult(
                row=row, event_id=_id_of(item), status="refused", field=error.field, detail=error.detail
            )
            parsed.refused.append(refused)
    if not row:
        raise _whole("this body has no label")
    return parsed._replace(unsaid=frozenset(unsaid))


def _whole(detail: str) -> InvalidFields:
    return InvalidFields([FieldError(field="body", detail=detail)])


def _json(raw: bytes) -> Iterator[object]:
    try:
        body = from_json(raw.removeprefix(BOM_UTF8))
    except ValueError as error:
        raise _whole(f"this is not JSON: {error}") from error
    if not isinstance(body, list):
        raise _whole("this is not a list of labels")
    yield from body


def _lines(raw: bytes) -> Iterator[object]:
    for line in raw.removeprefix(BOM_UTF8).splitlines():
        if line.strip():
            try:
                yield from_json(line)
            except ValueError as error:
                yield InvalidInput(f"this line is not JSON: {error}")


def _csv(raw: bytes) -> Iterator[object]:
    try:
        text = raw.decode("utf-8-sig")
        first = text.lstrip().partition("\n")[0]
        delimiter = max(_DELIMITERS, key=first.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header = [name.strip().lower() for name in reader.fieldnames or []]
        reader.fieldnames = header
        wrong = sorted(_REQUIRED - set(header)) or sorted(set(header) - _REQUIRED - _OPTIONAL)
        if wrong or len(set(header)) < len(header):
            came = field_rules.safe_text(first.strip(), 200)
            raise _whole(f"the header must be {_HEADER} (the last three may be left out); it was {came}")
        for values in reader:
            yield _from_csv(values)
    except UnicodeDecodeError as error:
        raise _whole("this is not UTF-8") from error
    except csv.Error as error:
        raise _whole(f"line {reader.line_num} is not CSV: {error}") from error


def _from_csv(values: Mapping[str | None, Any]) -> object:
    if None in values:
        return InvalidInput("this line has more values than the header")
    given = {name: value.strip() for name, value in values.items() if value and value.strip()}
    fraud = given.get("fraud")
    return given if fraud is None else given | {"fraud": _TRUTH.get(fraud.lower(), fraud)}


def _label(item: object, now: datetime, source: str) -> tuple[Label, bool]:
    """The complete label of ``item``, and whether it says whose id it has.

    ``InvalidInput`` names the first invalid field.
    """
    if isinstance(item, InvalidInput):
        raise item
    try:
        found = LabelRow.model_validate(item)
        event_id = EventId.of(found.event_id, found.event_source or STREAM)
        label = complete(found, event_id, now, source)
    except ValidationError as error:
        why = refusal(error.errors(include_url=False)[0])
        raise InvalidInput(why.detail, field=why.field or None) from error
    check_time(label, now)
    return label, found.event_source is not None


def complete(found: LabelInput, event_id: EventId, now: datetime, source: str) -> Label:
    """The label as the stream carries it, with defaults filled in."""
    return Label(
        kind="label",
        event_source=event_id.source,
        event_id=event_id,
        fraud=found.fraud,
        known_at=found.known_at or now,
        source=found.source or source,
    )


def _id_of(item: object) -> str | None:
    """The id in an otherwise invalid item, if it can be read."""
    try:
        return normal_id(item["event_id"]) if isinstance(item, dict) else None
    except (KeyError, TypeError, PydanticCustomError):
        return None
