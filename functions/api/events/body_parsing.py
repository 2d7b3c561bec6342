"""Reads what is posted as events: one, or a list in which each is judged by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError, from_json, to_json

from functions.api.events.schemas import EventInput
from functions.api.http.conventions.problems import InvalidFields, TooLarge, field_errors
from functions.api.http.conventions.schemas import FieldError
from risk.domain import events
from risk.domain.errors import InvalidInput
from risk.domain.event_ids import STREAM, EventId, normal_id
from risk.domain.event_types import SHIPPED_TYPES, EventTypes
from risk.domain.refusals import FIELDS

MAX_EVENTS = 500
_OURS = ("event_source", "proof")
_EVENT: TypeAdapter[EventInput] = TypeAdapter(EventInput)
# Only where an item ends is wanted of it: numbers are not read, for they may be longer than Python reads.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [
                        {"$ref": "#/components/schemas/EventInput"},
                        {
                            "type": "array",
                            "items": {"$ref": "#/components/schemas/EventInput"},
                            "minItems": 1,
                            "maxItems": MAX_EVENTS,
                        },
                    ]
                }
            }
        },
    }
}


@dataclass(frozen=True)
class RefusedEvent:
    """An event of a list that cannot be accepted: its id, if it has one, and its first fault."""

    event_id: str | None
    field: str | None
    detail: str


def input_schemas() -> dict[str, Any]:
    """The schemas of what is posted: the body is read here and not by FastAPI, which therefore does not know them."""
    schema = EventInput.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), "EventInput": schema}


def parse(
    raw: bytes, now: datetime, types: EventTypes = SHIPPED_TYPES, source: str = STREAM
) -> EventInput | list[EventInput | RefusedEvent]:
    """The event, or what each item of a list is; their ids are of ``source``.

    Raises for a single event, or a body that is neither.
    """
    try:
        body = from_json(raw)
    except ValueError as error:
        raise InvalidFields([FieldError(field="body", detail=f"this is not JSON: {error}")]) from error
    if not isinstance(body, list):
        return _read(raw, body, now, types, source)
    if not 1 <= len(body) <= MAX_EVENTS:
        raise InvalidFields([FieldError(field="body", detail=f"a list has 1 to {MAX_EVENTS} events, not {len(body)}")])
    return _read_list(raw.decode(), body, now, types, source)


def _read_list(
    text: str, body: list[Any], now: datetime, types: EventTypes, source: str
) -> list[EventInput | RefusedEvent]:
    found: list[EventInput | RefusedEvent] = []
    first: dict[UUID, int] = {}
    for index, (item, value) in enumerate(zip(_items(text), body, strict=True)):
        try:
            event = _read(item.encode(), value, now, types, source)
        except InvalidFields as error:
            fault = error.fields[0]
            found.append(RefusedEvent(_id_of(value), None if fault.field == "body" else fault.field, fault.detail))
        except InvalidInput as error:
            found.append(RefusedEvent(_id_of(value), error.field, error.detail))
        except TooLarge as error:
            found.append(RefusedEvent(_id_of(value), None, error.detail))
        else:
            same = first.setdefault(event.event_id, index)
            if same == index:
                found.append(event)
            else:
                detail = f"event_id: item {same} of this list, counted from 0, has the same; an event counts once"
                found.append(RefusedEvent(event.event_id.text, "event_id", detail))
    return found


def _read(raw: bytes, value: object, now: datetime, types: EventTypes, source: str) -> EventInput:
    """One event, from its text and not from ``value``: as the engine reads the stream, by the same rules for JSON."""
    size = len(to_json(value))
    if size > events.MAX_RECORD_BYTES:
        raise TooLarge(f"the event has {size} bytes; an event may have {events.MAX_RECORD_BYTES}")
    for name in _OURS:
        if isinstance(value, dict) and name in value:
            detail = f"{name} is not a field of this record: whose ids they are follows from who sends them"
            raise InvalidFields([FieldError(field=name, detail=detail)])
    try:
        event = _EVENT.validate_json(raw)
    except ValidationError as error:
        raise InvalidFields(field_errors(error.errors(include_url=False), known=FIELDS)) from error
    events.check_time(event, now)
    events.check_required(event, types.find(event.event_type))
    own = EventId.of(event.event_id.text, source)
    return event.model_copy(update={"event_source": source, "event_id": own})


def _items(text: str) -> Iterator[str]:
    """The text of each item of a JSON array, which ``text`` is known to be."""
    at = text.index("[") + 1
    while True:
        while text[at] in " \t\r\n,":
            at += 1
        if text[at] == "]":
            return
        _, end = _DECODER.raw_decode(text, at)
        yield text[at:end]
        at = end


def _id_of(value: object) -> str | None:
    given = value.get("event_id") if isinstance(value, dict) else None
    try:
        return normal_id(given) if isinstance(given, str) else None
    except PydanticCustomError:
        return None
