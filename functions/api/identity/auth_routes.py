"""Sign-in, sessions, and tickets for the WebSocket."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

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
    require,
)
from functions.api.http.routing import PREFIX
from functions.api.identity import password_links
from functions.api.identity import sessions as signing_in
from functions.api.identity.schemas import (
    AccessToken,
    Credentials,
    Logout,
    Me,
    Refresh,
    Registration,
    RegistrationAccepted,
    Sessions,
    SignInOptions,
    Ticket,
    User,
)
from risk.adapters import valkey_live
from risk.domain.errors import NotAllowed, NotAuthenticated, NotFound
from risk.domain.permissions import ROLE_PERMISSIONS, Permission, Role
from risk.store.identity import sessions, users

router = APIRouter(prefix=f"{PREFIX}/auth", tags=["auth"])


def _shown(user: users.User) -> User:
    return User(id=user.id, email=user.email, role=user.role, created_at=user.created_at)


@router.post(
    "/register",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[PUBLIC],
    responses={403: {"description": "Registration is closed: an administrator adds people."}},
)
def register(
    request: Request, body: Registration, services: ServicesDep, now: Now, address: Address
) -> RegistrationAccepted:
    """Register an account with the role viewer for the owner of an address.

    The password is set with a link that only the owner gets: by mail or, where mail is not configured, from an
    administrator (`POST /users/{user_id}/reset-link`). The response and its timing are the same for addresses that
    have an account.
    """
    if not services.settings.registration_open:
        raise NotAllowed("registration is closed here; ask an administrator for an account")
    services.limiter.check(UNKNOWN_CALLERS, address)
    with password_links.in_constant_time():
        with services.database.begin() as connection:
            user, new = users.find_or_create(connection, body.email, Role.VIEWER)
            Audit(request, connection)(f"user:{user.id}", personal={"email": user.email}, new=new)
            waiting = user.password_hash is None and user.subject is None and not user.disabled
            wanted = waiting and services.mail is not None
            link = password_links.create(connection, services, user, now) if wanted else None
        if link is not None:
            password_links.send(services, user, link)
        elif not user.disabled and not waiting:
            password_links.send_reminder(services, user)
    return RegistrationAccepted()


@router.get("/options", dependencies=[PUBLIC])
async def get_sign_in_options(services: ServicesDep) -> SignInOptions:
    """Whether anyone may register, and whether `/auth/oidc/login` leads to an identity provider."""
    settings = services.settings
    return SignInOptions(registration=settings.registration_open, identity_provider=bool(settings.oidc_issuer))


@router.post("/login", dependencies=[PUBLIC], responses={401: {"description": "No account has this password."}})
def login(
    body: Credentials, services: ServicesDep, connection: Database, now: Now, address: Address, audit: AuditDep
) -> AccessToken:
    """Exchange an address and its password for an access token and a refresh token.

    After a few failures there is a delay before the next attempt, per account and per client address, which doubles
    each time.
    """
    services.limiter.attempt_sign_in(body.email, address)
    user = users.find_by_email(connection, body.email)
    known = tokens.password_matches(body.password, user.password_hash if user else None)
    if user is None or not known or user.disabled:
        audit.failing(f"user:{user.id}" if user else "user", personal={"email": body.email.lower()})
        raise NotAuthenticated("no open account has this address and password")
    audit(f"user:{user.id}", actor=f"user:{user.id}")
    services.limiter.signed_in(body.email, address)
    return signing_in.start(connection, services, user, now)


@router.post(
    "/refresh",
    dependencies=[PUBLIC],
    responses={401: {"description": "The token is unknown, expired or used, or its session has ended."}},
)
def refresh(request: Request, body: Refresh, services: ServicesDep, now: Now) -> AccessToken:
    """Exchange a refresh token, once, for the next tokens of its session.

    A refresh token that is used twice was copied: the session ends.
    """
    # A transaction of its own: a refusal is stored all the same.
    with services.database.begin() as connection:
        session_id, ended_for = sessions.use_token(connection, tokens.secret_hash(body.refresh_token), now=now)
        user = None if session_id is None else sessions.user_of_session(connection, session_id)
        if session_id is not None and user is not None and not user.disabled:
            Audit(request, connection)(f"user:{user.id}", actor=f"user:{user.id}")
            return signing_in.proceed(connection, services, user, session_id, now)
    if ended_for is not None:
        signing_in.cut_off(services, ended_for)
    raise NotAuthenticated("this refresh token is not valid any more; sign in again")


@router.post("/logout", status_code=HTTPStatus.NO_CONTENT, dependencies=[PUBLIC])
def logout(
    body: Logout, services: ServicesDep, connection: Database, now: Now, after: BackgroundTasks, audit: AuditDep
) -> None:
    """End the session of a refresh token, or all sessions of its owner. Access tokens are refused at once.

    The response does not tell whether the token was known.
    """
    user_id = sessions.revoke_of_token(connection, tokens.secret_hash(body.refresh_token), now=now)
    if user_id is None:
        return
    audit(f"user:{user_id}", actor=f"user:{user_id}", everywhere=body.everywhere)
    if body.everywhere:
        sessions.revoke_of_user(connection, user_id, now=now)
    after.add_task(signing_in.cut_off, services, user_id)


@router.get("/me", dependencies=[SIGNED_IN])
def get_me(user: CurrentUser) -> Me:
    """Get the person and permissions of the token."""
    return Me(**_shown(user).model_dump(), permissions=sorted(ROLE_PERMISSIONS[user.role]))


@router.get("/sessions", dependencies=[SIGNED_IN])
def list_sessions(user: CurrentUser, session: CurrentSession, connection: Database, now: Now) -> Sessions:
    """List your sessions."""
    return signing_in.sessions_of(connection, user.id, now, session.session_id)


@router.delete("/sessions", status_code=HTTPStatus.NO_CONTENT, dependencies=[SIGNED_IN])
def end_other_sessions(
    user: CurrentUser,
    session: CurrentSession,
    services: ServicesDep,
    connection: Database,
    now: Now,
    after: BackgroundTasks,
    audit: AuditDep,
) -> None:
    """End all your sessions except the current one."""
    sessions.revoke_of_user(connection, user.id, now=now, but=session.session_id)
    audit(f"user:{user.id}")
    after.add_task(signing_in.cut_off, services, user.id)


@router.delete(
    "/sessions/{session_id:uuid}",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[SIGNED_IN],
    responses={404: {"description": "Session not found; it may have ended."}},
)
def end_session(
    session_id: UUID, user: CurrentUser, services: ServicesDep, connection: Database, now: Now, after: BackgroundTasks
) -> None:
    """End one of your sessions."""
    if not sessions.revoke(connection, user.id, session_id, now=now):
        raise NotFound("session not found; it may have ended")
    after.add_task(signing_in.cut_off, services, user.id)


@router.post("/ws-ticket", dependencies=[require(Permission.RISK_READ)])
def create_ws_ticket(user: CurrentUser, session: CurrentSession, services: ServicesDep, connection: Database) -> Ticket:
    """Create a ticket for one WebSocket: connect to `/ws/risk-stream?ticket=…` within 30 seconds.

    It becomes invalid when the person signs out or their role changes.
    """
    generation = valkey_live.access_generation(services.live, str(user.id))
    # Read again after the generation, so that a concurrent change of access cannot be missed.
    now_user = sessions.user_of_session(connection, session.session_id)
    if now_user is None or now_user.disabled:
        raise NotAuthenticated("this session has ended, or the account is closed; sign in again")
    ticket = valkey_live.issue_ticket(services.live, str(user.id), now_user.role, generation)
    return Ticket(ticket=ticket, expires_in=valkey_live.TICKET_SECONDS)
