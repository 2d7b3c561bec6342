"""The OpenAPI document beyond the routes: descriptions, tags, shared parameters and responses."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from functions.api.http.conventions import idempotency, problems
from functions.api.http.conventions.schemas import Problem

DESCRIPTION = """
Scores events as they happen, and puts the risky ones before people.

Sign in with `POST /api/v1/auth/login` and send the token as `Authorization: Bearer …`; machines send an API key
as `X-API-Key: rk_…` or in the token's place. Times are RFC 3339 in UTC, decimals are strings. Lists give
`next_cursor`, to be sent back as `cursor`. Every error is an `application/problem+json` with a `type` to match on
and a `request_id` to find it in the logs.

A `POST` with an `Idempotency-Key` is carried out once: sent again within 24 hours, it is answered as it was, with
`Idempotency-Replayed: true`. What can be edited has an `ETag`; send it as `If-Match`, and nobody's change is lost.
`RateLimit` and `RateLimit-Policy` say how much may still be asked in this minute.
"""
TAGS: list[dict[str, Any]] = [
    {"name": "auth", "description": "Accounts, access tokens, tickets for the WebSocket."},
    {"name": "users", "description": "People, their roles, and whether they may sign in."},
    {"name": "api keys", "description": "Keys of machines, with scopes; each is shown once."},
    {"name": "events", "description": "What happened, on its way to the engine."},
    {"name": "risk", "description": "What the engine says of events."},
    {"name": "entities", "description": "Accounts, devices, addresses and whatever else events name and share."},
    {"name": "search", "description": "Everything that has a name, in one box."},
    {"name": "explanations", "description": "Why an event was scored so, each sentence with its evidence."},
    {"name": "knowledge", "description": "What explanations may cite: what is shipped, and your own policies."},
    {"name": "alerts", "description": "What is put before analysts, and what they do with it."},
    {"name": "labels", "description": "What was learnt of events later, and how good their assessments were by it."},
    {"name": "rules", "description": "What analysts look for: written, tried on the past, shadowed, live, undone."},
    {"name": "definitions", "description": "Features that users define: written, previewed, backfilled, live, undone."},
    {"name": "dead letters", "description": "Records that could not be scored: inspected, corrected, replayed."},
    {"name": "imports", "description": "Files of your own history: uploaded, mapped, loaded, taken back whole."},
    {"name": "lists", "description": "Accounts, counterparties, devices, IP ranges and countries that rules ask for."},
    {"name": "models", "description": "Which model judges, which scores in its shadow, how they do, how events drift."},
    {"name": "config", "description": "Thresholds and alert policy, in versions."},
    {"name": "packs", "description": "Event types, definitions, rules, lists and knowledge, installed together."},
    {"name": "webhooks", "description": "Who is told of alerts, and how telling them goes."},
    {"name": "audit", "description": "What everyone did, in a log that cannot be changed without it showing."},
    {"name": "health", "description": "Whether the system does its work."},
]


_IDEMPOTENCY_KEY = {
    "name": idempotency.HEADER,
    "in": "header",
    "required": False,
    "description": "Sent again with this key, the request is carried out once and answered as it was.",
    "schema": {"type": "string", "pattern": idempotency.PATTERN, "maxLength": 255},
    "example": "5f1d2b0e-6f2f-4c7d-9a77-0d3f8f1f2a11",
}


_MEANINGS = {
    "name": "The list's name.",
    "account_id": "Only those of this account.",
    "counterparty_id": "Only those with this counterparty.",
    "event_type": "Only this kind of event.",
    "min_score": "Only those with this score, or a higher one.",
    "reason": "Why; it is kept.",
    "version": "The version of the model.",
    "seq": "The number of the record.",
}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
_ETAG = {"ETag": {"description": "The state that was read, for `If-Match`.", "schema": {"type": "string"}}}


def _describe(parameter: dict[str, Any]) -> None:
    name = parameter["name"]
    if parameter["in"] == "path" and name.endswith("_id"):
        parameter.setdefault("description", f"The {name.removesuffix('_id')}'s id.")
    elif name in _MEANINGS:
        parameter.setdefault("description", _MEANINGS[name])


def _takes_key(operation: dict[str, Any]) -> bool:
    # All that need a sign-in, except events, which have ids, and changes of a password.
    return bool(operation.get("security")) and operation["operationId"] not in {"send_events", "change_password"}


def install(app: FastAPI) -> None:
    """Complete the OpenAPI document of ``app`` with what FastAPI does not know."""

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
    """``schema`` with the errors shared by all operations, as problems instead of FastAPI's own."""
    from functions.api.events import body_parsing  # only readers of the document wait for its import

    schemas = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    definition = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(definition.pop("$defs"))
    schemas["Problem"] = definition
    schemas.update(body_parsing.input_schemas())
    for name, one in schemas.items():
        one["title"] = name  # of a model that is read and answered there are two, and generators name types by titles
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in schema["paths"].values():
        for method, operation in path.items():
            answers = operation["responses"]
            if method == "post" and _takes_key(operation):
                operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
                answers.setdefault(
                    "409", {"description": "A request with this `Idempotency-Key` is being carried out."}
                )
            if operation.get("parameters") or operation.get("requestBody"):
                answers["422"] = {"description": "A value is not valid; `errors` names each field."}
            if operation.get("security"):
                answers.setdefault("401", {"description": "No valid access token or API key."})
                answers.setdefault("403", {"description": "The role, or the key's scopes, do not allow this."})
            answers.setdefault("429", {"description": "Too many requests; `Retry-After` says when to go on."})
            answers.setdefault("500", {"description": "Our mistake; `request_id` finds it in the logs."})
            answers.setdefault("503", {"description": "A needed service does not answer; try again in a moment."})
            parameters = operation.get("parameters", [])
            for parameter in parameters:
                _describe(parameter)
            for status, answer in answers.items():
                if status == "200" and any(parameter["name"] == "If-Match" for parameter in parameters):
                    answer.setdefault("headers", {}).update(_ETAG)
                if status in {"429", "503"}:
                    answer.setdefault("headers", {}).update(_RETRY_AFTER)
                if status >= "400" and "content" not in answer:
                    answer["content"] = content
            operation["responses"] = dict(sorted(answers.items()))
    return schema
