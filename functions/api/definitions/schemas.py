"""Request and response schemas of definitions of features."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from functions.api.http.conventions.schemas import WHOLE, FieldError, Input, Page
from functions.api.rules.schemas import VersionNumber, Why
from risk.features.definitions.definition import Definition, DefinitionBody
from risk.rules.lifecycle import DefinitionStatus
from risk.store.rules.definitions import DefinitionVersion

MAX_PREVIEW = 200_000
_EXAMPLE: dict[str, JsonValue] = {
    "key": ["device_id"],
    "aggregate": "distinct",
    "field": "account_id",
    "window": "7d",
    "filter": 'event.channel == "web"',
    "unit": "accounts",
    "meaning": "different accounts that used the device on the web in the 7 days before",
    "direction": "higher_is_riskier",
}


class NewDefinition(Definition):
    """A definition to create as a draft. ``name`` cannot be changed: it is read as ``features.<name>``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "device_web_accounts_7d", **_EXAMPLE}]})


class DefinitionEdit(DefinitionBody):
    """A new version of a definition, based on ``base_version``; refused if there is a newer one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"base_version": 1, **_EXAMPLE}]})

    base_version: VersionNumber


class DefinitionStage(BaseModel):
    """Which version is live, and which is backfilled beside it; archived means neither."""

    live_version: int | None
    backfilled_version: int | None
    archived: bool


class DefinitionStageChange(BaseModel):
    """A stage of a definition: who put it in force, when and why. ``back_to`` is what a rollback restores."""

    number: int
    stage: DefinitionStage
    back_to: int | None
    changed_at: datetime
    changed_by: str
    reason: str


class DefinitionSummary(BaseModel):
    """A definition and its newest version, which may differ from the live one."""

    id: UUID
    name: str
    status: DefinitionStatus
    stage: DefinitionStage
    latest: DefinitionVersion
    created_at: datetime
    created_by: str


class DefinitionBackfill(BaseModel):
    """What the engine computed over the stored ``events``: ``keys``, and the ``bytes`` of their states."""

    sequence: int
    events: int
    keys: int
    bytes: int


class DefinitionVersionDetail(DefinitionVersion):
    """A version and its stage; ``backfill`` is null until the engine keeps its states up to date."""

    status: DefinitionStatus
    backfill: DefinitionBackfill | None


class DefinitionDetail(DefinitionSummary):
    """A definition with all its versions and stage changes, newest first."""

    versions: list[DefinitionVersionDetail]
    stages: list[DefinitionStageChange]
    second_person: bool = Field(description="Someone other than the author of a version has to put it live.")


class DefinitionPage(Page[DefinitionSummary]):
    """A page of definitions; ``next_cursor`` asks for the next page and is null on the last."""


class DefinitionValidation(BaseModel):
    """Whether a draft is valid; ``errors`` say where it is not."""

    valid: bool
    errors: list[FieldError]


class PreviewRequest(Input):
    """A definition to compute over the newest ``max_events`` stored events, for at most nine seconds."""

    definition: Definition
    max_events: Annotated[int, Field(ge=1, le=MAX_PREVIEW), WHOLE] = 50_000


class DefinitionTransition(Input):
    """The new stage of a version (the newest by default)."""

    to: DefinitionStatus = Field(examples=["backfilled"])
    version: VersionNumber | None = None
    reason: Why


class DefinitionRollback(Input):
    """Why the last change of stage is undone."""

    reason: Why = Field(examples=["it counts test accounts, too"])
