"""One entity: its activity, the lists it is on, its alerts, and what it shares with others."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel

from functions.api.http.dependencies import AuditDep, Database, Now, require
from functions.api.http.routing import PREFIX
from risk.alerts.alert import Alert
from risk.domain.entities import MAX_VALUE, EntityKind, normal_value
from risk.domain.permissions import Permission
from risk.monitoring.entity_activity import Activity
from risk.rules.lists import ListSubject
from risk.store.assessments import entities, entity_activity
from risk.store.assessments.entities import Sharing
from risk.store.rules import lists
from risk.store.rules.lists import Membership

router = APIRouter(prefix=f"{PREFIX}/entities", tags=["entities"])
_MISSING: dict[int | str, dict[str, object]] = {404: {"description": "No event of it is scored."}}
_READ = require(Permission.RISK_READ)


Kind = Annotated[EntityKind, Path(description="What the value names.", examples=["device"])]


def _value(
    kind: Kind,
    value: Annotated[
        str,
        Query(
            min_length=1,
            max_length=MAX_VALUE,
            pattern=r"^[^\x00]*$",
            description="Exactly; of an `ip` also a range, such as 10.1.0.0/16.",
            examples=["dv-9f21"],
        ),
    ],
) -> str:
    return normal_value(kind, value)


Value = Annotated[str, Depends(_value)]


class EntityAlerts(BaseModel):
    """The alerts that hold any of an entity's latest 1,000 events, last opened first."""

    items: list[Alert]


class Memberships(BaseModel):
    """The entries in force that hold an entity; none for kinds that lists do not take."""

    items: list[Membership]
    listable: bool


@router.get("/{kind}", dependencies=[_READ], responses=_MISSING)
def get_entity(kind: Kind, value: Value, connection: Database, audit: AuditDep) -> Activity:
    """Summarize the newest 1,000 assessments of an entity: levels, scores, amounts, accounts."""
    found = entity_activity.of(connection, kind, value)
    audit(kind.value, personal={"value": value})
    return found


@router.get("/{kind}/sharing", dependencies=[_READ])
def get_entity_sharing(
    kind: Kind,
    value: Value,
    connection: Database,
    audit: AuditDep,
    only: Annotated[EntityKind | None, Query(description="Only this kind.")] = None,
    limit: Annotated[int, Query(ge=1, le=1_000, description="The most of each kind.")] = 10,
) -> Sharing:
    """What an entity shares with others in its latest 1,000 events: accounts of a device, cards of an account …

    With `only`, in its latest 20,000.
    """
    audit(kind.value, personal={"value": value})
    return entities.sharing(connection, kind, value, most=limit, only=only)


@router.get("/{kind}/alerts", dependencies=[require(Permission.ALERTS_READ)])
def list_entity_alerts(
    kind: Kind,
    value: Value,
    connection: Database,
    audit: AuditDep,
    limit: Annotated[int, Query(ge=1, le=100, description="The most alerts.")] = 20,
) -> EntityAlerts:
    """List the alerts that an entity's latest events are in."""
    audit(kind.value, personal={"value": value})
    return EntityAlerts(items=entities.alerts_of(connection, kind, value, most=limit))


@router.get("/{kind}/lists", dependencies=[require(Permission.LISTS_READ)])
def list_entity_lists(kind: Kind, value: Value, connection: Database, now: Now) -> Memberships:
    """List the lists that an entity is on now."""
    if kind.value not in set(ListSubject):
        return Memberships(items=[], listable=False)
    return Memberships(items=lists.holding(connection, ListSubject(kind.value), value, now), listable=True)
