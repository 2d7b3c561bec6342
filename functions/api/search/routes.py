"""One search over everything that has a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Connection

from functions.api.http.dependencies import AuditDep, CurrentCaller, Database, require
from functions.api.http.routing import PREFIX
from risk.domain.entities import MAX_VALUE
from risk.domain.permissions import Permission
from risk.store.search import by_id, by_name, by_value
from risk.store.search.hits import Hit, Match

router = APIRouter(prefix=f"{PREFIX}/search", tags=["search"], dependencies=[require(Permission.RISK_READ)])

Find = Callable[..., list[Hit]]
_FINDERS: tuple[tuple[Permission, Find], ...] = (
    (Permission.ALERTS_READ, by_id.find_alerts),
    (Permission.RISK_READ, by_id.find_events),
    (Permission.RISK_READ, by_value.find_entities),
    (Permission.RULES_READ, by_name.find_rules),
    (Permission.LISTS_READ, by_name.find_lists),
    (Permission.LISTS_READ, by_value.find_entries),
    (Permission.USERS_MANAGE, by_name.find_users),
)
_ORDER = {Match.EXACT: 0, Match.PREFIX: 1, Match.SIMILAR: 2}


class SearchResult(BaseModel):
    """What was found: exact matches first, then by beginning, then those with one mistake."""

    items: list[Hit]


@router.get("")
def search(
    caller: CurrentCaller,
    connection: Database,
    audit: AuditDep,
    text: Annotated[
        str,
        Query(
            min_length=2,
            max_length=MAX_VALUE,
            pattern=r"^[^\x00]*$",
            description="The beginning of an id (an event's is its sender's own) or of a value, a name, or a range "
            "of addresses such as 10.1.0.0/16.",
            examples=["customer-10"],
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=20, description="The most of each kind.")] = 5,
) -> SearchResult:
    """Find events, alerts, accounts, counterparties, devices, addresses, cards, e-mails, rules, lists and users.

    Only what the caller may read. Where nothing begins with the text, what it is with one mistake.
    """
    wanted = text.strip()
    audit("search", personal={"text": wanted})
    return SearchResult(items=_find(connection, caller.permissions, wanted, limit) if wanted else [])


def _find(connection: Connection, permissions: frozenset[Permission], wanted: str, most: int) -> list[Hit]:
    hits = [
        hit for permission, find in _FINDERS if permission in permissions for hit in find(connection, wanted, most=most)
    ]
    return sorted(hits, key=lambda hit: _ORDER[hit.match])
