"""Corrections of a refused record on the command line: ``currency=EUR``, ``attributes.tries:=3``, ``ip=``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from risk.domain.errors import Conflict, InvalidInput


class Change(NamedTuple):
    """A field's path and its new value; None removes the field."""

    path: tuple[str, ...]
    value: Any


def parse_changes(given: Sequence[str]) -> list[Change]:
    """``FIELD=TEXT``, ``FIELD:=JSON`` or ``FIELD=``, a dot before a key within ``attributes``."""
    return [_change(each) for each in given]


def _change(text: str) -> Change:
    name, equals, value = text.partition("=")
    as_json = name.endswith(":")
    path = _path(name.removesuffix(":"))
    if not equals or not all(path):
        raise InvalidInput(f"--set {text!r} is not FIELD=VALUE, such as currency=EUR")
    if not as_json:
        return Change(path, value or None)
    try:
        return Change(path, json.loads(value))
    except ValueError as error:
        raise InvalidInput(f"--set {text!r} is not FIELD:=JSON, such as attributes.tries:=3") from error


def _path(name: str) -> tuple[str, ...]:
    # Attribute keys may contain dots: only the first dot separates.
    head, _, key = name.partition(".")
    return (head, key) if head == "attributes" and key else (name,)


def read_record(file: Path) -> dict[str, Any]:
    """The record in a JSON file."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InvalidInput(f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise InvalidInput(f"{file} is not one JSON object")
    return found


def changed_record(letter: dict[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    """The record of a dead letter, as the API returns it, with ``changes``; ``Conflict`` if it is not an object."""
    try:
        record = json.loads(letter["raw"])
    except ValueError:
        record = None
    if letter["cut"] or letter["raw_encoding"] != "text" or not isinstance(record, dict):
        raise Conflict("its record is not one whole JSON object: send the whole record with --file")
    for (first, *rest), value in changes:
        place = record
        key = first
        if rest:
            place, key = record.setdefault(first, {}), rest[0]
        if not isinstance(place, dict):
            raise Conflict(f"its {first} hold no fields: correct them whole, with {first}:=JSON")
        if value is None:
            place.pop(key, None)
        else:
            place[key] = value
    return record
