"""Request and response schemas of packs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from functions.api.config.schemas import Why
from functions.api.http.conventions.schemas import Input
from risk.packs.pack import Pack


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
    contents: dict[str, int]


class PackIndex(BaseModel):
    """All packs, by name."""

    items: list[PackSummary]


class PackDetail(PackSummary):
    """A pack with all that it brings: as it is installed, or as it ships."""

    pack: Pack
