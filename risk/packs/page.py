"""The page that a pack adds to the dashboard: tables of its events, courses of their values, hits of its rules."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from risk.domain.assessment import RiskLevel
from risk.domain.event_types import EventTypeName
from risk.features.event_values import ATTRIBUTE, is_readable

SHOWN = ("level", "score", "amount", "occurred_at")
"""What a column may show besides what keys read of an event."""
_Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")
]
Types = Annotated[list[EventTypeName], Field(min_length=1, max_length=5)]
Hours = Annotated[int, Field(ge=1, le=168)]


def _shown(path: str) -> str:
    if path not in SHOWN and not is_readable(path):
        raise ValueError(f"{path} is neither a field of an event nor attributes.<name>, nor one of {', '.join(SHOWN)}")
    return path


def _number(path: str) -> str:
    if path != "amount" and not (path.startswith(ATTRIBUTE) and is_readable(path)):
        raise ValueError(f"{path} is no number: amount or attributes.<name>")
    return path


def _readable(path: str) -> str:
    if not is_readable(path):
        raise ValueError(f"{path} is neither a field of an event nor attributes.<name>")
    return path


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PageColumn(_Part):
    """A column: what it shows of an event, and its heading."""

    path: Annotated[str, Field(max_length=256), AfterValidator(_shown)]
    title: _Line


class TableSection(_Part):
    """The newest events of some types, from a level on."""

    kind: Literal["table"]
    title: _Line
    event_types: Types
    min_level: RiskLevel = RiskLevel.LOW
    columns: Annotated[list[PageColumn], Field(min_length=1, max_length=8)]


class ChartSection(_Part):
    """The course of a number over the last ``hours``: its means, a line for each value of ``by``."""

    kind: Literal["chart"]
    title: _Line
    unit: _Line
    event_types: Types
    value: Annotated[str, Field(max_length=256), AfterValidator(_number)]
    by: Annotated[str, Field(max_length=256), AfterValidator(_readable)] | None = None
    hours: Hours = 24


class RulesSection(_Part):
    """How often each rule of the pack hit in the last ``hours``, live or in shadow."""

    kind: Literal["rules"]
    title: _Line
    hours: Hours = 24


Section = Annotated[TableSection | ChartSection | RulesSection, Field(discriminator="kind")]


class PackPage(_Part):
    """The page of a pack, from top to bottom."""

    sections: Annotated[list[Section], Field(min_length=1, max_length=12)]
