"""Takes records out of the envelopes that other systems put around them.

Read are gzip, a byte order mark, CloudEvents (structured mode), Debezium (inserts and snapshot reads), Kafka Connect's
schema and payload, and the framing of a JSON Schema serializer. What cannot be read is refused with what to do instead.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json, to_json

from risk.domain.errors import InvalidInput

MAX_ENVELOPE_BYTES = 256 * 1024
"""What an envelope may hold around its record, and unpacked."""
MAX_DEPTH = 4
_GZIP, _BOM, _WIRE_FORMAT = b"\x1f\x8b", b"\xef\xbb\xbf", 5
_UNREADABLE = {
    b"\xf3\x89\x9a\xc2": "a damaged aggregate of the Kinesis Producer Library; send it again",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard; send it plain or with gzip",
    b"\x04\x22\x4d\x18": "compressed with LZ4; send it plain or with gzip",
    b"\x82SNAPPY": "compressed with Snappy; send it plain or with gzip",
    b"\xff\x06\x00\x00sNaPpY": "compressed with Snappy; send it plain or with gzip",
    b"\xff\xfe": "UTF-16; send JSON in UTF-8",
    b"\xfe\xff": "UTF-16; send JSON in UTF-8",
    b"Obj\x01": "Avro; send JSON",
    b"PAR1": "Parquet; send JSON, or read the file with risk import",
}


def unwrap(raw: bytes) -> bytes | None:
    """The record in an envelope, which may be an envelope again; None if ``raw`` is not one.

    ``InvalidInput`` says what to send instead of an envelope that cannot be read.
    """
    if raw.startswith(_GZIP):
        return _gunzip(raw)
    if raw.startswith(_BOM):
        return raw[len(_BOM) :]
    if raw.startswith(b"\x00") and len(raw) > _WIRE_FORMAT:
        return _framed(raw)
    for magic, advice in _UNREADABLE.items():
        if raw.startswith(magic):
            raise InvalidInput(f"the record is {advice}")
    try:
        found = from_json(raw, allow_inf_nan=False)
    except ValueError:
        if len(lines := raw.split()) > 1 and raw.lstrip().startswith(b"{") and _is_object(raw.splitlines()[0]):
            raise InvalidInput(f"the record holds several ({len(lines)} or so); send each alone") from None
        return None
    if isinstance(found, list):
        raise InvalidInput(f"the record is a list of {len(found)}; send each alone")
    inner = _inner(found) if isinstance(found, dict) else None
    return None if inner is None else to_json(inner)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(from_json(line), dict)
    except ValueError:
        return False


def _gunzip(raw: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        found = unpacking.decompress(raw, MAX_ENVELOPE_BYTES)
    except zlib.error as error:
        raise InvalidInput(f"the record looks like gzip and cannot be unpacked ({error}); send it again") from error
    if unpacking.unconsumed_tail:
        raise InvalidInput(f"the record has more than {MAX_ENVELOPE_BYTES} bytes when it is unpacked; send one alone")
    if not unpacking.eof:
        raise InvalidInput("the record's gzip ends too early; send it again")
    return found


def _framed(raw: bytes) -> bytes:
    """What follows the schema's id in a schema registry's framing, if it is JSON."""
    inner = raw[_WIRE_FORMAT:]
    if not inner.lstrip().startswith(b"{"):
        raise InvalidInput("the record is in a schema registry's Avro or Protobuf; use a JSON serializer or converter")
    return inner


def _inner(found: dict[str, Any]) -> Any:
    """The record in an envelope of JSON, or None."""
    if "specversion" in found:
        return _of_cloud_event(found)
    if "payload" in found and found.keys() <= {"schema", "payload"}:
        if not isinstance(found["payload"], dict):
            raise InvalidInput("payload must be an object: the record, or a Debezium envelope", field="payload")
        return found["payload"]
    if "op" in found and found.keys() & {"before", "after", "source"}:
        return _of_debezium(found)
    if "detail-type" in found and "detail" in found:
        raise InvalidInput("the record is in EventBridge's envelope; send `$.detail` alone (the target's input path)")
    if found.get("Type") == "Notification" and "Message" in found:
        raise InvalidInput("the record is in the envelope of SNS; turn raw message delivery on")
    return None


def _of_cloud_event(found: Mapping[str, Any]) -> dict[str, Any]:
    data = found.get("data")
    if data is None and isinstance(found.get("data_base64"), str):
        try:
            data = from_json(base64.b64decode(found["data_base64"], validate=True))
        except ValueError as error:
            raise InvalidInput("this is not JSON in base64", field="data_base64") from error
    if not isinstance(data, dict):
        raise InvalidInput("the CloudEvent's data must be an object: an event or a label", field="data")
    if data.get("kind", "event") != "event":
        return data
    told = {"event_id": found.get("id"), "occurred_at": found.get("time")}
    return {name: value for name, value in told.items() if value is not None} | data


def _of_debezium(found: Mapping[str, Any]) -> dict[str, Any]:
    after = found.get("after")
    if found["op"] not in ("c", "r") or not isinstance(after, dict):
        raise InvalidInput(
            f"Debezium's operation {str(found['op'])[:20]!r}: only inserts (c) and snapshot reads (r) are events; "
            "insert a row of an outbox table for each",
            field="op",
        )
    attributes = after.get("attributes")
    if not isinstance(attributes, str):
        return after
    try:
        return after | {"attributes": from_json(attributes)}  # Debezium writes a column of JSON as text
    except ValueError as error:
        raise InvalidInput("this is not JSON", field="after.attributes") from error
