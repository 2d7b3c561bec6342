"""Request and response schemas of rules and lists."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    JsonValue,
    StringConstraints,
)

from functions.api.events.schemas import EventInput
from functions.api.http.conventions.schemas import WHOLE, FieldError, Page
from risk.domain.field_rules import EARLIEST, Moment
from risk.rules.cel import MAX_SOURCE
from risk.rules.evaluator import RuleDefinition, RuleName
from risk.rules.lifecycle import RuleStatus, Stage
from risk.rules.lists import LIST_NAME, MAX_VALUE, ListPurpose, ListSubject
from risk.rules.reason_template import MAX_TEMPLATE
from risk.store.rules.lists import StoredEntry, StoredList
from risk.store.rules.rules import RuleVersion, StageChange

MAX_BULK = 1_000
MAX_BACKTEST = 500_000
LATEST_YEAR = 3000
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]+$")]
ListName = Annotated[str, StringConstraints(pattern=f"^{LIST_NAME.pattern}$")]
Description = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[^\x00]*$")]
Value = Annotated[str, StringConstraints(min_length=1, max_length=MAX_VALUE)]


def _storable(value: datetime) -> datetime:
    if not EARLIEST.year <= value.year < LATEST_YEAR:
        raise ValueError(f"must lie in the years {EARLIEST.year} to {LATEST_YEAR - 1}")
    return value


Expiry = Annotated[Moment, AfterValidator(_storable)]
VersionNumber = Annotated[int, Field(ge=1, le=2**31 - 1), WHOLE]


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_EXAMPLE: dict[str, JsonValue] = {
    "owner": "payments team",
    "expression": "event.amount > 5000.0 && features.count_1h >= 3.0",
    "points": 1.5,
    "reason_text": "{amount} {currency} after {features.count_1h:.0f} events within an hour",
}


class NewRule(RuleDefinition):
    """A rule to create as a draft. ``name`` cannot be changed: reasons carry it as ``rule_<name>``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "large_and_fast", **_EXAMPLE}]})

    name: RuleName


class RuleEdit(RuleDefinition):
    """A new version of a rule, based on ``base_version``; refused if there is a newer one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"base_version": 1, **_EXAMPLE}]})

    base_version: VersionNumber


class RuleSummary(BaseModel):
    """A rule and its newest version, which may differ from the live one."""

    id: UUID
    name: str
    status: RuleStatus
    stage: Stage
    suspended: str | None = Field(description="Why the engine took a version out of force, if that came last.")
    latest: RuleVersion
    created_at: datetime
    created_by: str


class RuleVersionDetail(RuleVersion):
    """A version and its stage."""

    status: RuleStatus


class RuleDetail(RuleSummary):
    """A rule with all its versions and stage changes, newest first."""

    versions: list[RuleVersionDetail]
    stages: list[StageChange]
    second_person: bool = Field(description="Someone other than the author of a version has to put it live.")


class RulePage(Page[RuleSummary]):
    """A page of rules; ``next_cursor`` asks for the next page and is null on the last."""


class ExpressionName(BaseModel):
    """A name that expressions may use; ``type`` is its CEL type, ``unit`` that of a feature."""

    name: str
    type: str
    meaning: str
    unit: str | None = None


class ExpressionFunction(BaseModel):
    """A function that expressions may use; ``usage`` is an example."""

    name: str
    usage: str
    meaning: str


class ExpressionNames(BaseModel):
    """All names and functions that expressions may use."""

    items: list[ExpressionName]
    functions: list[ExpressionFunction]


class RuleDraft(_Input):
    """An expression and its reason text to validate."""

    expression: Annotated[str, Field(max_length=4 * MAX_SOURCE, examples=["event.amount > 5000.0"])]
    reason_text: Annotated[str, Field(max_length=4 * MAX_TEMPLATE)] | None = None


class RuleValidation(BaseModel):
    """Whether a draft is valid; ``errors`` say where it is not."""

    valid: bool
    errors: list[FieldError]


class RuleTrial(RuleDraft):
    """A draft and an event to evaluate it on; features that are left out are unknown."""

    event: EventInput
    features: dict[str, FiniteFloat | None] = {}


class RuleTrialValue(BaseModel):
    """A value that the draft read: a field, a feature, or the result of a list lookup. Null is unknown."""

    name: str
    value: float | bool | str | None


class RuleTrialResult(BaseModel):
    """Whether the draft hits the event, and the ``values`` that it read.

    ``error`` says why it could not be evaluated, which counts as no hit.
    """

    hit: bool
    reason_text: str | None
    error: str | None
    values: list[RuleTrialValue]


class RuleTransition(_Input):
    """The new stage of a version (the newest by default); ``percent`` is its share of events once live."""

    to: RuleStatus = Field(examples=["shadow"])
    version: VersionNumber | None = None
    percent: Annotated[int, Field(ge=1, le=100), WHOLE] = 100
    reason: Why


class RuleRollback(_Input):
    """Why the last change of stage is undone."""

    reason: Why = Field(examples=["it hit half of all payments"])


class BacktestRequest(_Input):
    """The version (the newest by default) to backtest, and the period."""

    version: VersionNumber | None = None
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    since: Moment | None = Field(
        default=None, alias="from", description="Events scored then or later; `since` was its former name."
    )
    until: Moment | None = Field(
        default=None, alias="to", description="Events scored before then; `until` was its former name."
    )
    before: Annotated[int, Field(ge=1, le=2**63 - 1), WHOLE] | None = Field(
        default=None, description="Only events before the `oldest_sequence` of the part before, to go on from there."
    )
    max_events: Annotated[
        int, Field(ge=1, le=MAX_BACKTEST, description="The newest so many.", examples=[10_000]), WHOLE
    ] = 100_000


class NewList(_Input):
    """A list to create."""

    name: ListName = Field(examples=["stolen_devices"])
    purpose: ListPurpose = Field(examples=["deny"])
    subject: ListSubject = Field(examples=["device"])
    description: Description = ""


class ListChange(_Input):
    """The description of a list."""

    purpose: ListPurpose = Field(examples=["watch"])
    description: Description = ""


class ListPage(Page[StoredList]):
    """A page of lists; ``next_cursor`` asks for the next page and is null on the last."""


class EntryPage(Page[StoredEntry]):
    """A page of entries; ``next_cursor`` asks for the next page and is null on the last."""


class EntryInput(_Input):
    """An entry to add; from ``expires_at``, by event time, it no longer matches."""

    value: Value = Field(examples=["device-17"])
    expires_at: Expiry | None = None


class NewEntries(_Input):
    """Entries to add, and why."""

    items: Annotated[list[EntryInput], Field(min_length=1, max_length=MAX_BULK)]
    reason: Why


class EntriesAdded(BaseModel):
    """How many entries are new, and how many replaced existing ones."""

    added: int
    replaced: int


class EntriesToRemove(_Input):
    """Entries to remove, and why."""

    values: Annotated[list[Value], Field(min_length=1, max_length=MAX_BULK, examples=[["device-17"]])]
    reason: Why


class EntriesToPreview(_Input):
    """Values that might be added to a list."""

    values: Annotated[list[Value], Field(min_length=1, max_length=MAX_BULK, examples=[["device-17"]])]


class EntriesPreview(BaseModel):
    """What adding values would change.

    ``new`` are not on the list yet, in normal form; ``present`` are, and hold now. ``rules`` are those, live or in
    shadow, that ask for the list: without one, being on it has no effect.
    """

    new: list[str]
    present: list[str]
    rules: list[str]


class EntriesRemoved(BaseModel):
    """How many of the entries were on the list."""

    removed: int
