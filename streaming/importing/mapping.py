"""Mappings from a table's columns to the fields of events and labels: ``--map FILE``, and shipped ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from risk.domain.errors import InvalidInput
from streaming.importing import times
from streaming.importing.durations import duration


def _column(value: object) -> object:
    return {"column": value} if isinstance(value, (str, list)) else value


Columns = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldFrom(_Strict):
    """The source of a field: the first non-empty of some columns, several joined, or a constant."""

    column: Columns = ()
    join: tuple[str, ...] = ()
    constant: str | None = None
    row: bool = False
    """Use the row number, for a table without ids."""
    values: dict[str, str | None] = {}
    """Translates values of the column; others stay as they are, or become ``default``."""
    default: str | None = None
    prefix: str = ""

    @model_validator(mode="after")
    def _one(self) -> FieldFrom:
        if sum((bool(self.column), bool(self.join), self.constant is not None, self.row)) != 1:
            raise ValueError("give one of column, join, constant and row")
        return self


class TimeFrom(_Strict):
    """The source of a time: columns joined by a blank, their format, zone, and start for relative times."""

    column: Columns
    format: str = "iso"
    zone: str = "UTC"
    start: datetime | None = None

    @model_validator(mode="after")
    def _readable(self) -> TimeFrom:
        try:
            times.reader(self.format, self.zone, self.start)
        except InvalidInput as error:
            raise ValueError(error.detail) from error
        return self


class AmountFrom(_Strict):
    """The source of an amount, its decimal mark, and the meaning of its sign."""

    column: Columns
    decimal: Literal[".", ","] = "."
    minor_units: bool = False
    """Whether 1050 means 10.50 (and 1050 where the currency has no cents)."""
    negative: Literal["refuse", "refund", "absolute"] = "refuse"


class LabelFrom(_Strict):
    """The source of the label, and when it became known: a column, or a delay after the event."""

    column: str
    fraud: tuple[str, ...] = ()
    """The values that mean fraud; by default 1, true, yes, fraud."""
    clean: tuple[str, ...] = ()
    others: Literal["refuse", "ignore", "clean"] = "refuse"
    """The meaning of any other value, if ``fraud`` or ``clean`` is given."""
    delay: Annotated[str, AfterValidator(lambda text: duration(text) and text)] = "7d"
    known_at: Annotated[TimeFrom, BeforeValidator(_column)] | None = None
    source: str = "import"


Named = Annotated[FieldFrom, BeforeValidator(_column)]


class Mapping(_Strict):
    """A mapping: fields of events by where they come from, attributes by name, and the label."""

    name: str = "yours"
    about: str = ""
    header: tuple[str, ...] = ()
    """The columns by which a file is recognized."""
    lacks: str = ""
    """What the data lacks, and what still works."""
    root: str = ""
    """The element of an XML file, or the key of a JSON object, that holds a row."""
    event_id: Named | None = None
    event_type: Named = FieldFrom(constant="payment")
    occurred_at: Annotated[TimeFrom, BeforeValidator(_column)]
    account_id: Named
    counterparty_id: Named | None = None
    amount: Annotated[AmountFrom, BeforeValidator(_column)] | None = None
    currency: Named | None = None
    channel: Named | None = None
    device_id: Named | None = None
    ip: Named | None = None
    country: Named | None = None
    attributes: Annotated[
        dict[str, str], BeforeValidator(lambda value: {one: one for one in value} if isinstance(value, list) else value)
    ] = Field(default_factory=dict)
    label: Annotated[LabelFrom, BeforeValidator(_column)] | None = None

    def columns(self) -> set[str]:
        """Every column that is read."""
        found = set(self.attributes.values()) | set(self.occurred_at.column)
        for name in FIELDS:
            if (field := getattr(self, name)) is not None:
                found |= {*field.column, *field.join}
        if self.amount is not None:
            found |= set(self.amount.column)
        if self.label is not None:
            found |= {self.label.column, *(self.label.known_at.column if self.label.known_at else ())}
        return found

    def check(self, columns: Iterable[str], file: str) -> None:
        """Raise ``InvalidInput`` when the table lacks a required column."""
        there = set(columns)
        missing = [" or ".join(wanted) for wanted in self._needed() if wanted and not there.intersection(wanted)]
        if missing:
            raise InvalidInput(
                f"{file} has no column {', '.join(missing)}, which the mapping {self.name!r} reads; it has "
                f"{', '.join(sorted(there)[:40])}. Give another mapping with --map FILE, or one column with "
                "--column field=COLUMN",
                field="map",
            )

    def _needed(self) -> list[tuple[str, ...]]:
        fields = [field for name in FIELDS if (field := getattr(self, name)) is not None]
        needed = [self.occurred_at.column, *(field.column for field in fields)]
        needed += [(column,) for field in fields for column in field.join]
        if self.amount is not None:
            needed.append(self.amount.column)
        if self.label is not None:
            needed.append((self.label.column,))
        return needed


FIELDS = (
    "event_id",
    "event_type",
    "account_id",
    "counterparty_id",
    "currency",
    "channel",
    "device_id",
    "ip",
    "country",
)


def parse(text: str, name: str) -> Mapping:
    """The mapping that YAML text holds; ``InvalidInput`` names what is wrong with it."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput(f"{name} is no YAML: {error}", field="map") from error
    if not isinstance(found, dict):
        raise InvalidInput(f"{name} holds no mapping; it begins like this: occurred_at: COLUMN", field="map")
    return build(found, name)


def build(found: dict[str, Any], name: str) -> Mapping:
    """A mapping of plain values; ``InvalidInput`` names what is wrong with them."""
    try:
        return Mapping.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"{name}: {place or 'mapping'}: {first['msg']}", field="map") from error


def load(path: Path) -> Mapping:
    """The mapping in a file."""
    try:
        return parse(path.read_text("utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}", field="map") from error


@cache
def shipped() -> tuple[Mapping, ...]:
    """The mappings that ship, those with more columns in their header first."""
    folder = files("streaming.importing") / "mappings"
    found = [parse(file.read_text("utf-8"), file.name) for file in folder.iterdir() if file.name.endswith(".yaml")]
    return tuple(sorted(found, key=lambda one: (-len(one.header), one.name)))


def recognize(columns: Iterable[str]) -> Mapping | None:
    """The shipped mapping whose header these columns hold, in any order; None if there is none."""
    there = set(columns)
    return next((one for one in shipped() if one.header and there.issuperset(one.header)), None)


def as_yaml(mapping: Mapping) -> str:
    """The mapping as ``load`` reads it."""
    plain = mapping.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
