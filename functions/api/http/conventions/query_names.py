"""Refuses query parameters that a route does not take: a mistyped filter must not return everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from functions.api.http.conventions.problems import MAX_FIELD_ERRORS, InvalidFields
from functions.api.http.conventions.schemas import FieldError

_MAX_NAME = 100
_OTHER_NAMES = {"since": "from", "until": "to", "start": "from", "end": "to", "after": "from", "before": "to"}


async def _others_add_parameters() -> None:
    """A route that another party redirects to, with parameters of its own."""


OPEN_QUERY = Depends(_others_add_parameters)
"""Mark a route that must ignore unknown query parameters, such as an OAuth callback (RFC 6749, 4.1.2)."""


def query_names(route: APIRoute) -> list[str]:
    """The names of the query parameters of a route and its dependencies."""
    return sorted(_names(route.dependant))


def _names(dependant: Dependant) -> set[str]:
    own = {field.alias for field in dependant.query_params}
    return own.union(*(_names(each) for each in dependant.dependencies))


def has_open_query(route: APIRoute) -> bool:
    """Whether a route is marked ``OPEN_QUERY``."""
    return any(each.call is _others_add_parameters for each in route.dependant.dependencies)


def _advice(name: str, known: list[str]) -> str:
    if not known:
        return "unknown; this request takes no query parameters"
    other = _OTHER_NAMES.get(name.lower())
    close = [other] if other in known else get_close_matches(name.lower(), known, n=1)
    meant = f"; did you mean `{close[0]}`?" if close else ""
    return f"unknown{meant}" if close else f"unknown; this request takes {', '.join(known)}"


def faults(given: Iterable[str], known: list[str]) -> list[FieldError]:
    """What is wrong with the names ``given``: unknown to a route that takes ``known``, or given more than once."""
    found = [
        FieldError(field=name[:_MAX_NAME], detail="given more than once; give one value")
        if name in known
        else FieldError(field=name[:_MAX_NAME] or "query", detail=_advice(name, known))
        for name, times in Counter(given).items()
        if name not in known or times > 1
    ]
    return found[:MAX_FIELD_ERRORS]


async def refuse_unknown(request: Request) -> None:
    """Refuse a request whose query has parameters that its route does not take, or one of them twice."""
    given = [name for name, _ in request.query_params.multi_items()]
    route = request.scope.get("route")
    if not given or not isinstance(route, APIRoute) or has_open_query(route):
        return
    if found := faults(given, query_names(route)):
        raise InvalidFields(found)
