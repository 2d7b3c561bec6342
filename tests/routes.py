"""The routes of the application, as the tests that must not forget one read them."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts


def routes(app: FastAPI) -> list[APIRoute]:
    """Every route of the API, and none of its documentation's."""
    found = (context.original_route for context in iter_route_contexts(app.routes))
    return [route for route in found if isinstance(route, APIRoute)]
