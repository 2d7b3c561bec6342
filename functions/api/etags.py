"""``ETag`` and ``If-Match``: the version of what is edited, so that nobody overwrites what they have not seen."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Response


def _seen(
    if_match: Annotated[
        str | None,
        Header(
            description="The `ETag` of what you read, as it came: refused with 412 if it has changed since.",
            pattern=r'^(\*|"[0-9]{1,9}")$',
            examples=['"3"'],
        ),
    ] = None,
) -> int | None:
    return None if if_match is None or if_match == "*" else int(if_match.strip('"'))


Seen = Annotated[int | None, Depends(_seen)]
"""The version that the caller read, if they say so."""


def tag(response: Response, version: int) -> None:
    """Say which version an answer shows."""
    response.headers["ETag"] = f'"{version}"'
