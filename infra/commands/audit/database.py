"""The database from which the commands read the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from risk.domain.errors import InvalidInput, Unavailable

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from sqlalchemy import Engine

    from infra.commands.shared.connection import Stack

DatabaseUrl = Annotated[
    str | None, typer.Option(envvar="DATABASE_URL", help="PostgreSQL. Default: the running local stack's.")
]


@contextmanager
def audited(database_url: str | None, data_dir: Path, *, to_sign: bool = False) -> Iterator[Engine]:
    """The database at ``database_url``, else of the local stack; ``Unavailable`` if it does not answer.

    On the local stack the read-only auditor role is used, except for signing, which also closes gaps.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from infra.commands.shared.connection import read_stack
    from risk.store.db.engine import create_pool

    stack = read_stack(data_dir) if database_url is None else None
    url = database_url or (_url(stack, to_sign=to_sign) if stack else None)
    if url is None:
        raise InvalidInput("no database is known: start the local stack, or give --database-url")
    engine = create_pool(url, application="risk audit", statement_seconds=3600.0)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise Unavailable(f"the database does not do this: {getattr(error, 'orig', None) or error}") from error
    finally:
        engine.dispose()


def _url(stack: Stack, *, to_sign: bool) -> str:
    return (stack.database_url if to_sign else stack.audit_database_url).get_secret_value()
