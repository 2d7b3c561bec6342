"""Sign-in through an OpenID Connect provider, where one is configured."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Cookie, Query, Request, Response
from sqlalchemy import Connection

from functions.api.http.access.rate_limiter import UNKNOWN_CALLERS
from functions.api.http.access.request_audit import Audit
from functions.api.http.conventions.query_names import OPEN_QUERY
from functions.api.http.dependencies import PUBLIC, Address, Now, ServicesDep
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from functions.api.identity import password_links
from functions.api.identity import sessions as signing_in
from functions.api.identity.oidc import Attempt, Person, Provider, new_attempt
from risk.domain.errors import Conflict, NotAllowed, NotAuthenticated, NotFound
from risk.store.identity import password_links as links
from risk.store.identity import sessions, users

_PATH = f"{PREFIX}/auth/oidc"
_COOKIE = "oidc_attempt"
_AUDIENCE = "oidc-attempt"
_LASTS = timedelta(minutes=10)
_AFTER = "/signed-in#refresh_token="

router = APIRouter(prefix=_PATH, tags=["auth"])
_REDIRECTS: dict[int | str, dict[str, object]] = {404: {"description": "No identity provider is set up."}}


def _provider(services: Services) -> Provider:
    if services.oidc is None:
        raise NotFound("no identity provider is set up here; sign in with a password")
    return services.oidc


def _sealed(services: Services, attempt: Attempt, now: datetime) -> str:
    import jwt  # only sign-ins through the provider wait for the import

    claims = {**vars(attempt), "aud": _AUDIENCE, "exp": now + _LASTS}
    return jwt.encode(claims, services.signing_key, algorithm="HS256")


def _opened(services: Services, cookie: str) -> Attempt:
    import jwt

    try:
        claims = jwt.decode(
            cookie,
            services.signing_key,
            algorithms=["HS256"],
            audience=_AUDIENCE,
            options={"require": ["exp", "state", "nonce", "verifier", "page"], "strict_aud": True},
        )
    except jwt.InvalidTokenError as error:
        raise NotAuthenticated("this sign-in was not begun in this browser, or too long ago; begin anew") from error
    return Attempt(claims["state"], claims["nonce"], claims["verifier"], claims["page"])


@router.get("/login", status_code=HTTPStatus.SEE_OTHER, dependencies=[PUBLIC], responses=_REDIRECTS)
def begin_oidc_login(
    services: ServicesDep,
    now: Now,
    response: Response,
    state: Annotated[str, Query(pattern=r"^[A-Za-z0-9_-]{22,100}$", description="Random, kept by the page that asks.")],
) -> None:
    """Redirect to the identity provider, which returns the browser to `/auth/oidc/callback`.

    `state` is returned beside the refresh token: a page takes no token that it did not ask for.
    """
    attempt = new_attempt(state)
    response.headers["location"] = _provider(services).authorization_url(attempt)
    response.set_cookie(
        _COOKIE,
        _sealed(services, attempt, now),
        max_age=int(_LASTS.total_seconds()),
        path=_PATH,
        secure=True,
        httponly=True,
        samesite="lax",  # must be sent when the provider returns the browser
    )


@router.get("/callback", status_code=HTTPStatus.SEE_OTHER, dependencies=[PUBLIC, OPEN_QUERY], responses=_REDIRECTS)
def complete_oidc_login(
    request: Request,
    services: ServicesDep,
    now: Now,
    address: Address,
    response: Response,
    state: Annotated[str, Query(max_length=200, description="As it was sent to the provider.")] = "",
    code: Annotated[str, Query(max_length=4_000, description="The provider's, to be exchanged.")] = "",
    error: Annotated[str, Query(max_length=200, description="Why the provider refused.")] = "",
    oidc_attempt: Annotated[str, Cookie(include_in_schema=False)] = "",
) -> None:
    """Complete the sign-in after the identity provider.

    The browser is redirected to the dashboard's `/signed-in` with a refresh token in the fragment, which no server
    sees and the dashboard uses up at once.
    """
    provider = _provider(services)
    services.limiter.check(UNKNOWN_CALLERS, address)
    attempt = _opened(services, oidc_attempt)
    if not state or state != attempt.state:
        raise NotAuthenticated("this is not the answer to the sign-in that was begun here; begin anew")
    if error or not code:
        raise NotAuthenticated("the identity provider did not sign you in; begin anew")
    person = provider.person(code, attempt)
    with services.database.begin() as connection:
        before, user = _user(connection, person, now)
        linked = before is not None and before.subject is None
        Audit(request, connection)(f"user:{user.id}", actor=f"user:{user.id}", role=user.role.value, linked=linked)
        session = signing_in.start(connection, services, user, now)
    if before is not None and (linked or before.role is not user.role):
        signing_in.cut_off(services, user.id)
    if linked:
        password_links.send_linked(services, user)
    site = services.settings.site_url.rstrip("/")
    response.headers["location"] = f"{site}{_AFTER}{session.refresh_token}&state={attempt.page}"
    response.delete_cookie(_COOKIE, path=_PATH, secure=True, httponly=True, samesite="lax")


def _user(connection: Connection, person: Person, now: datetime) -> tuple[users.User | None, users.User]:
    """The account of a person before and after: their own, one with the same verified address, or a new one.

    Whoever held the account of that address before proved nothing to the provider: their sessions, password and links
    end when it is linked.
    """
    user = users.find_by_subject(connection, person.subject)
    if user is None:
        same = users.find_by_email(connection, person.email)
        if same is None:
            return None, users.create_user(connection, person.email, None, person.role, subject=person.subject)
        if not person.email_verified or same.subject is not None:
            raise Conflict(f"there is an account with the address {person.email} already; ask an administrator")
        user = same
    if user.disabled:
        raise NotAllowed("this account is closed; ask an administrator")
    before = user = users.find_to_change(connection, user.id)
    if user.subject is None:
        sessions.revoke_of_user(connection, user.id, now=now)
        links.revoke(connection, user.id)
        user = users.link_subject(connection, user.id, person.subject)
    elif user.subject != person.subject or user.disabled:
        raise Conflict(f"the account with the address {person.email} has just been changed; sign in again")
    if user.role is not person.role:
        # The provider's groups decide the role of whoever signs in through it.
        user = users.change(connection, user, role=person.role, disabled=False)
    return before, user
