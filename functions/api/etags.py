"""``ETag`` and ``If-Match``: the version of what is edited, so that nobody overwrites what they have not seen."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from risk.errors import InvalidInput

_VERSION = re.compile(r'"(\d{1,9})"')


def _seen(
    if_match: Annotated[
        str | None,
        Header(description="The `ETag` of what you read: refused with 412 if it has changed since.", max_length=100),
    ] = None,
) -> int | None:
    if if_match is None or if_match == "*":
        return None
    found = _VERSION.fullmatch(if_match)
    if found is None:
        raise InvalidInput('send the ETag as it came, such as "3"', field="if-match")
    return int(found[1])


Seen = Annotated[int | None, Depends(_seen)]
"""The version that the caller read, if they say so."""


def tag(response: Response, version: int) -> None:
    """Say which version an answer shows."""
    response.headers["ETag"] = f'"{version}"'
