"""The registry of event types. Each change is a new version of the configuration."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from functions.api.config.change import Part, PartChange
from functions.api.config.schemas import Why
from functions.api.event_types.schemas import (
    EventTypeChange,
    EventTypeList,
    EventTypesReplacement,
    RegisteredEventType,
    UnregisteredEventType,
)
from functions.api.http.conventions import etags
from functions.api.http.dependencies import AuditDep, Database, Now, ServicesDep, require
from functions.api.http.routing import PREFIX
from risk.alerts.configuration import Configuration
from risk.domain.errors import InvalidInput, NotFound
from risk.domain.event_types import MAX_REGISTERED, SHIPPED, EventType, EventTypeName
from risk.domain.permissions import Permission
from risk.store.config import configurations
from risk.store.engine_state import unregistered_types

router = APIRouter(prefix=f"{PREFIX}/event-types", tags=["config"])
_READ = require(Permission.CONFIG_READ)
_WRITE = require(Permission.CONFIG_WRITE)
MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "Not registered here."}}
Name = Annotated[EventTypeName, Path(description="A lower_snake.dotted word.", examples=["gift_card.load"])]


def _shown(name: str, kind: EventType, configuration: Configuration) -> RegisteredEventType:
    content = {field: getattr(kind, field) for field in EventType.model_fields}
    return RegisteredEventType(name=name, shipped=name not in configuration.event_types, **content)


def _list(connection: Database, found: Configuration, response: Response) -> EventTypeList:
    response.headers["etag"] = etags.tag("configuration", found.version)
    return EventTypeList(
        items=[_shown(name, kind, found) for name, kind in found.types.items()],
        unregistered=[
            UnregisteredEventType(
                name=row.event_type,
                events=row.events,
                first_scored_at=row.first_scored_at,
                last_scored_at=row.last_scored_at,
            )
            for row in unregistered_types.page(connection)
            if row.event_type not in found.types
        ],
    )


@router.get("", dependencies=[_READ])
def list_event_types(services: ServicesDep, connection: Database, now: Now, response: Response) -> EventTypeList:
    """List the registry, and the unregistered types that events came with."""
    return _list(connection, configurations.ensure_first(connection, services.settings.thresholds, now=now), response)


class _Change:
    """A change of the registry: checked and logged."""

    def __init__(self, change: PartChange, audit: AuditDep) -> None:
        self._change, self._audit = change, audit

    def __call__(self, edit: Callable[[dict[str, EventType]], None], reason: str) -> Configuration:
        def edited(present: Configuration) -> Part:
            own = dict(present.event_types)
            edit(own)
            if len(own) > MAX_REGISTERED:
                raise InvalidInput(f"at most {MAX_REGISTERED} event types can be registered", field="name")
            return {"event_types": own}

        present, changed = self._change(edited, reason)
        before, after = present.event_types, changed.event_types
        names = sorted(name for name in after.keys() | before if after.get(name) != before.get(name))
        self._audit(
            personal={"reason": reason},
            version=changed.version,
            before={name: _json(before.get(name)) for name in names},
            after={name: _json(after.get(name)) for name in names},
        )
        return changed


ChangeDep = Annotated[_Change, Depends()]


def _json(kind: EventType | None) -> dict[str, Any] | None:
    return None if kind is None else kind.model_dump(mode="json")


@router.put("", dependencies=[_WRITE], responses=etags.STALE)
def replace_event_types(
    body: EventTypesReplacement, change: ChangeDep, connection: Database, response: Response
) -> EventTypeList:
    """Replace all that is registered beside the shipped types, as from a file."""

    def edit(own: dict[str, EventType]) -> None:
        own.clear()
        own.update(body.event_types)

    return _list(connection, change(edit, body.reason or "event types replaced"), response)


@router.put("/{name}", dependencies=[_WRITE], responses=etags.STALE)
def register_event_type(
    name: Name, body: EventTypeChange, change: ChangeDep, response: Response
) -> RegisteredEventType:
    """Register an event type, or change how it is understood. The engine does so within a second; the past stays."""
    kind = EventType(**{field: getattr(body, field) for field in EventType.model_fields})
    changed = change(lambda own: own.update({name: kind}), body.reason or f"event type {name} registered")
    response.headers["etag"] = etags.tag("configuration", changed.version)
    return _shown(name, kind, changed)


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT, dependencies=[_WRITE], responses=etags.STALE | MISSING)
def remove_event_type(
    name: Name,
    change: ChangeDep,
    reason: Annotated[Why | None, Query(description="Kept with the configuration version.")] = None,
) -> None:
    """Remove an event type from the registry; a shipped one is again understood as it is shipped."""

    def edit(own: dict[str, EventType]) -> None:
        if name not in own:
            raise NotFound(f"event type {name} is not registered here" + (": it is shipped" if name in SHIPPED else ""))
        del own[name]

    change(edit, reason or f"event type {name} removed")
