"""The event that a path or a body names by its sender's id, and by its source where several have that id."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query

from functions.api.http.dependencies import CurrentCaller, Database
from risk.domain.event_ids import EventId, EventSource, SenderId
from risk.store.assessments import event_lookup

UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"description": "No such event is scored."},
    409: {"description": "Several sources have an event with this id; `event_source` says which is meant."},
}
OfSource = Annotated[
    EventSource | None,
    Query(
        description="Whose id it is. If left out: yours, if you are an API key and have such an event; else that of "
        "the one source that has it."
    ),
]


def own_source(caller: CurrentCaller) -> str | None:
    """The source of an API key's own ids; people have none, they look at everybody's."""
    return caller.event_source if caller.user is None else None


OwnSource = Annotated[str | None, Depends(own_source)]


def _stored(
    event_id: Annotated[SenderId, Path(description="The sender's own id.", examples=["order-2024/000017"])],
    connection: Database,
    own: OwnSource,
    event_source: OfSource = None,
) -> EventId:
    return event_lookup.find(connection, event_id, event_source, own)


StoredEvent = Annotated[EventId, Depends(_stored)]
"""The stored event that the path parameter ``event_id`` names. Declare it as ``{event_id:path}``: it may hold a /."""
