"""Serves the two pages and what they load, under the content security policy of the dashboard."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

PATHS = ("/docs", "/redoc")
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""That of the dashboard, ``infra.stacks.web.POLICY``; styles are made while the page runs, scripts are files."""

_ASSETS = "/docs/assets/{name}"
_VENDORED = "fastapi_offline"
_TYPES = {"js": "text/javascript", "css": "text/css"}
_OWN = ("swagger.js", "redoc.js", "session.js", "pages.css")
_LIBRARIES = ("swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js")
# Redoc's badge is an image of its makers' host, which the policy would refuse with an error in the console.
_BADGE = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_DAY = "public, max-age=86400"


def install(app: FastAPI) -> None:
    """Add the pages to ``app``, which must be made without FastAPI's own."""
    for path in PATHS:
        app.add_route(path, _page, include_in_schema=False)
    app.add_route(_ASSETS, _asset, include_in_schema=False)


async def _page(request: Request) -> Response:
    return Response(_read(f"{request.scope['path'].strip('/')}.html"), media_type="text/html")


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in (*_OWN, *_LIBRARIES):
        raise HTTPException(404)
    return Response(_read(name), media_type=_TYPES[name.rpartition(".")[2]], headers={"cache-control": _DAY})


@cache
def _read(name: str) -> bytes:
    if name in _LIBRARIES:
        return (files(_VENDORED) / "static" / name).read_bytes().replace(_BADGE, b"data:,")
    return (files(__package__) / "files" / name).read_bytes()
