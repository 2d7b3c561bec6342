"""Request and response schemas of webhooks."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from functions.api.http.schemas import Input, Page
from risk.alerts.webhook_messages import WebhookEvent, WebhookKind
from risk.store.alerts.webhook_deliveries import Delivery
from risk.store.alerts.webhooks import Webhook

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]+$")]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=r"^[^\x00]+$")]
Events = Annotated[list[WebhookEvent], Field(min_length=1, max_length=len(WebhookEvent))]


class NewWebhook(Input):
    """A receiver to tell of alerts: `standard` gets signed messages, `slack` what Slack's incoming webhooks take."""

    name: Name = Field(examples=["case management"])
    kind: WebhookKind = WebhookKind.STANDARD
    url: Url = Field(examples=["https://hooks.example.com/risk"])
    events: Events = Field(default=list(WebhookEvent))


class WebhookChange(Input):
    """What becomes of a receiver; without `url` it stays where it is."""

    name: Name
    url: Url | None = None
    events: Events
    enabled: bool


class WebhookWithSecret(Webhook):
    """A receiver with what its messages are signed with, shown this once; null for `slack`, which signs nothing."""

    secret: str | None


class WebhookList(BaseModel):
    """All receivers."""

    items: list[Webhook]
    next_cursor: None = None


class DeliveryPage(Page[Delivery]):
    """A part of the messages to a receiver, newest first."""


class Replayed(BaseModel):
    """How many messages are sent again."""

    replayed: int
