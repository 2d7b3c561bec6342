"""Query parameters that a route does not have are refused: a mistyped filter would answer with everything."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from fastapi import Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from functions.api.http.problems import MAX_FIELD_ERRORS, InvalidFields
from functions.api.http.schemas import FieldError
from risk.domain.fields import safe_text

_OF_OTHERS = "/auth/oidc"
"""An identity provider sends back what it likes."""


async def refuse_unknown(request: Request) -> None:
    """``InvalidFields`` naming each query parameter that the route does not have, with those that it has."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute) or _OF_OTHERS in route.path:
        return
    known = _names(route)
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        raise InvalidFields(
            [
                FieldError(field=f"query.{safe_text(one, 64)}", detail=_said(one, known))
                for one in unknown[:MAX_FIELD_ERRORS]
            ]
        )


def _said(name: str, known: frozenset[str]) -> str:
    if not known:
        return "this route takes no query parameters"
    near = get_close_matches(name, known, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"there is no such parameter here; {meant}there are {', '.join(sorted(known))}"


@cache
def _names(route: APIRoute) -> frozenset[str]:
    fields = get_flat_params(route.dependant)
    return frozenset(field.alias for field in fields if isinstance(field.field_info, params.Query))
