"""Builds the application resource by resource, on first request, to keep cold starts short.

Importing and describing all routes takes longer than everything else that a first response needs.
"""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from functions.api.http.app import RESOURCES, create_app
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services


class OnDemand:
    """Responds like ``create_app``, but builds the application of each resource on its first request."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._made: dict[str | None, FastAPI] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._part(resource_of(scope["path"]))(scope, receive, send)

    def load(self) -> None:
        """Build everything now: for a snapshot, where start-up time costs nothing."""
        for resource in RESOURCES:
            self._part(resource)

    def _part(self, resource: str | None) -> FastAPI:
        if resource not in self._made:
            # Anything else is documentation or unknown: the complete application answers.
            self._made[resource] = create_app(self._services, RESOURCES if resource is None else [resource])
        return self._made[resource]


def resource_of(path: str) -> str | None:
    """The resource that a path belongs to, or None. Its name has one or two path segments."""
    if not path.startswith(f"{PREFIX}/"):
        return None
    first, *more = path.removeprefix(f"{PREFIX}/").split("/", 2)
    return next((name for name in ("/".join([first, *more[:1]]), first) if name in RESOURCES), None)
