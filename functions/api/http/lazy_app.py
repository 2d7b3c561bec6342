"""Builds the application resource by resource, on first request, so that cold starts are short.

Importing and describing every route takes longer than all else that a first answer needs.
"""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from functions.api.http.app import RESOURCES, create_app
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services


class OnDemand:
    """The same answers as those of ``create_app``, each from an application of its resource alone, made once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._made: dict[str | None, FastAPI] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._part(resource_of(scope["path"]))(scope, receive, send)

    def load(self) -> None:
        """Make everything now: for where what is made before the first request costs nobody any time."""
        for resource in RESOURCES:
            self._part(resource)

    def _part(self, resource: str | None) -> FastAPI:
        if resource not in self._made:
            # What is no resource's is the documentation's, or unknown: the whole answers for it.
            self._made[resource] = create_app(self._services, RESOURCES if resource is None else [resource])
        return self._made[resource]


def resource_of(path: str) -> str | None:
    """The resource that a path is below, None if it is below none. Its name has one part of the path, or two."""
    if not path.startswith(f"{PREFIX}/"):
        return None
    first, *more = path.removeprefix(f"{PREFIX}/").split("/", 2)
    return next((name for name in ("/".join([first, *more[:1]]), first) if name in RESOURCES), None)
