"""Connections to Postgres through SQLAlchemy and psycopg 3.

The driver is imported with the first pool, so that programs without a database do not load it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError

from risk.domain.errors import InvalidInput

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS = 2


def database_url(text: str) -> URL:
    """A URL such as ``postgresql://user:password@host:5432/name`` as SQLAlchemy's, on psycopg 3."""
    if not text:
        raise InvalidInput("no database is configured; set DATABASE_URL or DATABASE_SECRET", field="DATABASE_URL")
    return make_url(text).set(drivername="postgresql+psycopg")


def create_pool(
    url: str | Callable[[], str],
    *,
    application: str,
    size: int = 1,
    statement_seconds: float = 10.0,
    proxied: bool = False,
) -> Engine:
    """A pool of at most ``size`` connections, each statement bounded by ``statement_seconds``.

    Connecting gives up after two seconds, so that a lost database is a quick error and not a hang. A ``url`` that is
    a function is called again when a password is rejected, because it may have been rotated.

    ``proxied``: RDS Proxy rejects start-up settings of a connection, and pins a database connection for
    a client that sets or prepares something. So nothing is set; the proxy's initialization query bounds statements.
    """
    session: dict[str, Any] = {"prepare_threshold": None}
    if not proxied:
        session = {"options": f"-c statement_timeout={int(statement_seconds * 1000)} -c timezone=UTC"}
    engine = create_engine(
        database_url(url if isinstance(url, str) else url()),
        pool_size=size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=CONNECT_SECONDS,
        hide_parameters=True,  # errors are logged, without the parameters
        connect_args={
            "application_name": application,
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": 10_000,
            **session,
        },
    )
    if not isinstance(url, str):
        _renew_password(engine, url)
    return engine


def _renew_password(engine: Engine, ask: Callable[[], str]) -> None:
    import psycopg

    known = {"password": engine.url.password}

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Dialect, _record: object, given: Any, parameters: dict[str, Any]) -> DBAPIConnection:
        parameters.update(known)
        try:
            return dialect.connect(*given, **parameters)
        except psycopg.OperationalError as error:
            if "password" not in str(error):  # Postgres and RDS Proxy word it differently
                raise
            known["password"] = database_url(ask()).password
            parameters.update(known)
            return dialect.connect(*given, **parameters)


def driver(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's connection under ``connection``, in the same transaction: for COPY, and for arrays as values."""
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def is_connection_loss(error: Exception) -> bool:
    """Whether ``error`` means that the database cannot be reached, rather than that it refused."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error, OperationalError)
    import psycopg

    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | exc.TimeoutError)


# Classes of SQLSTATE about the server's state, not about its input: connections, transaction states (a server
# that is read-only), passwords, a database or a table that is not there yet, conflicts with others, no room or memory,
# an operator's doing, locks, disks, and the server's own faults.
_OF_THE_SERVER = ("08", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58", "F0", "XX")


def is_transient(error: BaseException) -> bool:
    """Whether a retry may succeed: the database is unavailable or not ready. Otherwise the input is at fault."""
    state = getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None)
    if state:
        return str(state).startswith(_OF_THE_SERVER)
    return isinstance(error, Exception) and is_connection_loss(error)
