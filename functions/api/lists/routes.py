"""Lists that rules query, and their entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic_core import PydanticCustomError

from functions.api.decisions.named_parts import check_unnamed, lock_policy
from functions.api.http.conventions import etags, paging
from functions.api.http.conventions.problems import MAX_FIELD_ERRORS, InvalidFields
from functions.api.http.conventions.schemas import FieldError
from functions.api.http.dependencies import AuditDep, CurrentCaller, CurrentUser, Database, Now, require
from functions.api.http.routing import PREFIX
from functions.api.rules.schemas import (
    EntriesAdded,
    EntriesPreview,
    EntriesRemoved,
    EntriesToPreview,
    EntriesToRemove,
    EntryPage,
    ListChange,
    ListName,
    ListPage,
    NewEntries,
    NewList,
    Why,
)
from functions.api.rules.service import lists_asked_by
from risk.domain import field_rules
from risk.domain.errors import Conflict, InvalidInput
from risk.domain.permissions import Permission
from risk.rules.lists import MAX_VALUE, ListSubject, checked_value
from risk.store.rules import lists, rules
from risk.store.rules.lists import NewEntry, StoredList

router = APIRouter(prefix=f"{PREFIX}/lists", tags=["lists"])
_READ = require(Permission.LISTS_READ)
_WRITE = require(Permission.LISTS_WRITE)
_MANAGE = require(Permission.LISTS_MANAGE)
_MISSING: dict[int | str, dict[str, object]] = {404: {"description": "List not found."}}


def _tag(found: StoredList) -> str:
    return etags.tag(found.name, found.created_at, found.purpose, found.description)


def _tagged(response: Response, found: StoredList) -> StoredList:
    response.headers["etag"] = _tag(found)
    return found


@router.get("", dependencies=[_READ])
def list_lists(
    connection: Database, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> ListPage:
    """List the lists, by name."""
    found = lists.page(connection, limit=limit + 1, after="" if cursor is None else paging.to_name(cursor))
    items = found[:limit]
    return ListPage(items=items, next_cursor=paging.from_name(items[-1].name) if len(found) > limit else None)


@router.post("", status_code=201, dependencies=[_MANAGE], responses={409: {"description": "The name is taken."}})
def create_list(
    body: NewList, user: CurrentUser, connection: Database, now: Now, audit: AuditDep, response: Response
) -> StoredList:
    """Create an empty list."""
    lists.create(connection, body.name, body.purpose, body.subject, body.description, by=user.email, at=now)
    audit(f"list:{body.name}", purpose=body.purpose.value, of=body.subject.value)
    return _tagged(response, lists.find(connection, body.name))


@router.get("/{name}", dependencies=[_READ], responses=_MISSING)
def get_list(name: ListName, connection: Database, response: Response) -> StoredList:
    """Get a list without its entries."""
    return _tagged(response, lists.find(connection, name))


@router.put("/{name}", dependencies=[_MANAGE], responses=_MISSING | etags.STALE)
def change_list(
    name: ListName,
    body: ListChange,
    connection: Database,
    audit: AuditDep,
    response: Response,
    if_match: etags.IfMatch = None,
) -> StoredList:
    """Change the description of a list."""
    etags.check(if_match, _tag(lists.find_to_change(connection, name)))
    lists.describe(connection, name, body.purpose, body.description)
    audit(purpose=body.purpose.value)
    return _tagged(response, lists.find(connection, name))


@router.delete(
    "/{name}",
    status_code=204,
    dependencies=[_MANAGE],
    responses=_MISSING
    | {409: {"description": "A rule that is live or in shadow asks for it, or the decision policy in force names it."}},
)
def remove_list(
    name: ListName,
    reason: Annotated[Why, Query()],
    user: CurrentUser,
    connection: Database,
    now: Now,
    audit: AuditDep,
) -> None:
    """Delete a list. Its entries stay stored as removed."""
    lock_policy(connection)
    check_unnamed(connection, lists=[name])
    lists.remove(connection, name, by=user.email, at=now, reason=reason)
    audit(personal={"reason": reason})
    asking = [rule.name for rule in rules.active(connection) if name in lists_asked_by(rule.expression)]
    if asking:
        raise Conflict(f"{' and '.join(asking)} ask for it; archive or change them first")


@router.get("/{name}/entries", dependencies=[_READ], responses=_MISSING)
def list_entries(
    name: ListName,
    connection: Database,
    text: Annotated[
        str,
        Query(
            max_length=MAX_VALUE,
            pattern=r"^[^\x00]*$",
            description="Only entries with this in them, in any case; of an address also the ranges that hold it.",
        ),
    ] = "",
    cursor: paging.Cursor = None,
    limit: paging.Limit = paging.DEFAULT_LIMIT,
) -> EntryPage:
    """List the entries of a list, oldest first."""
    subject = lists.find(connection, name).subject
    after = 0 if cursor is None else paging.to_sequence(cursor)
    address = _address(text) if subject is ListSubject.IP else None
    found = lists.entries(connection, name, limit=limit + 1, after=after, holding=text, address=address)
    items = found[:limit]
    return EntryPage(items=items, next_cursor=paging.from_sequence(items[-1].id) if len(found) > limit else None)


def _address(text: str) -> str | None:
    try:
        return field_rules.address(text.strip())
    except PydanticCustomError:
        return None


def _checked(subject: ListSubject, values: Iterable[str], field: str) -> list[str]:
    """``values`` in stored form; invalid ones are reported with their position in ``field``."""
    found: list[str] = []
    faults: list[FieldError] = []
    for place, value in enumerate(values):
        try:
            found.append(checked_value(subject, value))
        except InvalidInput as error:
            faults.append(FieldError(field=field.format(place), detail=error.detail))
    if faults:
        raise InvalidFields(faults[:MAX_FIELD_ERRORS])
    return found


@router.post("/{name}/entries", dependencies=[_WRITE], responses=_MISSING)
def add_entries(
    name: ListName, body: NewEntries, user: CurrentCaller, connection: Database, now: Now, audit: AuditDep
) -> EntriesAdded:
    """Add up to 1,000 entries to a list: all, or none if one is invalid. Existing entries are replaced."""
    subject = lists.find(connection, name).subject
    values = _checked(subject, (item.value for item in body.items), "items.{}.value")
    ended = [place for place, item in enumerate(body.items) if item.expires_at is not None and item.expires_at <= now]
    if ended:
        detail = "must be in the future: an entry that has expired holds for no event to come"
        faults = [FieldError(field=f"items.{place}.expires_at", detail=detail) for place in ended]
        raise InvalidFields(faults[:MAX_FIELD_ERRORS])
    # Of duplicates the last one counts.
    new = {
        value: NewEntry(value=value, expires_at=item.expires_at, reason=body.reason)
        for value, item in zip(values, body.items, strict=True)
    }
    replaced = lists.add(connection, name, list(new.values()), by=user.email, at=now)
    audit(personal={"reason": body.reason}, added=len(new) - replaced, replaced=replaced)
    return EntriesAdded(added=len(new) - replaced, replaced=replaced)


@router.post("/{name}/entries/preview", dependencies=[_READ], responses=_MISSING)
def preview_entries(name: ListName, body: EntriesToPreview, connection: Database, now: Now) -> EntriesPreview:
    """Say what adding values to a list would change: which are on it already, and which active rules ask for it."""
    values = dict.fromkeys(_checked(lists.find(connection, name).subject, body.values, "values.{}"))
    present = lists.present(connection, name, list(values), now)
    asking = [rule.name for rule in rules.active(connection) if name in lists_asked_by(rule.expression)]
    return EntriesPreview(new=[value for value in values if value not in present], present=present, rules=asking)


@router.post("/{name}/entries/remove", dependencies=[_WRITE], responses=_MISSING)
def remove_entries(
    name: ListName, body: EntriesToRemove, user: CurrentCaller, connection: Database, now: Now, audit: AuditDep
) -> EntriesRemoved:
    """Remove entries from a list; values that are not on it are ignored."""
    values = _checked(lists.find(connection, name).subject, body.values, "values.{}")
    removed = lists.take_off(connection, name, values, by=user.email, at=now, reason=body.reason)
    audit(personal={"reason": body.reason}, removed=removed)
    return EntriesRemoved(removed=removed)
