"""An uploaded file: how it is read, and what the first rows become, for a person to check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from risk.domain.errors import InvalidInput
from streaming.importing import values
from streaming.importing.formats.tables import Row, open_table
from streaming.importing.mapping import FIELDS, as_yaml, parse
from streaming.importing.mapping import Mapping as Columns
from streaming.importing.source import Options, Plan, plan, preview

PREVIEWED = 10
_SAMPLED = 50
_EXAMPLES = 3
_SHORT = 60
_MOST_COLUMNS = 500


def options_of(stored: Mapping[str, Any]) -> Options:
    """The reader's options of an import's."""
    mapping = stored.get("mapping")
    columns = stored.get("columns") or {}
    return Options(
        None if not mapping else parse(mapping, "the mapping"),
        tuple(f"{field}={column or ''}" for field, column in columns.items()),
        stored.get("source"),
        stored.get("currency") or "EUR",
        stored.get("labels", True),
        stored.get("encoding"),
    )


def describe(path: Path, stored: Mapping[str, Any], now: datetime) -> tuple[dict[str, Any], str | None]:
    """The preview of a file, and the source of its ids if the file can be read; ``error`` says why it cannot."""
    found: dict[str, Any] = {"columns": [], "rows": [], "fields": {}, "notes": [], "doubts": [], "error": None}
    try:
        options = options_of(stored)
        found["columns"] = _columns(path, options)
        chosen = plan(path, options)
        found |= _plan(chosen)
        found["rows"] = preview(chosen, now, options, PREVIEWED)
    except InvalidInput as error:
        found["error"] = {"field": error.field, "detail": error.detail}
        return found, None
    return found, chosen.source or None


def _columns(path: Path, options: Options) -> list[dict[str, Any]]:
    """The columns of a table with examples; none of what is not a table."""
    with open_table(path, encoding=options.encoding, root=options.mapping.root if options.mapping else "") as table:
        sample = [row.values for row in islice(table.rows, _SAMPLED) if isinstance(row, Row)]
        return [
            {"name": column, "examples": _examples(row.get(column) for row in sample)}
            for column in table.columns[:_MOST_COLUMNS]
        ]


def _examples(cells: Iterable[Any]) -> list[str]:
    seen = dict.fromkeys(str(cell)[:_SHORT] for cell in cells if not values.is_empty(cell))
    return list(islice(seen, _EXAMPLES))


def _plan(chosen: Plan) -> dict[str, Any]:
    mapping = chosen.mapping
    if chosen.labels is not None:
        told = {"about": "labels of events that were scored before", "fields": chosen.labels.fields()}
        return told | {"notes": [], "doubts": list(chosen.doubts)}
    if mapping is None:
        return {"about": "records of the stream", "mapping": None, "columns": []}
    return {
        "about": mapping.about,
        "guessed": bool(chosen.examples),
        "mapping": as_yaml(mapping),
        "fields": _fields(mapping),
        "notes": list(chosen.notes),
        "doubts": list(chosen.doubts),
    }


def _fields(mapping: Columns) -> dict[str, list[str]]:
    """The columns of each field that comes from columns."""
    found: dict[str, list[str]] = {"occurred_at": list(mapping.occurred_at.column)}
    for name in FIELDS:
        if (field := getattr(mapping, name)) is not None and (columns := field.column or field.join):
            found[name] = list(columns)
    if mapping.amount is not None:
        found["amount"] = list(mapping.amount.column)
    if mapping.label is not None:
        found["fraud"] = [mapping.label.column]
    return found
