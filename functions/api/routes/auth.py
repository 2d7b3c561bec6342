"""Accounts, access tokens, and tickets for the WebSocket."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from functions.api import tokens
from functions.api.dependencies import PUBLIC, SIGNED_IN, AuditDep, CurrentUser, Database, Now, ServicesDep, require
from functions.api.models import AccessToken, Credentials, Registration, Ticket, User
from functions.api.routes import PREFIX
from risk import live
from risk.access import Permission, Role
from risk.errors import NotAllowed, NotAuthenticated
from risk.store import users

router = APIRouter(prefix=f"{PREFIX}/auth", tags=["auth"])


def _shown(user: users.User) -> User:
    return User(id=user.id, email=user.email, role=user.role, created_at=user.created_at)


@router.post(
    "/register",
    status_code=HTTPStatus.CREATED,
    dependencies=[PUBLIC],
    responses={
        403: {"description": "Registration is closed: an administrator adds people."},
        409: {"description": "The address is registered already."},
    },
)
def register(body: Registration, services: ServicesDep, connection: Database, audit: AuditDep) -> User:
    """Open an account, with the role viewer."""
    if not services.settings.registration_open:
        raise NotAllowed("registration is closed here; ask an administrator for an account")
    user = users.create_user(connection, body.email, tokens.hash_password(body.password), Role.VIEWER)
    audit(f"user:{user.id}", personal={"email": user.email}, role=user.role.value)
    return _shown(user)


@router.post("/login", dependencies=[PUBLIC], responses={401: {"description": "No account has this password."}})
def login(body: Credentials, services: ServicesDep, connection: Database, now: Now, audit: AuditDep) -> AccessToken:
    """Exchange an address and its password for an access token."""
    user = users.find_by_email(connection, body.email)
    known = tokens.password_matches(body.password, user.password_hash if user else None)
    if user is None or not known or user.disabled:
        audit.failing(f"user:{user.id}" if user else "user", personal={"email": body.email.lower()})
        raise NotAuthenticated("no open account has this address and password")
    audit(f"user:{user.id}", actor=f"user:{user.id}")
    minutes = services.settings.access_token_minutes
    token = tokens.issue(services.signing_key, user.id, user.role, now=now, minutes=minutes)
    return AccessToken(access_token=token, expires_in=minutes * 60)


@router.get("/me", dependencies=[SIGNED_IN])
def get_me(user: CurrentUser) -> User:
    """Who the token speaks for."""
    return _shown(user)


@router.post("/ws-ticket", dependencies=[require(Permission.RISK_READ)])
def create_ws_ticket(user: CurrentUser, services: ServicesDep) -> Ticket:
    """A ticket that opens one WebSocket: connect to `/ws/risk-stream?ticket=…` within 30 seconds."""
    return Ticket(ticket=live.issue_ticket(services.live, str(user.id), user.role), expires_in=live.TICKET_SECONDS)
