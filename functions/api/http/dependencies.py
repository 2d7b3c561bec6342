"""FastAPI dependencies: services, transaction, caller, permission."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPBearer
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from functions.api.http.access import callers, tokens
from functions.api.http.access.callers import Caller, Credential
from functions.api.http.access.client_address import client_address
from functions.api.http.access.request_audit import Audit
from functions.api.http.conventions import idempotency
from functions.api.http.conventions.idempotency import RequestKeyDep
from functions.api.http.logs import logger
from functions.api.http.services import Services
from risk.domain.errors import NotAllowed
from risk.domain.permissions import Permission
from risk.store.db.engine import is_connection_loss
from risk.store.identity.users import User

# These two document in OpenAPI what `callers.credential` reads.
_BEARER = HTTPBearer(
    scheme_name="bearer",
    bearerFormat="JWT",
    description="The token of `POST /auth/login`, or an API key.",
    auto_error=False,
)
_API_KEY = APIKeyHeader(
    name=callers.API_KEY_HEADER,
    scheme_name="api_key",
    description="An API key (`rk_…`), for machines; an administrator makes them with `POST /api-keys`.",
    auto_error=False,
)


async def _services(request: Request) -> Services:
    return cast(Services, request.app.state.services)


async def _now() -> datetime:
    return datetime.now(UTC)


async def _address(request: Request) -> str:
    return client_address(request, request.app.state.services.settings.trusted_proxies)


ServicesDep = Annotated[Services, Depends(_services)]
Now = Annotated[datetime, Depends(_now)]
Address = Annotated[str, Depends(_address)]


def _transaction(request: Request, services: ServicesDep) -> Iterator[Connection]:
    with services.database.begin() as connection:
        request.state.audit = Audit(request, connection)
        yield connection
        request.state.audit.finish()


# Scope "function": committed before the response is sent, so that no success is reported that then fails.
Database = Annotated[Connection, Depends(_transaction, scope="function")]


def _audit(request: Request, _: Database) -> Audit:
    return cast(Audit, request.state.audit)


AuditDep = Annotated[Audit, Depends(_audit)]


def _note(request: Request, found: Credential, caller_id: UUID) -> None:
    """Keep the caller for the access log."""
    request.state.user_id = str(caller_id)
    request.state.actor = f"{'user' if isinstance(found, tokens.Identity) else 'key'}:{caller_id}"


def _credential(
    request: Request,
    services: ServicesDep,
    _bearer: Annotated[object, Depends(_BEARER)],
    _api_key: Annotated[object, Depends(_API_KEY)],
) -> Credential:
    found = callers.credential(services, request.headers)
    if isinstance(found, tokens.Identity):
        _note(request, found, found.user_id)
    return found


CredentialDep = Annotated[Credential, Depends(_credential)]


def _caller(request: Request, connection: Database, services: ServicesDep, found: CredentialDep, now: Now) -> Caller:
    caller = callers.identify(connection, services, found, now)
    _note(request, found, caller.id)
    return caller


CurrentCaller = Annotated[Caller, Depends(_caller)]


def _person(caller: Caller) -> User:
    if caller.user is None:
        raise NotAllowed("this needs a person who signed in; an API key does not speak for one")
    return caller.user


def _user(caller: CurrentCaller) -> User:
    return _person(caller)


CurrentUser = Annotated[User, Depends(_user)]


def _session(found: CredentialDep) -> tokens.Identity:
    if isinstance(found, tokens.Identity):
        return found
    raise NotAllowed("an API key has no session; revoke it instead")


CurrentSession = Annotated[tokens.Identity, Depends(_session)]


def _check(caller: Caller, permission: Permission) -> None:
    if permission not in caller.permissions:
        who = f"the role {caller.user.role} does" if caller.user else "you do"
        raise NotAllowed(f"this needs the permission {permission}, which {who} not have")


class _Declared:
    """A dependency that declares the permission of its route."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission


class _Required(_Declared):
    """Checks the permission; then lets a request with an ``Idempotency-Key`` through once."""

    def __call__(
        self, request: Request, caller: CurrentCaller, connection: Database, key: RequestKeyDep, now: Now
    ) -> None:
        """Check the caller against the database."""
        _check(caller, self.permission)
        if key is not None:
            idempotency.claim(request, connection, caller.id, key, now)


class _RequiredBefore:
    """Checks the permission in a short transaction, before long work begins."""

    def __init__(self, permission: Permission) -> None:
        self._permission = permission

    def __call__(
        self, request: Request, services: ServicesDep, found: CredentialDep, key: RequestKeyDep, now: Now
    ) -> Iterator[User]:
        """Check the caller against the database, and let one request with an ``Idempotency-Key`` go on."""
        with services.database.begin() as connection:
            caller = callers.identify(connection, services, found, now)
            _note(request, found, caller.id)
            _check(caller, self._permission)
            user = _person(caller)
            if key is not None:
                idempotency.repeat(connection, caller.id, key, now)
        with idempotency.alone(services, caller.id, key) if key is not None else nullcontext():
            yield user


class _RequiredToIngest(_Declared):
    """Checks the permission, from a cache while the database is down.

    The stream keeps events until the engine can store them: a database outage must not stop ingestion.
    """

    def __call__(self, request: Request, services: ServicesDep, found: CredentialDep, now: Now) -> None:
        """Check the caller; ``request.state`` has their event source, and whether the database is available."""
        request.state.database_answers = True
        try:
            with services.database.begin() as connection:
                caller = callers.identify(connection, services, found, now)
        except SQLAlchemyError as error:
            if not is_connection_loss(error):
                raise
            logger.warning("the database does not answer; the token's role decides, or what is known of the key")
            request.state.database_answers = False
            caller = callers.from_memory(services, found)
        _note(request, found, caller.id)
        _check(caller, self.permission)
        request.state.event_source = caller.event_source


async def _nobody_in_particular() -> None:
    """Public."""


def require(permission: Permission) -> Any:
    """Restrict a route to roles and API keys with ``permission``."""
    return Depends(_Required(permission))


def require_before(permission: Permission) -> Any:
    """Authenticate the person with ``permission`` before the request's transaction begins.

    For work outside a transaction: use it before ``require``, which then checks once more.
    """
    return Depends(_RequiredBefore(permission))


def require_to_ingest(permission: Permission) -> Any:
    """Restrict a route like ``require``, but keep it working through a database outage."""
    return Depends(_RequiredToIngest(permission))


SIGNED_IN = Depends(_user, scope="function")
"""Mark a route: anyone who is signed in."""

PUBLIC = Depends(_nobody_in_particular)
"""Mark a route: anyone at all."""


def declared_access(dependency: object) -> str | None:
    """What a route's dependency declares about who may use it, or None."""
    if isinstance(dependency, _Declared):
        return dependency.permission.value
    if dependency is _user:
        return "signed in"
    return "public" if dependency is _nobody_in_particular else None
