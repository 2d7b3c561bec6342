"""Request and response schemas of packs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from functions.api.config.schemas import Why
from functions.api.http.conventions.schemas import Input
from risk.packs.pack import Pack
from risk.rules.lifecycle import RuleStatus


class RuleTarget(StrEnum):
    """How far the rules of a pack are taken."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"


class PackInstallation(Input):
    """How a pack is installed: the product's own of that name, or the one that is sent."""

    pack: Pack | None = Field(default=None, description="The pack itself; left out, the one that ships.")
    rules: RuleTarget = Field(
        default=RuleTarget.SHADOW, description="How far its rules are taken. What is live stays live."
    )
    dry_run: bool = Field(default=False, description="Only say what would change.")
    reason: Why | None = None


class PackChange(BaseModel):
    """What was, or would be, done to one part of a pack."""

    kind: Literal["event type", "definition", "rule", "list", "document"]
    name: str
    change: str


class PackOutcome(BaseModel):
    """What was, or would be, changed. ``waiting`` says what is not done yet and for whom or what it waits.

    Installed again once that has happened, the pack goes on from there.
    """

    name: str
    version: int
    dry_run: bool
    changes: list[PackChange]
    unchanged: int
    waiting: list[str]


class PackSummary(BaseModel):
    """A pack that ships or is installed. ``contents`` counts its parts; versions are null where there is none."""

    name: str
    title: str
    description: str
    shipped_version: int | None
    installed_version: int | None
    installed_at: datetime | None
    installed_by: str | None
    has_page: bool
    contents: dict[str, int]


class PackIndex(BaseModel):
    """All packs, by name."""

    items: list[PackSummary]


class PackDetail(PackSummary):
    """A pack with all that it brings: as it is installed, or as it ships."""

    pack: Pack


class FilledRow(BaseModel):
    """An event in a table, and a text for each column."""

    event_id: str
    event_source: str
    cells: list[str | None]


class FilledTable(BaseModel):
    """The newest events of a table, last scored first."""

    kind: Literal["table"]
    title: str
    columns: list[str]
    rows: list[FilledRow]


class FilledSeries(BaseModel):
    """A line of a chart: the mean in each step, null where nothing happened."""

    name: str
    values: list[float | None]


class FilledChart(BaseModel):
    """A chart over time; ``times`` are the beginnings of its steps."""

    kind: Literal["chart"]
    title: str
    unit: str
    times: list[datetime]
    series: list[FilledSeries]


class RuleHits(BaseModel):
    """How often a rule of the pack hit."""

    name: str
    rule_id: UUID
    status: RuleStatus
    live: int
    shadow: int


class FilledRules(BaseModel):
    """The hits of the rules of a pack in the last ``hours``."""

    kind: Literal["rules"]
    title: str
    hours: int
    items: list[RuleHits]


FilledSection = Annotated[FilledTable | FilledChart | FilledRules, Field(discriminator="kind")]


class FilledPage(BaseModel):
    """The page that a pack declares, with what is stored."""

    name: str
    title: str
    description: str
    sections: list[FilledSection]
