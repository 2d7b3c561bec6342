"""Users' definitions besides their states: which are backfilled, and their values at earlier events.

The states themselves are profiles, of a kind of their own for each definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.features.definitions.definition_set import OWN
from risk.store.db.engine import driver
from risk.store.db.tables import definition_states, definition_values, profiles


class Backfilled(NamedTuple):
    """A definition whose states hold every stored event up to ``sequence``, and what they took then."""

    signature: str
    sequence: int
    events: int
    keys: int
    bytes: int


def backfilled(connection: Connection) -> dict[str, Backfilled]:
    """The definitions whose states are kept up to date, by signature."""
    columns = [definition_states.c[name] for name in Backfilled._fields]
    rows = connection.execute(select(*columns))
    return {row.signature: Backfilled(*row) for row in rows}


def finish(connection: Connection, done: Iterable[Backfilled]) -> None:
    """Note that these are backfilled: in the transaction that stores their states."""
    for one in done:
        values = one._asdict() | {"finished_at": datetime.now(UTC)}
        statement = upsert(definition_states).values(values)
        connection.execute(statement.on_conflict_do_update(index_elements=[definition_states.c.signature], set_=values))


def drop(connection: Connection, signatures: Sequence[str]) -> None:
    """Forget these definitions: their states, and their values at earlier events."""
    if signatures:
        kinds = [OWN + signature for signature in signatures]
        connection.execute(delete(profiles).where(profiles.c.kind.in_(kinds)))
        connection.execute(delete(definition_states).where(definition_states.c.signature.in_(signatures)))
        connection.execute(delete(definition_values).where(definition_values.c.signature.in_(signatures)))


def drop_all_but(connection: Connection, signatures: Iterable[str]) -> None:
    """Delete definitions that are no longer computed."""
    drop(connection, sorted(backfilled(connection).keys() - set(signatures)))


def begin(connection: Connection, signature: str) -> None:
    """Forget the values of an earlier, unfinished backfill."""
    connection.execute(delete(definition_values).where(definition_values.c.signature == signature))


def add_values(connection: Connection, signature: str, values: Mapping[int, float]) -> None:
    """Store the values at events, by their sequence; those that are missing are left out."""
    if values:
        found = sorted(values)
        connection.execute(
            insert(definition_values).values(
                signature=signature,
                first_sequence=found[0],
                last_sequence=found[-1],
                sequences=found,
                values=[values[sequence] for sequence in found],
            )
        )


def values(connection: Connection, signatures: Sequence[str], first: int, last: int) -> dict[str, dict[int, float]]:
    """The backfilled values at the events from sequence ``first`` to ``last``, by signature and sequence."""
    found: dict[str, dict[int, float]] = {signature: {} for signature in signatures}
    if not signatures:
        return found
    rows = driver(connection).execute(
        "SELECT signature, sequences, values FROM definition_values "
        "WHERE signature = ANY(%s) AND last_sequence >= %s AND first_sequence <= %s",
        [list(signatures), first, last],
    )
    for signature, sequences, numbers in rows:
        found[signature].update(
            (sequence, number) for sequence, number in zip(sequences, numbers, strict=True) if first <= sequence <= last
        )
    return found
