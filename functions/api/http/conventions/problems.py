"""Errors as ``application/problem+json`` (RFC 9457): status, and what may be disclosed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from redis import RedisError
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from functions.api.http.conventions.schemas import FieldError
from functions.api.http.logs import logger
from risk.domain import errors
from risk.domain.refusals import Allowed, refusal
from risk.store.db.engine import is_transient

MEDIA_TYPE = "application/problem+json"
MAX_FIELD_ERRORS = 100
RETRY_SECONDS = 2


class TooLarge(errors.RiskError):
    """The body is larger than allowed."""

    slug = "too-large"
    title = "The request is too large"


class UnsupportedContent(errors.RiskError):
    """The content type is not supported."""

    slug = "unsupported-content"
    title = "This kind of content is not taken"


class InvalidFields(errors.InvalidInput):
    """Several invalid values."""

    def __init__(self, fields: Sequence[FieldError]) -> None:
        super().__init__(_count(fields))
        self.fields = fields


STATUS: dict[type[errors.RiskError], HTTPStatus] = {
    errors.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Unseen: HTTPStatus.PRECONDITION_REQUIRED,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnsupportedContent: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}
_OTHER = {HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed"}


def _count(fields: Sequence[FieldError]) -> str:
    return f"{len(fields)} field{' is' if len(fields) == 1 else 's are'} not valid; errors names each"


def request_id(scope: Mapping[str, Any]) -> str:
    """The request's id in the logs."""
    return str(scope.get("state", {}).get("request_id", ""))


def problem(
    request: Request,
    status: int,
    slug: str,
    title: str,
    detail: str,
    *,
    fields: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem response; ``errors`` is present when ``fields`` are given."""
    content: dict[str, Any] = {
        "type": f"urn:problem:{slug}",
        "title": title,
        "status": int(status),
        "detail": detail,
        "instance": request.url.path,
        "request_id": request_id(request.scope),
    }
    if fields:
        content["errors"] = [field.model_dump(exclude_none=True) for field in fields]
    return JSONResponse(content, status_code=int(status), media_type=MEDIA_TYPE, headers=dict(headers or {}))


def of_risk_error(request: Request, error: errors.RiskError) -> JSONResponse:
    """The problem response for an error of the domain."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.BAD_REQUEST)
    fields: Sequence[FieldError] = ()
    if isinstance(error, InvalidFields):
        fields = error.fields
    elif isinstance(error, errors.InvalidExpression):
        fields = [
            FieldError(field="expression", detail=fault.detail, line=fault.line, column=fault.column)
            for fault in error.faults
        ]
    elif isinstance(error, errors.InvalidInput) and error.field:
        fields = [FieldError(field=error.field, detail=error.detail)]
    headers = {}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_SECONDS)
    if isinstance(error, errors.TooMany | errors.Overloaded):
        headers["Retry-After"] = str(error.retry_after)
    return problem(request, status, error.slug, error.title, error.detail, fields=fields, headers=headers)


def field_errors(
    found: Sequence[Mapping[str, Any]], *, skip: int = 0, known: Mapping[str, Allowed] | None = None
) -> list[FieldError]:
    """Pydantic's errors with dotted paths, without the first ``skip`` parts; at most 100.

    Fields that are ``known`` (of events and labels) are described with what they may be.
    """
    told = (refusal({**error, "loc": error["loc"][skip:]}, known or {}) for error in found[:MAX_FIELD_ERRORS])
    return [FieldError(field=each.field or "body", detail=each.detail) for each in told]


def _of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
    found = error.errors()
    if found and found[0]["type"] == "json_invalid":
        return of_risk_error(request, InvalidFields([FieldError(field="body", detail="this is not JSON")]))
    # The first part says where a value came from (body, query, path), which its name says as well.
    return of_risk_error(request, InvalidFields(field_errors(found, skip=1)))


def _of_http(request: Request, error: HTTPException) -> JSONResponse:
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST:
        # FastAPI's message for a body that is not UTF-8, which is not valid JSON either.
        return of_risk_error(request, InvalidFields([FieldError(field="body", detail="this is not JSON")]))
    known = next((kind for kind, value in STATUS.items() if value is status), None)
    slug, title = (known.slug, known.title) if known else (_OTHER.get(status, "request"), status.phrase)
    detail = error.detail
    if status is HTTPStatus.NOT_FOUND:
        detail = f"there is nothing at {request.url.path}; /docs lists what there is"
    elif status is HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not possible here; /docs lists what is"
        return problem(request, status, slug, title, detail, headers={"Allow": _allowed(request)})
    return problem(request, status, slug, title, detail, headers=error.headers)


_PARAMETER = re.compile(r"\{[^}]*\}")


def _allowed(request: Request) -> str:
    """The allowed methods of the requested path: of all routes of the most specific template that matches.

    ``/risk/{event_id:path}`` matches ``/risk/7/label``, too, which is another resource.
    """
    matching = [
        context.original_route
        for context in iter_route_contexts(request.app.routes)
        if context.original_route.matches(request.scope)[0] is not Match.NONE
    ]
    literal = [len(_PARAMETER.sub("", getattr(route, "path", ""))) for route in matching]
    specific = [route for route, length in zip(matching, literal, strict=True) if length == max(literal)]
    return ", ".join(sorted({method for route in specific for method in getattr(route, "methods", None) or ()}))


def _of_database(request: Request, error: SQLAlchemyError) -> JSONResponse:
    if not is_transient(error):
        if isinstance(error, DataError):
            detail = "a value of this request is nothing that the database can hold or look for; correct it"
            return of_risk_error(request, errors.InvalidInput(detail))
        return unexpected(request, error)
    logger.warning("the database does not answer", extra={"error": str(getattr(error, "orig", error))})
    return of_risk_error(request, errors.Unavailable("the database does not answer; try again in a moment"))


def _of_live(request: Request, error: RedisError) -> JSONResponse:
    logger.warning("the live store does not answer", extra={"error": type(error).__name__})
    return of_risk_error(request, errors.Unavailable("the live store does not answer; try again in a moment"))


def unexpected(request: Request, error: Exception) -> JSONResponse:
    """The response to an unexpected error: logged in full, and answered with the request id alone."""
    logger.error("unexpected error", exc_info=error)
    return problem(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong here",
        f"this is our mistake; request {request_id(request.scope)} is in the logs",
    )


def install(app: FastAPI) -> None:
    """Turn every error of ``app`` into a problem response."""
    app.add_exception_handler(errors.RiskError, of_risk_error)  # type: ignore[arg-type]  # narrower than Exception
    app.add_exception_handler(RequestValidationError, _of_validation)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _of_http)  # type: ignore[arg-type]
    app.add_exception_handler(SQLAlchemyError, _of_database)  # type: ignore[arg-type]
    app.add_exception_handler(RedisError, _of_live)  # type: ignore[arg-type]
