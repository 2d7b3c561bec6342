"""Request and response schemas of alerts."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from functions.api.assessments.schemas import ListedAssessment
from functions.api.http.conventions.schemas import WHOLE, Input, Note, Page
from risk.alerts.alert import Alert, Disposition
from risk.alerts.workflow import DispositionReason, check_reason
from risk.domain.assessment import RiskLevel
from risk.domain.errors import InvalidInput
from risk.domain.field_rules import Timestamp
from risk.domain.permissions import Role
from risk.store.alerts.alerts import AlertAccount
from risk.store.alerts.timeline import TimelineEntry

MAX_BULK = 100
Person = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254, pattern=r"^[^\x00]+$")]


class AlertPage(Page[Alert]):
    """A page of alerts; ``next_cursor`` asks for the next page and is null on the last."""


class Acknowledgement(Input):
    """An acknowledgement."""

    note: Note | None = None


class Resolution(Input):
    """A resolution: disposition and reason. See `GET /alerts/reasons`."""

    disposition: Disposition
    reason: DispositionReason | None = None
    note: Note | None = None
    suppress_days: Annotated[int, Field(ge=0, le=365), WHOLE] | None = Field(
        None,
        description="For how many days the same finding raises no alert, unless it becomes more severe or has a new "
        "kind of evidence; if left out, as the configuration says of the disposition.",
    )


class Reopening(Input):
    """An acknowledgement or resolution to take back."""

    note: Note | None = None


class Assignment(Input):
    """The assignee: `me`, the address of a person who may act on alerts, or null to unassign."""

    assignee: Person | None = Field(examples=["me"])


class Assignee(BaseModel):
    """A person to whom alerts may be assigned."""

    id: UUID
    email: str = Field(examples=["grace@example.com"])
    role: Role


class Assignees(BaseModel):
    """People to whom alerts may be assigned, by address."""

    items: list[Assignee]


class Snooze(Input):
    """Until when to snooze the alert: 7 days at most."""

    until: Timestamp
    note: Note | None = None


class NewNote(Input):
    """A note."""

    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=r"^[^\x00]*$")
    ] = Field(examples=["called the customer, no answer"])


class NextAlert(Input):
    """Which alert is wanted."""

    min_level: RiskLevel | None = None


def _different(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise ValueError("an alert is named more than once")
    return ids


class _Bulk(Input):
    ids: Annotated[list[UUID], AfterValidator(_different)] = Field(
        min_length=1, max_length=MAX_BULK, json_schema_extra={"uniqueItems": True}
    )


class BulkAcknowledgement(_Bulk, Acknowledgement):
    """Acknowledge these alerts."""

    action: Literal["acknowledge"]


class BulkAssignment(_Bulk, Assignment):
    """Assign or unassign these alerts."""

    action: Literal["assign"]


class BulkResolution(_Bulk, Resolution):
    """Resolve these alerts."""

    action: Literal["resolve"]

    @model_validator(mode="after")
    def _reason_of_disposition(self) -> BulkResolution:
        try:
            check_reason(self.disposition, self.reason)
        except InvalidInput as error:
            raise ValueError(error.detail) from error
        return self


class BulkSnooze(_Bulk, Snooze):
    """Snooze these alerts."""

    action: Literal["snooze"]


BulkAction = Annotated[
    BulkAcknowledgement | BulkAssignment | BulkResolution | BulkSnooze, Field(discriminator="action")
]
"""One action for up to 100 alerts, and what that action needs."""


class BulkResult(BaseModel):
    """The outcome for one alert: the changed alert, or the problem that prevented the change."""

    id: UUID
    status: Literal["done", "conflict", "not-found"]
    alert: Alert | None = None
    detail: str | None = None


class BulkResults(BaseModel):
    """The outcome for each alert, in the order of the request."""

    done: int
    refused: int
    items: list[BulkResult]


class AlertEvent(ListedAssessment):
    """An event of an alert, and what its label says; ``fraud`` is null without one."""

    fraud: bool | None = None


class AlertDetail(Alert):
    """An alert with its details.

    `events` are the last 50 scored; `accounts` the 100 with most events; `timeline` the last 500 changes, oldest
    first; related alerts are the newest 10 of the same account and of other accounts with the same counterparty.
    """

    events: list[AlertEvent]
    accounts: list[AlertAccount]
    timeline: list[TimelineEntry]
    related_by_account: list[Alert]
    related_by_counterparty: list[Alert]
    allowed: list[str] = Field(description="The statuses that it can get from here.")


class ReasonsOfDisposition(BaseModel):
    """The reasons that go with a disposition."""

    disposition: Disposition
    reasons: list[DispositionReason]


class Reasons(BaseModel):
    """The taxonomy of dispositions and reasons."""

    items: list[ReasonsOfDisposition]
