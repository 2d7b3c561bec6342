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
from functions.api.http.schemas import WHOLE, FieldError, Page
from risk.domain.fields import EARLIEST, Moment
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
    """A rule to draft. ``name`` stays for its life: reasons carry it as ``rule_<name>``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "large_and_fast", **_EXAMPLE}]})

    name: RuleName


class RuleEdit(RuleDefinition):
    """A new version of a rule, made from ``base_version``; refused if there is a newer one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"base_version": 1, **_EXAMPLE}]})

    base_version: VersionNumber


class RuleSummary(BaseModel):
    """A rule, and its newest version, which need not be the one that is live."""

    id: UUID
    name: str
    status: RuleStatus
    stage: Stage
    latest: RuleVersion
    created_at: datetime
    created_by: str


class RuleVersionDetail(RuleVersion):
    """A version, and where it stands."""

    status: RuleStatus


class RuleDetail(RuleSummary):
    """A rule with all its versions and all stages that it was in, newest first."""

    versions: list[RuleVersionDetail]
    stages: list[StageChange]
    second_person: bool = Field(description="Someone other than the author of a version has to put it live.")


class RulePage(Page[RuleSummary]):
    """A part of a list; ``next_cursor`` asks for the next part, and is null at the end."""


class ExpressionName(BaseModel):
    """A name that expressions may use; ``type`` is its CEL type, ``unit`` that of a feature."""

    name: str
    type: str
    meaning: str
    unit: str | None = None


class ExpressionFunction(BaseModel):
    """A function that expressions may use; ``usage`` shows it at work."""

    name: str
    usage: str
    meaning: str


class ExpressionNames(BaseModel):
    """All names and functions that expressions may use."""

    items: list[ExpressionName]
    functions: list[ExpressionFunction]


class RuleDraft(_Input):
    """An expression to check, and the text of its reason."""

    expression: Annotated[str, Field(max_length=4 * MAX_SOURCE, examples=["event.amount > 5000.0"])]
    reason_text: Annotated[str, Field(max_length=4 * MAX_TEMPLATE)] | None = None


class RuleValidation(BaseModel):
    """Whether a draft can be used; ``errors`` say where it cannot."""

    valid: bool
    errors: list[FieldError]


class RuleTrial(RuleDraft):
    """A draft, and an event to try it on; features that are not given are not known."""

    event: EventInput
    features: dict[str, FiniteFloat | None] = {}


class RuleTrialValue(BaseModel):
    """What the draft read of the event: a field, a feature, or the answer of a list. Null is not known."""

    name: str
    value: float | bool | str | None


class RuleTrialResult(BaseModel):
    """Whether the draft hits the event, by which ``values``.

    ``error`` says why it could be neither true nor false, which is no hit.
    """

    hit: bool
    reason_text: str | None
    error: str | None
    values: list[RuleTrialValue]


class RuleTransition(_Input):
    """Where a version (the newest, if none is given) shall go; ``percent`` is its share of events once live."""

    to: RuleStatus = Field(examples=["shadow"])
    version: VersionNumber | None = None
    percent: Annotated[int, Field(ge=1, le=100), WHOLE] = 100
    reason: Why


class RuleRollback(_Input):
    """Why the last change of stage is undone."""

    reason: Why = Field(examples=["it hit half of all payments"])


class BacktestRequest(_Input):
    """Which version (the newest, if none is given) to try, on which part of the past."""

    version: VersionNumber | None = None
    since: Moment | None = Field(default=None, description="Events scored then or later.")
    until: Moment | None = Field(default=None, description="Events scored before then.")
    before: Annotated[int, Field(ge=1, le=2**63 - 1), WHOLE] | None = Field(
        default=None, description="Only events before the `oldest_sequence` of the part before, to go on from there."
    )
    max_events: Annotated[
        int, Field(ge=1, le=MAX_BACKTEST, description="The newest so many.", examples=[10_000]), WHOLE
    ] = 100_000


class NewList(_Input):
    """An empty list to make."""

    name: ListName = Field(examples=["stolen_devices"])
    purpose: ListPurpose = Field(examples=["deny"])
    subject: ListSubject = Field(examples=["device"])
    description: Description = ""


class ListChange(_Input):
    """What a list is for."""

    purpose: ListPurpose = Field(examples=["watch"])
    description: Description = ""


class ListPage(Page[StoredList]):
    """A part of a list of lists; ``next_cursor`` asks for the next part, and is null at the end."""


class EntryPage(Page[StoredEntry]):
    """A part of what is on a list; ``next_cursor`` asks for the next part, and is null at the end."""


class EntryInput(_Input):
    """One thing to put on a list; after ``expires_at``, by the time of the event, it is not on it any more."""

    value: Value = Field(examples=["device-17"])
    expires_at: Expiry | None = None


class NewEntries(_Input):
    """Things to put on a list, and why."""

    items: Annotated[list[EntryInput], Field(min_length=1, max_length=MAX_BULK)]
    reason: Why


class EntriesAdded(BaseModel):
    """How many things are new on the list, and how many replaced what was there."""

    added: int
    replaced: int


class EntriesToRemove(_Input):
    """Things to take off a list, and why."""

    values: Annotated[list[Value], Field(min_length=1, max_length=MAX_BULK, examples=[["device-17"]])]
    reason: Why


class EntriesRemoved(BaseModel):
    """How many of the things were on the list."""

    removed: int
