"""Webhooks and the log of their deliveries."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query, Response

from functions.api.http.conventions import etags, paging
from functions.api.http.dependencies import CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.push import push
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from functions.api.webhooks.schemas import (
    DeliveryPage,
    NewWebhook,
    Replayed,
    WebhookChange,
    WebhookList,
    WebhookWithSecret,
)
from risk.adapters.stream_contracts import UpdateType
from risk.alerts.webhook_messages import WebhookKind
from risk.alerts.webhook_signature import secret
from risk.alerts.webhook_url import check_url
from risk.domain.permissions import Permission
from risk.store.alerts import webhook_deliveries, webhooks
from risk.store.alerts.webhook_deliveries import Delivery, DeliveryStatus
from risk.store.alerts.webhooks import Webhook

router = APIRouter(prefix=f"{PREFIX}/webhooks", tags=["webhooks"], dependencies=[require(Permission.WEBHOOKS_MANAGE)])
_MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "Webhook or delivery not found."}}
_STALE: dict[int | str, dict[str, Any]] = {412: {"description": "It has changed since the version in `If-Match`."}}


def _with_secret(services: Services, webhook: Webhook) -> WebhookWithSecret:
    signed = webhook.kind is WebhookKind.STANDARD
    derived = secret(services.webhook_key, webhook.id, webhook.secret_generation) if signed else None
    return WebhookWithSecret(**webhook.shown().model_dump(), secret=derived)


@router.get("")
def list_webhooks(connection: Database) -> WebhookList:
    """List all webhooks (20 at most)."""
    return WebhookList(items=[webhook.shown() for webhook in webhooks.all_webhooks(connection)])


@router.post("", status_code=HTTPStatus.CREATED, responses={409: {"description": "There are as many as there may be."}})
def create_webhook(
    body: NewWebhook, user: CurrentUser, services: ServicesDep, connection: Database, now: Now
) -> WebhookWithSecret:
    """Create a webhook.

    Messages are signed according to [Standard Webhooks](https://www.standardwebhooks.com): its libraries verify them
    with `secret`, which is shown only here. Answer with a 2xx within 10 s. Failed deliveries are retried with the
    same `webhook-id` after 5 s, 10 s and so on for 24 hours; the messages of one alert arrive in order.
    """
    check_url(body.url, private=services.settings.webhook_private_targets)
    made = webhooks.create(connection, body.name, body.kind, body.url, body.events, body.filter, by=user.email, at=now)
    return _with_secret(services, made)


@router.get("/{webhook_id}", responses=_MISSING)
def get_webhook(webhook_id: UUID, connection: Database, response: Response) -> Webhook:
    """Get a webhook and its health. `ETag` is its version."""
    found = webhooks.find(connection, webhook_id)
    etags.show_version(response, found.version)
    return found.shown()


@router.put("/{webhook_id}", responses=_MISSING | _STALE)
def change_webhook(
    webhook_id: UUID,
    body: WebhookChange,
    services: ServicesDep,
    connection: Database,
    now: Now,
    seen: etags.Seen,
    response: Response,
) -> Webhook:
    """Change, disable or enable a webhook. Messages for a disabled one wait until it is enabled again."""
    values: dict[str, Any] = {"name": body.name, "events": sorted(set(body.events)), "enabled": body.enabled}
    if body.enabled:
        values |= {"disabled_reason": None, "paused_until": None}
    if body.filter is not None:
        values["filter"] = body.filter.model_dump(mode="json", exclude_defaults=True)
    if body.url is not None:
        check_url(body.url, private=services.settings.webhook_private_targets)
        values["url"] = body.url
    changed = webhooks.change(connection, webhook_id, values, seen=seen, at=now)
    etags.show_version(response, changed.version)
    return changed.shown()


@router.delete("/{webhook_id}", status_code=HTTPStatus.NO_CONTENT, responses=_MISSING)
def delete_webhook(webhook_id: UUID, connection: Database) -> None:
    """Delete a webhook, its delivery log and its pending messages."""
    webhooks.remove(connection, webhook_id)


@router.post("/{webhook_id}/rotate", responses=_MISSING)
def rotate_webhook_secret(webhook_id: UUID, services: ServicesDep, connection: Database, now: Now) -> WebhookWithSecret:
    """Rotate the secret, which is shown only here. For 24 hours messages carry signatures by the old one too."""
    return _with_secret(services, webhooks.rotate(connection, webhook_id, at=now))


@router.post("/{webhook_id}/test", status_code=HTTPStatus.ACCEPTED, responses=_MISSING)
def test_webhook(
    webhook_id: UUID,
    user: CurrentUser,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
) -> Delivery:
    """Send a test message of type `webhook.test`. Its delivery appears in the log a moment later."""
    webhooks.find(connection, webhook_id)
    sent = webhook_deliveries.enqueue_test(connection, webhook_id, by=user.email, at=now)
    after.add_task(push, services, UpdateType.DELIVERY, sent)
    return sent


@router.get("/{webhook_id}/deliveries", responses=_MISSING)
def list_deliveries(
    webhook_id: UUID,
    connection: Database,
    status: Annotated[DeliveryStatus | None, Query(description="Only those that stand so.")] = None,
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> DeliveryPage:
    """List deliveries, newest first: attempts, the receiver's answer, the next attempt."""
    webhooks.find(connection, webhook_id)
    before = None if cursor is None else paging.to_sequence(cursor)
    found = webhook_deliveries.page(connection, webhook_id, status=status, limit=limit + 1, before=before)
    items = found[:limit]
    more = len(found) > limit
    return DeliveryPage(items=items, next_cursor=paging.from_sequence(items[-1].sequence) if more else None)


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", status_code=HTTPStatus.ACCEPTED, responses=_MISSING)
def replay_delivery(
    webhook_id: UUID, delivery_id: UUID, services: ServicesDep, connection: Database, now: Now, after: BackgroundTasks
) -> Delivery:
    """Redeliver a message, whatever its state, with the same `webhook-id`."""
    again = webhook_deliveries.replay(connection, webhook_id, delivery_id, at=now)
    after.add_task(push, services, UpdateType.DELIVERY, again)
    return again


@router.post("/{webhook_id}/replay-dead", status_code=HTTPStatus.ACCEPTED, responses=_MISSING)
def replay_dead_deliveries(
    webhook_id: UUID, services: ServicesDep, connection: Database, now: Now, after: BackgroundTasks
) -> Replayed:
    """Redeliver all messages that were given up, in order."""
    webhooks.find(connection, webhook_id)
    replayed = Replayed(replayed=webhook_deliveries.replay_dead(connection, webhook_id, at=now))
    after.add_task(push, services, UpdateType.DELIVERY, replayed)
    return replayed
