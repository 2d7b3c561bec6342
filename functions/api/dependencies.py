"""What routes ask for: the services, a transaction, the person who asks, and permission."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from functions.api import tokens
from functions.api.auditing import Audit
from functions.api.logs import logger
from functions.api.services import Services
from risk.access import Permission, Role, allows
from risk.errors import NotAllowed, NotAuthenticated
from risk.store import users
from risk.store.engine import is_connection_loss
from risk.store.users import User

_bearer = HTTPBearer(
    scheme_name="bearer", bearerFormat="JWT", description="The token of `POST /auth/login`.", auto_error=False
)


async def _services(request: Request) -> Services:
    return cast(Services, request.app.state.services)


async def _now() -> datetime:
    return datetime.now(UTC)


ServicesDep = Annotated[Services, Depends(_services)]
Now = Annotated[datetime, Depends(_now)]


def _transaction(request: Request, services: ServicesDep) -> Iterator[Connection]:
    with services.database.begin() as connection:
        request.state.audit = Audit(request, connection)
        yield connection
        request.state.audit.finish()


# Scope "function": committed before the answer is sent, so that nobody is told of what then fails.
Database = Annotated[Connection, Depends(_transaction, scope="function")]


def _audit(request: Request, _: Database) -> Audit:
    return cast(Audit, request.state.audit)


AuditDep = Annotated[Audit, Depends(_audit)]


async def _identity(
    request: Request,
    services: ServicesDep,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> tokens.Identity:
    if credentials is None:
        raise NotAuthenticated("send the header `Authorization: Bearer <token>`; POST /api/v1/auth/login gives a token")
    identity = tokens.verify(services.signing_key, credentials.credentials)
    request.state.user_id = str(identity.user_id)
    return identity


IdentityDep = Annotated[tokens.Identity, Depends(_identity)]


def _active_user(connection: Connection, identity: tokens.Identity) -> User:
    user = users.find_by_id(connection, identity.user_id)
    if user is None or user.disabled:
        raise NotAuthenticated("this account is closed; ask an administrator")
    return user


def _user(connection: Database, identity: IdentityDep) -> User:
    # Not the token's role: a changed role acts at once.
    return _active_user(connection, identity)


CurrentUser = Annotated[User, Depends(_user)]


def _check(role: Role, permission: Permission) -> None:
    if not allows(role, permission):
        raise NotAllowed(f"this needs the permission {permission}, which the role {role} does not have")


class _Declared:
    """A dependency that says which permission its route needs."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission


class _Required(_Declared):
    """Refuses whoever lacks the permission."""

    def __call__(self, user: CurrentUser) -> None:
        """Check the role that the database knows."""
        _check(user.role, self.permission)


class _RequiredToIngest(_Declared):
    """The same, except that it trusts the token's role while the database does not answer.

    The stream keeps events until the engine can store them: an outage of the database must not stop them.
    """

    def __call__(self, request: Request, services: ServicesDep, identity: IdentityDep) -> None:
        """Check the role, and note in ``request.state`` whether the database answers."""
        request.state.database_answers = True
        try:
            with services.database.connect() as connection:
                role = _active_user(connection, identity).role
        except SQLAlchemyError as error:
            if not is_connection_loss(error):
                raise
            logger.warning("the database does not answer; the token's role decides")
            request.state.database_answers = False
            role = identity.role
        _check(role, self.permission)


async def _nobody_in_particular() -> None:
    """Anyone may ask."""


def require(permission: Permission) -> Any:
    """Mark a route: only roles with ``permission``."""
    return Depends(_Required(permission))


def require_to_ingest(permission: Permission) -> Any:
    """Mark a route: as ``require``, working on through an outage of the database."""
    return Depends(_RequiredToIngest(permission))


SIGNED_IN = Depends(_user, scope="function")
"""Mark a route: anyone who is signed in."""

PUBLIC = Depends(_nobody_in_particular)
"""Mark a route: anyone at all."""


def declared_access(dependency: object) -> str | None:
    """What a dependency of a route says about who may use it, or None if nothing."""
    if isinstance(dependency, _Declared):
        return dependency.permission.value
    if dependency is _user:
        return "signed in"
    return "public" if dependency is _nobody_in_particular else None
