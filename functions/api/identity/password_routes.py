"""Changing a password, and resetting it by a link."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, BackgroundTasks, Request

from functions.api.http.access import tokens
from functions.api.http.access.rate_limiter import UNKNOWN_CALLERS
from functions.api.http.access.request_audit import Audit
from functions.api.http.dependencies import (
    PUBLIC,
    SIGNED_IN,
    Address,
    AuditDep,
    CurrentSession,
    CurrentUser,
    Database,
    Now,
    ServicesDep,
)
from functions.api.http.routing import PREFIX
from functions.api.identity import password_links
from functions.api.identity import sessions as signing_in
from functions.api.identity.schemas import PasswordChange, PasswordReset, ResetAccepted, ResetRequest
from risk.domain.errors import InvalidInput
from risk.store.identity import password_links as links
from risk.store.identity import sessions, users

router = APIRouter(prefix=f"{PREFIX}/auth/password", tags=["auth"])


@router.post("", status_code=HTTPStatus.NO_CONTENT, dependencies=[SIGNED_IN])
def change_password(
    body: PasswordChange,
    user: CurrentUser,
    session: CurrentSession,
    services: ServicesDep,
    connection: Database,
    now: Now,
    address: Address,
    after: BackgroundTasks,
    audit: AuditDep,
) -> None:
    """Change your own password. All your other sessions end."""
    services.limiter.attempt_sign_in(user.email, address)
    if not tokens.password_matches(body.current_password, user.password_hash):
        audit.failing(f"user:{user.id}")
        raise InvalidInput("this is not the present password", field="current_password")
    services.limiter.signed_in(user.email, address)
    users.set_password(connection, user.id, tokens.hash_password(body.new_password))
    links.revoke(connection, user.id)
    audit(f"user:{user.id}")
    sessions.revoke_of_user(connection, user.id, now=now, but=session.session_id)
    after.add_task(signing_in.cut_off, services, user.id)


@router.post("/reset-request", status_code=HTTPStatus.ACCEPTED, dependencies=[PUBLIC])
def request_password_reset(
    request: Request, body: ResetRequest, services: ServicesDep, now: Now, address: Address
) -> ResetAccepted:
    """Request a link to set a new password by mail; without mail, administrators see the request.

    The response and its timing are the same for addresses without an account.
    """
    services.limiter.check(UNKNOWN_CALLERS, address)
    with password_links.in_constant_time():
        with services.database.begin() as connection:
            user = users.note_reset_request(connection, body.email, at=now)
            Audit(request, connection)(f"user:{user.id}" if user else "user", personal={"email": body.email})
            wanted = user is not None and services.mail is not None
            link = password_links.create(connection, services, user, now) if user and wanted else None
        if user is not None and link is not None:
            password_links.send(services, user, link)
    return ResetAccepted()


@router.post("/reset", status_code=HTTPStatus.NO_CONTENT, dependencies=[PUBLIC])
def reset_password(
    body: PasswordReset,
    services: ServicesDep,
    connection: Database,
    now: Now,
    address: Address,
    after: BackgroundTasks,
    audit: AuditDep,
) -> None:
    """Set a password with the token of a link, once. All sessions of the person end."""
    services.limiter.check(UNKNOWN_CALLERS, address)
    user_id = links.use(connection, tokens.secret_hash(body.token), now=now)
    if user_id is None or not users.set_password(connection, user_id, tokens.hash_password(body.password)):
        audit.failing(f"user:{user_id}" if user_id else "user")
        raise InvalidInput("this link is unknown, used or expired; ask for a new one", field="token")
    audit(f"user:{user_id}", actor=f"user:{user_id}")
    sessions.revoke_of_user(connection, user_id, now=now)
    after.add_task(signing_in.cut_off, services, user_id)
