"""The application: routes, middleware, documentation."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

from functions.api import auditing, documentation, idempotency, problems
from functions.api.idempotency import KeepAnswers
from functions.api.middleware import HEADER, LastResort, RateLimit, RequestContext, SizeLimit
from functions.api.origin import Origin
from functions.api.routes import (
    activity,
    alert_actions,
    alerts,
    api_keys,
    audit,
    auth,
    backtests,
    configuration,
    events,
    evidence,
    explain,
    exports,
    health,
    knowledge,
    labels,
    lists,
    models,
    oidc,
    passwords,
    risk,
    rules,
    users,
    webhooks,
)
from functions.api.services import Services
from risk import errors
from risk.settings import ApiSettings

VERSION = "1.0.0"


_ROUTES = (
    auth,
    oidc,
    passwords,
    users,
    api_keys,
    events,
    exports,
    risk,
    explain,
    knowledge,
    activity,
    alerts,
    alert_actions,
    evidence,
    labels,
    rules,
    backtests,
    lists,
    models,
    configuration,
    webhooks,
    audit,
    health,
)
_COMPRESSED_FROM = 1_024
_READABLE = [HEADER, "etag", "idempotency-replayed", "ratelimit", "ratelimit-policy", "retry-after"]


def create_app(services: Services | None = None) -> FastAPI:
    """The API on ``services``, or on those of the environment; nothing is connected before it is needed."""
    services = services or Services(ApiSettings())
    app = FastAPI(
        title=services.settings.app_name,
        version=VERSION,
        description=documentation.DESCRIPTION,
        openapi_tags=documentation.TAGS,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.services = services
    problems.install(app)
    for refusal in (errors.NotAuthenticated, errors.NotAllowed):
        app.add_exception_handler(refusal, auditing.refuse)  # type: ignore[arg-type]  # narrower than Exception
    idempotency.install(app)
    for module in _ROUTES:
        app.include_router(module.router)
    _add_middleware(app, services)
    documentation.install(app)
    return app


def _add_middleware(app: FastAPI, services: Services) -> None:
    # The last added is the outermost.
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
