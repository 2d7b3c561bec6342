"""``risk user``: user accounts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import DataDir, fail
from risk.domain.permissions import Role

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIN_PASSWORD, MAX_PASSWORD = 12, 128
DatabaseUrl = Annotated[
    str | None, typer.Option(envvar="DATABASE_URL", help="PostgreSQL. Default: the running local stack's.")
]

app = typer.Typer(help="People who may sign in.", no_args_is_help=True)


@app.command()
def create(
    email: Annotated[str, typer.Argument(help="The address to sign in with.")],
    role: Annotated[Role, typer.Option(help="What the user may do.")] = Role.VIEWER,
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, help="12 to 128 characters.")
    ] = "",
    database_url: DatabaseUrl = None,
    data_dir: DataDir = Path(".risk"),
) -> None:
    """Add a user.

    Examples:

      risk user create ada@example.com --role analyst

      risk user create ada@example.com --role admin --database-url postgresql://…
    """
    from functions.api.http.access.tokens import hash_password
    from risk.domain.errors import Conflict
    from risk.store.identity.users import create_user

    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        fail(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters; this one has {len(password)}.")
    with _connection(database_url, data_dir) as connection:
        try:
            user = create_user(connection, email, hash_password(password), role)
        except Conflict as error:
            fail(error.detail, code=1)
    typer.echo(f"{user.email} may sign in as {user.role.value}.")


@app.command("list")
def list_users(database_url: DatabaseUrl = None, data_dir: DataDir = Path(".risk")) -> None:
    """List everyone, by address."""
    from risk.store.identity.users import all_users

    with _connection(database_url, data_dir) as connection:
        for user in all_users(connection):
            state = "  disabled" if user.disabled else ""
            typer.echo(f"{user.email}  {user.role.value}  since {user.created_at:%Y-%m-%d}{state}")


@contextmanager
def _connection(database_url: str | None, data_dir: Path) -> Iterator[Connection]:
    """Open a transaction on the given database, or on the local stack's."""
    from sqlalchemy.exc import OperationalError

    from infra.local.stack.state import running
    from risk.store.db.engine import create_pool

    stack = running(data_dir)
    url = database_url or (stack["database_url"] if stack else None)
    if url is None:
        fail(f"Nothing runs in {data_dir}. Start it with `risk up`, or give --database-url.")
    pool = create_pool(url, application="risk-cli")
    try:
        with pool.begin() as connection:
            yield connection
    except OperationalError as error:
        fail(f"The database does not answer: {error.orig}", code=1)
    finally:
        pool.dispose()
