"""A table of labels alone: ids of events, and whether each was fraud. The events were scored before."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from risk.domain.errors import InvalidInput
from risk.domain.events import Label, check_time
from risk.domain.refusals import refusal
from streaming.importing import times, values
from streaming.importing.guessing import NAMES, plain_name
from streaming.importing.mapping import TimeFrom
from streaming.importing.time_guessing import plain_time

KNOWN_AT = ("knownat", "labeledat", "labelledat", "reportedat", "decidedat", "chargebackdate", "confirmedat", "date")
EVENT_SOURCE = ("eventsource",)
SAID_BY = ("source", "labelsource")
NOTES = ("note", "notes", "comment", "comments", "reason", "analyst", "case", "caseid")
"""Columns that may stand beside a label, and are not read."""
DEFAULT_SAID_BY = "import"


class LabelColumns(NamedTuple):
    """The columns of a table of labels; ``known_at`` is the time of the import where there is none."""

    event_id: str
    fraud: str
    known_at: TimeFrom | None = None
    event_source: str | None = None
    said_by: str | None = None

    def fields(self) -> dict[str, list[str]]:
        """The column of each field."""
        found = {"event_id": [self.event_id], "fraud": [self.fraud]}
        return found | ({"known_at": list(self.known_at.column)} if self.known_at else {})


def label_columns(
    columns: Sequence[str],
    sample: Sequence[Mapping[str, Any]],
    known: Mapping[str, str | None],
    doubts: list[str],
) -> LabelColumns | None:
    """The columns of a table of labels; None if the table holds anything else: it may be one of events."""
    plain = {plain_name(column): column for column in reversed(columns)}

    def named(names: Sequence[str]) -> str | None:
        return next((plain[name] for name in names if name in plain), None)

    said = {field: known.get(field, named(NAMES[field])) for field in ("event_id", "label", "account_id")}
    event_id, fraud, account = said["event_id"], said["label"], said["account_id"]
    if account is not None or event_id not in columns or fraud not in columns or event_id is None or fraud is None:
        return None
    at, known_at = named(KNOWN_AT), None
    used = {event_id, fraud, at, named(EVENT_SOURCE), named(SAID_BY)}
    if any(column not in used and plain_name(column) not in NOTES for column in columns):
        return None
    if at is not None:
        cells = [row[at] for row in sample if not values.is_empty(row.get(at))]
        known_at = TimeFrom.model_validate({"column": [at], **plain_time(cells, doubts)})
    else:
        doubts.append("no column says since when it is known: the time of the import is taken")
    return LabelColumns(event_id, fraud, known_at, named(EVENT_SOURCE), named(SAID_BY))


class LabelMaker:
    """Makes labels of rows; ids without a source of their own are of ``source``."""

    def __init__(self, columns: LabelColumns, source: str, now: datetime) -> None:
        self._columns, self._source, self._now = columns, source, now
        at = columns.known_at
        self._at = None if at is None else times.reader(at.format, at.zone, at.start)

    def make(self, row: Mapping[str, Any]) -> Label:
        """The label of a row. Raises ``InvalidInput`` with the field at fault."""
        columns = self._columns
        event_id, fraud = self._cell(row, columns.event_id), row.get(columns.fraud)
        for field, value in (("event_id", event_id), ("fraud", fraud)):
            if values.is_empty(value):
                raise InvalidInput("is empty", field=field)
        fields = {
            "kind": "label",
            "event_source": self._cell(row, columns.event_source) or self._source,
            "event_id": event_id,
            "fraud": values.truth(fraud),
            "known_at": self._known_at(row),
            "source": self._cell(row, columns.said_by) or DEFAULT_SAID_BY,
        }
        try:
            label = Label.model_validate(fields)
        except ValidationError as error:
            found = refusal(error.errors(include_url=False)[0])
            raise InvalidInput(found.detail, field=found.field) from error
        check_time(label, self._now)
        return label

    def _known_at(self, row: Mapping[str, Any]) -> datetime:
        at = self._columns.known_at
        value = None if at is None else row.get(at.column[0])
        return self._now if self._at is None or values.is_empty(value) else self._at(value)

    def _cell(self, row: Mapping[str, Any], column: str | None) -> str | None:
        value = None if column is None else row.get(column)
        return None if values.is_empty(value) else unicodedata.normalize("NFC", values.text(value, "event_id"))
