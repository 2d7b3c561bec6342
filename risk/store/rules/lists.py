"""Lists and their entries. Removed entries stay stored, with who removed them, when and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    Connection,
    Select,
    Text,
    any_,
    case,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.domain.errors import Conflict, NotFound
from risk.rules.lists import ListEntry, ListPurpose, ListSubject
from risk.store.db.revisions import touch
from risk.store.db.tables import list_entries, lists


class StoredList(BaseModel):
    """A list; ``entries`` is how many are on it, expired ones included."""

    model_config = ConfigDict(frozen=True)

    name: str
    purpose: ListPurpose
    subject: ListSubject
    description: str
    created_at: datetime
    created_by: str
    entries: int


class StoredEntry(BaseModel):
    """An entry of a list: its expiry, and who added it, when and why."""

    model_config = ConfigDict(frozen=True)

    id: int
    value: str
    expires_at: datetime | None
    reason: str
    added_at: datetime
    added_by: str


class NewEntry(BaseModel):
    """An entry to add."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: str
    expires_at: datetime | None
    reason: str


def entries_in_force(connection: Connection) -> list[ListEntry]:
    """All entries of all lists, except those expired more than 30 days ago."""
    c = list_entries.c
    rows = connection.execute(
        select(c.list_name, lists.c.subject, c.value, c.expires_at)
        .join(lists, lists.c.name == c.list_name)
        .where(
            c.removed_at.is_(None), (c.expires_at.is_(None)) | (c.expires_at > func.now() - text("interval '30 days'"))
        )
    )
    return [ListEntry(row.list_name, ListSubject(row.subject), row.value, row.expires_at) for row in rows]


class Changes(NamedTuple):
    """Values that were removed from lists, by list, and the entries that were added and are still there."""

    removed: set[tuple[str, str]]
    added: list[ListEntry]


def changes(connection: Connection, *, after: int, until: int) -> Changes:
    """What changed on lists in the revisions after ``after``, up to ``until``; removals came first."""
    c = list_entries.c
    rows = connection.execute(
        select(c.list_name, lists.c.subject, c.value, c.expires_at, c.removed_at)
        .outerjoin(lists, lists.c.name == c.list_name)
        .where(c.revision > after, c.revision <= until)
    ).all()
    return Changes(
        {(row.list_name, row.value) for row in rows if row.removed_at is not None},
        [
            ListEntry(row.list_name, ListSubject(row.subject), row.value, row.expires_at)
            for row in rows
            if row.removed_at is None
        ],
    )


def subjects(connection: Connection) -> dict[str, ListSubject]:
    """The kind of entries of each list, by name."""
    return {name: ListSubject(subject) for name, subject in connection.execute(select(lists.c.name, lists.c.subject))}


def _lists() -> Select[Any]:
    c = list_entries.c
    count = select(func.count()).where(c.list_name == lists.c.name, c.removed_at.is_(None)).scalar_subquery()
    return select(lists, count.label("entries"))


def page(connection: Connection, *, limit: int, after: str = "") -> list[StoredList]:
    """At most ``limit`` lists in order of name, from those after the name ``after``."""
    rows = connection.execute(_lists().where(lists.c.name > after).order_by(lists.c.name).limit(limit))
    return [StoredList.model_validate(row._asdict()) for row in rows]


def find(connection: Connection, name: str) -> StoredList:
    """One list, or ``NotFound``."""
    row = connection.execute(_lists().where(lists.c.name == name)).one_or_none()
    if row is None:
        raise NotFound(f"list {name} not found")
    return StoredList.model_validate(row._asdict())


def create(
    connection: Connection,
    name: str,
    purpose: ListPurpose,
    subject: ListSubject,
    description: str,
    *,
    by: str,
    at: datetime,
) -> None:
    """Add an empty list, or raise ``Conflict`` if its name is taken."""
    touch(connection)
    added = connection.scalar(
        upsert(lists)
        .values(name=name, purpose=purpose, subject=subject, description=description, created_at=at, created_by=by)
        .on_conflict_do_nothing()
        .returning(lists.c.name)
    )
    if added is None:
        raise Conflict(f"there is a list {name} already")


def find_to_change(connection: Connection, name: str) -> StoredList:
    """One list, which nobody else changes until this transaction ends; or ``NotFound``."""
    touch(connection)
    return find(connection, name)


def describe(connection: Connection, name: str, purpose: ListPurpose, description: str) -> None:
    """Change what a list is for, once it was found to change."""
    connection.execute(update(lists).where(lists.c.name == name).values(purpose=purpose, description=description))


