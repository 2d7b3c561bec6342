"""Time spans in query strings: named ``from`` and ``to`` on every route."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, NamedTuple

from fastapi import Depends, Query

from risk.domain.errors import InvalidInput
from risk.domain.field_rules import EARLIEST, Moment

DEFAULT_SPAN = timedelta(days=30)
MAX_SPAN = timedelta(days=92)


class Bounds(NamedTuple):
    """The ends of a time span, each open if it is None."""

    since: datetime | None
    until: datetime | None


def _bounds(
    start: Annotated[Moment | None, Query(alias="from", description="Then or later (RFC 3339).")] = None,
    end: Annotated[Moment | None, Query(alias="to", description="Before then.")] = None,
    since: Annotated[Moment | None, Query(deprecated=True, description="The former name of `from`.")] = None,
    until: Annotated[Moment | None, Query(deprecated=True, description="The former name of `to`.")] = None,
) -> Bounds:
    if start is not None and since is not None:
        raise InvalidInput("the former name of `from`; give one of them", field="since")
    if end is not None and until is not None:
        raise InvalidInput("the former name of `to`; give one of them", field="until")
    return Bounds(start or since, end or until)


BoundsDep = Annotated[Bounds, Depends(_bounds)]
"""The span of a request whose route once named it ``since`` and ``until``, which it still takes."""


def complete(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The span, with defaults for what is missing: the 30 days up to now.

    ``InvalidInput`` names ``from`` or ``to`` if it is empty or reversed.
    """
    until = until or now
    if until < EARLIEST:
        raise InvalidInput(f"must not be before {EARLIEST:%Y-%m-%d}", field="to")
    since = since or until - DEFAULT_SPAN
    if not timedelta() < until - since <= MAX_SPAN:
        raise InvalidInput(f"must be before `to`, by {MAX_SPAN.days} days at most", field="from")
    return since, until
