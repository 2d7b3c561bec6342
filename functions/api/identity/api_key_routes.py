"""API keys. A revoked key stays on record."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks

from functions.api.http.access import callers, tokens
from functions.api.http.conventions import paging
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from functions.api.identity.api_key_schemas import ApiKey, ApiKeyPage, ApiKeyWithSecret, NewApiKey
from risk.domain.errors import InvalidInput
from risk.domain.permissions import Permission
from risk.store.identity import api_keys

router = APIRouter(prefix=f"{PREFIX}/api-keys", tags=["api keys"], dependencies=[require(Permission.KEYS_MANAGE)])


def _values(key: api_keys.ApiKey) -> dict[str, object]:
    return {**vars(key), "scopes": sorted(key.scopes)}


def _shown(key: api_keys.ApiKey) -> ApiKey:
    return ApiKey.model_validate(_values(key))


@router.get("")
def list_api_keys(
    connection: Database, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> ApiKeyPage:
    """List API keys, newest first, including revoked and expired ones."""
    before = None if cursor is None else paging.to_alert(cursor)
    found = api_keys.page(connection, limit=limit + 1, before=before)
    items = found[:limit]
    next_cursor = paging.from_alert(items[-1].created_at, items[-1].id) if len(found) > limit else None
    return ApiKeyPage(items=[_shown(key) for key in items], next_cursor=next_cursor)


@router.post("", status_code=HTTPStatus.CREATED)
def create_api_key(
    body: NewApiKey, user: CurrentUser, connection: Database, now: Now, audit: AuditDep
) -> ApiKeyWithSecret:
    """Create an API key. The response is the only place where it is ever shown."""
    if body.expires_at is not None and body.expires_at <= now:
        raise InvalidInput("must be in the future", field="expires_at")
    secret = tokens.new_secret(tokens.API_KEY_PREFIX)
    key = api_keys.create(
        connection,
        body.name,
        tokens.shown_part(secret),
        tokens.secret_hash(secret),
        body.scopes,
        by=user.email,
        at=now,
        expires_at=body.expires_at,
        event_source=body.event_source,
    )
    audit(f"key:{key.id}", scopes=[*sorted(key.scopes)], event_source=key.event_source)
    return ApiKeyWithSecret.model_validate({**_values(key), "key": secret})


@router.post("/{key_id}/revoke", responses={404: {"description": "Key not found."}})
def revoke_api_key(
    key_id: UUID, user: CurrentUser, services: ServicesDep, connection: Database, now: Now, after: BackgroundTasks
) -> ApiKey:
    """Revoke an API key at once. Revoking it again changes nothing."""
    key, key_hash = api_keys.revoke(connection, key_id, by=user.email, at=now)
    after.add_task(callers.forget, services, key_hash)
    return _shown(key)