def remove(connection: Connection, name: str, *, by: str, at: datetime, reason: str) -> None:
    """Remove a list and its entries."""
    revision = touch(connection)
    find(connection, name)
    connection.execute(_removal(name, by=by, at=at, reason=reason, revision=revision))
    connection.execute(delete(lists).where(lists.c.name == name))


def entries(
    connection: Connection, name: str, *, limit: int, after: int = 0, holding: str = "", address: str | None = None
) -> list[StoredEntry]:
    """At most ``limit`` entries, oldest first, after the id ``after``.

    Only those that contain ``holding``, ignoring case; with ``address`` also the IP ranges that contain it.
    """
    c = list_entries.c
    query = select(list_entries).where(c.list_name == name, c.removed_at.is_(None), c.id > after)
    if holding:
        has = c.value.icontains(holding, autoescape=True)
        # In a CASE: entries of other lists are not addresses and must not be cast.
        # Neither must entries accepted earlier that Postgres does not take as addresses.
        readable = (c.list_name == name) & func.pg_input_is_valid(c.value, "inet")
        held = case((readable, cast(c.value, INET).op(">>=")(cast(literal(address), INET))), else_=false())
        query = query.where(or_(has, held) if address else has)
    return [StoredEntry.model_validate(row._asdict()) for row in connection.execute(query.order_by(c.id).limit(limit))]


def add(connection: Connection, name: str, new: Sequence[NewEntry], *, by: str, at: datetime) -> int:
    """Add entries, replacing existing ones; returns how many existed."""
    if not new:
        return 0
    revision = touch(connection)
    replaced = connection.execute(
        _removal(name, by=by, at=at, reason="replaced", revision=revision).where(
            _is_one_of([entry.value for entry in new])
        )
    ).rowcount
    of_all = {"list_name": name, "added_at": at, "added_by": by, "revision": revision}
    connection.execute(insert(list_entries), [entry.model_dump() | of_all for entry in new])
    return replaced


def take_off(connection: Connection, name: str, values: Sequence[str], *, by: str, at: datetime, reason: str) -> int:
    """Remove entries; returns how many existed."""
    removal = _removal(name, by=by, at=at, reason=reason, revision=touch(connection))
    return connection.execute(removal.where(_is_one_of(values))).rowcount


def present(connection: Connection, name: str, values: Sequence[str], at: datetime) -> list[str]:
    """Those of ``values`` that are on a list and hold ``at`` then, in order."""
    c = list_entries.c
    query = select(c.value).where(c.list_name == name, c.removed_at.is_(None), _is_one_of(values))
    return list(connection.scalars(query.where(c.expires_at.is_(None) | (c.expires_at > at)).order_by(c.value)))


def _is_one_of(values: Sequence[str]) -> Any:
    return list_entries.c.value == any_(literal(list(values), ARRAY(Text)))


def _removal(name: str, *, by: str, at: datetime, reason: str, revision: int) -> Any:
    c = list_entries.c
    present = update(list_entries).where(c.list_name == name, c.removed_at.is_(None))
    return present.values(removed_at=at, removed_by=by, removal_reason=reason, revision=revision)


class Membership(BaseModel):
    """An entry in force that holds a value, and the list it is on."""

    model_config = ConfigDict(frozen=True)

    list_name: str
    purpose: ListPurpose
    value: str
    expires_at: datetime | None
    reason: str
    added_at: datetime
    added_by: str


def holding(connection: Connection, subject: ListSubject, value: str, at: datetime) -> list[Membership]:
    """The entries in force ``at`` then that hold ``value``, in normal form; of an address, ranges too."""
    c = list_entries.c
    if subject is ListSubject.IP:
        readable = (lists.c.subject == subject.value) & func.pg_input_is_valid(c.value, "inet")
        held: Any = case((readable, cast(c.value, INET).op(">>=")(cast(literal(value), INET))), else_=false())
    else:
        held = (func.lower(c.value) == func.lower(literal(value))) & (c.value == value)
    query = (
        select(c.list_name, lists.c.purpose, c.value, c.expires_at, c.reason, c.added_at, c.added_by)
        .join(lists, lists.c.name == c.list_name)
        .where(lists.c.subject == subject.value, c.removed_at.is_(None), held)
        .where(c.expires_at.is_(None) | (c.expires_at > at))
        .order_by(c.list_name, c.id)
    )
    return [Membership.model_validate(row._asdict()) for row in connection.execute(query)]
