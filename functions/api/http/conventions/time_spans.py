"""Time spans that reports accept."""

from __future__ import annotations

from datetime import datetime, timedelta

from risk.domain.errors import InvalidInput
from risk.domain.field_rules import EARLIEST

DEFAULT_SPAN = timedelta(days=30)
MAX_SPAN = timedelta(days=92)


def complete(
    since: datetime | None, until: datetime | None, now: datetime, *, fields: tuple[str, str]
) -> tuple[datetime, datetime]:
    """The span, with defaults for what is missing: the 30 days up to now.

    ``InvalidInput`` names one of ``fields`` if it is empty or reversed.
    """
    until = until or now
    if until < EARLIEST:
        raise InvalidInput(f"must not be before {EARLIEST:%Y-%m-%d}", field=fields[1])
    since = since or until - DEFAULT_SPAN
    if not timedelta() < until - since <= MAX_SPAN:
        raise InvalidInput(f"must be before `{fields[1]}`, by {MAX_SPAN.days} days at most", field=fields[0])
    return since, until
