"""The application: routes, middleware, documentation."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

from functions.api.http import documentation, openapi_document
from functions.api.http.access import request_audit
from functions.api.http.access.origin import Origin
from functions.api.http.conventions import idempotency, problems, query_names
from functions.api.http.conventions.idempotency import KeepAnswers
from functions.api.http.middleware import HEADER, LastResort, RateLimit, RequestContext, SizeLimit
from functions.api.http.services import Services
from risk.config.settings import ApiSettings
from risk.domain import errors

VERSION = "1.0.0"


RESOURCES = {
    "auth": ("identity.auth_routes",),
    "auth/oidc": ("identity.oidc_routes",),
    "auth/password": ("identity.password_routes",),
    "users": ("identity.user_routes",),
    "api-keys": ("identity.api_key_routes",),
    "events": ("events.routes",),
    "risk": (
        "assessments.export_routes",
        "assessments.evidence_routes",
        "labels.routes",
        "decisions.overturn_routes",
        "assessments.routes",
    ),
    "explain": ("explanations.routes",),
    "knowledge": ("knowledge.routes",),
    "search": ("search.routes",),
    "entities": ("entities.routes",),
    "accounts": ("assessments.activity_routes",),
    "counterparties": ("assessments.activity_routes",),
    "alerts": (
        "assessments.export_routes",
        "alerts.routes",
        "alerts.action_routes",
        "assessments.evidence_routes",
        "labels.routes",
    ),
    "labels": ("labels.routes",),
    "quality": ("labels.routes",),
    "rules": ("rules.routes", "rules.backtest_routes"),
    "definitions": ("definitions.routes",),
    "lists": ("lists.routes",),
    "models": ("models.routes",),
    "config": ("config.routes",),
    "event-types": ("event_types.routes",),
    "decisions": ("decisions.routes",),
    "packs": ("packs.routes",),
    "dead-letters": ("dead_letters.routes",),
    "imports": ("imports.routes",),
    "webhooks": ("webhooks.routes",),
    "audit": ("audit.routes",),
    "health": ("health.routes",),
}
"""The modules in ``functions.api`` that serve ``/api/v1/<resource>``; the first that matches a path answers."""
_COMPRESSED_FROM = 1_024
_READABLE = [HEADER, "etag", "idempotency-replayed", "ratelimit", "ratelimit-policy", "retry-after"]


def create_app(services: Services | None = None, resources: Iterable[str] = RESOURCES) -> FastAPI:
    """The API on ``services``, or on those of the environment; connections are opened on first use.

    With ``resources``, only the routes of these.
    """
    services = services or Services(ApiSettings())
    app = FastAPI(
        title=services.settings.app_name,
        version=VERSION,
        description=openapi_document.DESCRIPTION,
        openapi_tags=openapi_document.TAGS,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(query_names.refuse_unknown)],
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.services = services
    problems.install(app)
    for refusal in (errors.NotAuthenticated, errors.NotAllowed, errors.InvalidInput):
        app.add_exception_handler(refusal, request_audit.refuse)  # type: ignore[arg-type]  # narrower than Exception
    idempotency.install(app)
    for name in dict.fromkeys(name for resource in resources for name in RESOURCES[resource]):
        app.include_router(import_module(f"functions.api.{name}").router)
    _add_middleware(app, services)
    openapi_document.install(app)
    documentation.install(app)
    return app


def _add_middleware(app: FastAPI, services: Services) -> None:
    # The last one added is the outermost.
    app.add_middleware(KeepAnswers, services=services)
    app.add_middleware(SizeLimit)
    app.add_middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM, compresslevel=6)
    app.add_middleware(RateLimit, services=services)
    if services.settings.origin_key_secret:
        app.add_middleware(Origin, services=services)
    app.add_middleware(LastResort)
    origins = services.settings.cors_origins
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", "idempotency-key", "if-match", "x-api-key", HEADER],
            expose_headers=_READABLE,
            max_age=600,
        )
    app.add_middleware(RequestContext)
