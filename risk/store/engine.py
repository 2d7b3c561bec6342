"""Connections to Postgres through SQLAlchemy and psycopg 3."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from risk.errors import InvalidInput

CONNECT_SECONDS = 2


def database_url(text: str) -> URL:
    """A URL such as ``postgresql://user:password@host:5432/name`` as SQLAlchemy's, on psycopg 3."""
    if not text:
        raise InvalidInput("no database is configured; set DATABASE_URL or DATABASE_SECRET", field="DATABASE_URL")
    return make_url(text).set(drivername="postgresql+psycopg")


def create_pool(url: str, *, application: str, size: int = 1, statement_seconds: float = 10.0) -> Engine:
    """A pool of at most ``size`` connections, each statement bounded by ``statement_seconds``.

    Connecting gives up after two seconds, so that a lost database is a quick error and not a hang.
    """
    return create_engine(
        database_url(url),
        pool_size=size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=CONNECT_SECONDS,
        connect_args={
            "application_name": application,
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c statement_timeout={int(statement_seconds * 1000)} -c timezone=UTC",
            "tcp_user_timeout": 10_000,
        },
    )


def is_connection_loss(error: DBAPIError) -> bool:
    """Whether ``error`` means that the database cannot be reached, rather than that it refused."""
    return error.connection_invalidated or isinstance(error, OperationalError)
