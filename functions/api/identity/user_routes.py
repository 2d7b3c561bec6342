"""User administration. Users are deactivated, never deleted."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Response

from functions.api.http.conventions import etags, paging
from functions.api.http.dependencies import AuditDep, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from functions.api.identity import password_links
from functions.api.identity import sessions as signing_in
from functions.api.identity.schemas import Invitation, PasswordLink, Sessions, UserChange, UserDetail, UserPage
from risk.domain.errors import Conflict, NotFound
from risk.domain.permissions import Permission
from risk.store.identity import password_links as links
from risk.store.identity import sessions, users

router = APIRouter(prefix=f"{PREFIX}/users", tags=["users"], dependencies=[require(Permission.USERS_MANAGE)])
_MISSING: dict[int | str, dict[str, object]] = {404: {"description": "User not found."}}


def _shown(user: users.User) -> UserDetail:
    known = user.password_hash is not None or user.subject is not None
    return UserDetail(
        id=user.id,
        email=user.email,
        role=user.role,
        created_at=user.created_at,
        status="disabled" if user.disabled else "active" if known else "invited",
        reset_requested_at=user.reset_requested_at,
    )


def _tagged(response: Response, user: users.User) -> UserDetail:
    response.headers["etag"] = etags.tag(user.id, user.version)
    return _shown(user)


@router.get("")
def list_users(
    connection: Database, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> UserPage:
    """List people by address."""
    found = users.page(connection, limit=limit + 1, after="" if cursor is None else paging.to_name(cursor))
    items = found[:limit]
    next_cursor = paging.from_name(items[-1].email) if len(found) > limit else None
    return UserPage(items=[_shown(user) for user in items], next_cursor=next_cursor)


@router.post(
    "/invite", status_code=HTTPStatus.CREATED, responses={409: {"description": "The address has an account already."}}
)
def invite_user(
    body: Invitation,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    response: Response,
    audit: AuditDep,
) -> UserDetail:
    """Invite a person, who sets their own password with a mailed link.

    Without mail, `POST /users/{user_id}/reset-link` returns the link to you.
    """
    user = users.create_user(connection, body.email, None, body.role)
    audit(f"user:{user.id}", personal={"email": user.email}, role=user.role.value)
    if services.mail is not None:
        after.add_task(password_links.send, services, user, password_links.create(connection, services, user, now))
    return _tagged(response, user)


@router.get("/{user_id:uuid}", responses=_MISSING)
def get_user(user_id: UUID, connection: Database, response: Response) -> UserDetail:
    """Get one person."""
    user = users.find_by_id(connection, user_id)
    if user is None:
        raise NotFound(f"user {user_id} not found")
    return _tagged(response, user)


@router.patch(
    "/{user_id:uuid}",
    responses=_MISSING | etags.STALE | {409: {"description": "They are the last administrator who can sign in."}},
)
def change_user(
    user_id: UUID,
    body: UserChange,
    services: ServicesDep,
    connection: Database,
    now: Now,
    response: Response,
    after: BackgroundTasks,
    audit: AuditDep,
    if_match: etags.IfMatch = None,
) -> UserDetail:
    """Change a person's role, or deactivate or reactivate them. It takes effect at once and ends their sessions."""
    user = users.find_to_change(connection, user_id)
    etags.check(if_match, etags.tag(user.id, user.version))
    given = body.model_fields_set
    changed = users.change(
        connection,
        user,
        role=body.role if "role" in given else user.role,
        disabled=body.disabled if "disabled" in given else user.disabled,
    )
    audit(role=changed.role.value, disabled=changed.disabled)
    if changed.disabled:
        sessions.revoke_of_user(connection, user_id, now=now)
        links.revoke(connection, user_id)
    after.add_task(signing_in.cut_off, services, user_id)
    return _tagged(response, changed)


@router.post(
    "/{user_id:uuid}/reset-link",
    responses=_MISSING | {409: {"description": "Their account is closed, or the identity provider's."}},
)
def create_reset_link(user_id: UUID, services: ServicesDep, connection: Database, now: Now) -> PasswordLink:
    """Create a link with which a person sets their password, once. Earlier links become invalid."""
    user = users.find_to_change(connection, user_id)
    if user.disabled:
        raise Conflict(f"the account of {user.email} is closed; open it first")
    if user.subject is not None:
        raise Conflict(f"{user.email} signs in through the identity provider, and has no password here")
    return password_links.create(connection, services, user, now)


@router.get("/{user_id:uuid}/sessions", responses=_MISSING)
def list_sessions_of_user(user_id: UUID, connection: Database, now: Now) -> Sessions:
    """List a person's sessions."""
    if users.find_by_id(connection, user_id) is None:
        raise NotFound(f"user {user_id} not found")
    return signing_in.sessions_of(connection, user_id, now)


@router.delete("/{user_id:uuid}/sessions", status_code=HTTPStatus.NO_CONTENT, responses=_MISSING)
def end_sessions_of_user(
    user_id: UUID, services: ServicesDep, connection: Database, now: Now, after: BackgroundTasks
) -> None:
    """End all sessions of a person, who may sign in again."""
    users.find_to_change(connection, user_id)
    sessions.revoke_of_user(connection, user_id, now=now)
    after.add_task(signing_in.cut_off, services, user_id)
