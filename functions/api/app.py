"""The application: routes, middleware, documentation."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi

from functions.api import auditing, problems
from functions.api.middleware import HEADER, LastResort, RequestContext, SizeLimit
from functions.api.models import Problem
from functions.api.routes import (
    alert_actions,
    alerts,
    audit,
    auth,
    backtests,
    configuration,
    events,
    exports,
    health,
    labels,
    lists,
    models,
    risk,
    rules,
    webhooks,
)
from functions.api.services import Services
from risk import errors
from risk.settings import ApiSettings

VERSION = "1.0.0"
_DESCRIPTION = """
Scores events as they happen, and puts the risky ones before people.

Sign in with `POST /api/v1/auth/login` and send the token as `Authorization: Bearer …`. Times are RFC 3339
in UTC, decimals are strings. Lists give `next_cursor`, to be sent back as `cursor`. Every error is an
`application/problem+json` with a `type` to match on and a `request_id` to find it in the logs.
"""
_TAGS = [
    {"name": "auth", "description": "Accounts, access tokens, tickets for the WebSocket."},
    {"name": "events", "description": "What happened, on its way to the engine."},
    {"name": "risk", "description": "What the engine says of events."},
    {"name": "alerts", "description": "What is put before analysts, and what they do with it."},
    {"name": "labels", "description": "What was learnt of events later, and how good their assessments were by it."},
    {"name": "rules", "description": "What analysts look for: written, tried on the past, shadowed, live, undone."},
    {"name": "lists", "description": "Accounts, counterparties, devices, IP ranges and countries that rules ask for."},
    {"name": "models", "description": "Which model judges, which scores in its shadow, how they do, how events drift."},
    {"name": "config", "description": "Thresholds and alert policy, in versions."},
    {"name": "webhooks", "description": "Who is told of alerts, and how telling them goes."},
    {"name": "audit", "description": "What everyone did, in a log that cannot be changed without it showing."},
    {"name": "health", "description": "Whether the system does its work."},
]


def create_app(services: Services | None = None) -> FastAPI:
    """The API on ``services``, or on those of the environment; nothing is connected before it is needed."""
    services = services or Services(ApiSettings())
    app = FastAPI(
        title=services.settings.app_name,
        version=VERSION,
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.services = services
    problems.install(app)
    for refusal in (errors.NotAuthenticated, errors.NotAllowed):
        app.add_exception_handler(refusal, auditing.refuse)  # type: ignore[arg-type]  # narrower than Exception
    for module in (
        auth,
        events,
        exports,
        risk,
        alerts,
        alert_actions,
        labels,
        rules,
        backtests,
        lists,
        models,
        configuration,
        webhooks,
        audit,
        health,
    ):
        app.include_router(module.router)
    _add_middleware(app, services.settings.cors_origins)
    _document(app)
    return app


def _add_middleware(app: FastAPI, origins: list[str]) -> None:
    # The last added is the outermost.
    app.add_middleware(LastResort)
    app.add_middleware(SizeLimit)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["authorization", "content-type", "if-match", HEADER],
            expose_headers=[HEADER, "etag"],
            max_age=600,
        )
    app.add_middleware(RequestContext)


def _document(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            app.openapi_schema = _with_problems(schema)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the schema


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema`` with the errors that every operation shares, as problems instead of FastAPI's own."""
    schemas = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    definition = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(definition.pop("$defs"))
    schemas["Problem"] = definition
    schemas.update(events.input_schemas())
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in schema["paths"].values():
        for operation in path.values():
            answers = operation["responses"]
            if operation.get("parameters") or operation.get("requestBody"):
                answers["422"] = {"description": "A value is not valid; `errors` names each field."}
            if operation.get("security"):
                answers.setdefault("401", {"description": "No valid access token."})
                answers.setdefault("403", {"description": "The role does not allow this."})
            answers.setdefault("500", {"description": "Our mistake; `request_id` finds it in the logs."})
            answers.setdefault("503", {"description": "A needed service does not answer; try again in a moment."})
            for status, answer in answers.items():
                if status >= "400" and "content" not in answer:
                    answer["content"] = content
            operation["responses"] = dict(sorted(answers.items()))
    return schema
