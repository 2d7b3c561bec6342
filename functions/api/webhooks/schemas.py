"""Request and response schemas of webhooks."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from functions.api.http.conventions.schemas import Input, Page
from risk.alerts.webhook_filter import WebhookFilter
from risk.alerts.webhook_messages import WebhookEvent, WebhookKind
from risk.store.alerts.webhook_deliveries import Delivery
from risk.store.alerts.webhooks import Webhook

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]+$")]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000, pattern=r"^[^\x00]+$")]
Events = Annotated[list[WebhookEvent], Field(min_length=1, max_length=len(WebhookEvent))]


class NewWebhook(Input):
    """A receiver of alert messages: `standard` gets signed messages, `slack` those of Slack's incoming webhooks."""

    name: Name = Field(examples=["case management"])
    kind: WebhookKind = WebhookKind.STANDARD
    url: Url = Field(examples=["https://hooks.example.com/risk"])
    events: Events = Field(default=list(WebhookEvent))
    filter: WebhookFilter = WebhookFilter()


class WebhookChange(Input):
    """Changes to a receiver; without `url` its address stays, without `filter` of which alerts it is told."""

    name: Name
    url: Url | None = None
    events: Events
    filter: WebhookFilter | None = None
    enabled: bool


class WebhookWithSecret(Webhook):
    """A receiver with its signing secret, shown only here; null for `slack`, which is not signed."""

    secret: str | None


class WebhookList(BaseModel):
    """All webhooks."""

    items: list[Webhook]
    next_cursor: None = None


class DeliveryPage(Page[Delivery]):
    """A page of deliveries, newest first."""


class Replayed(BaseModel):
    """How many messages are redelivered."""

    replayed: int
