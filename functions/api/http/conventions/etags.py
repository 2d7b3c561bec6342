"""``ETag`` and ``If-Match``: prevents lost updates.

Alerts and webhooks use their version as tag, which their stores compare; the rest use a hash of their state.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

from fastapi import Depends, Header, Response

from risk.domain.errors import Stale

_MEANING = "The `ETag` of what you read: if it has changed since, the answer is 412. Left out: overwrite."

IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=500, description=_MEANING)]
STALE: dict[int | str, dict[str, object]] = {
    412: {"description": "It has changed since `If-Match` was read; read it again."}
}


def tag(*parts: object) -> str:
    """The entity tag of a resource whose state is ``parts``."""
    return '"' + hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:20] + '"'


def check(if_match: str | None, present: str) -> None:
    """Raise ``Stale`` unless the caller saw ``present`` or sent no ``If-Match``."""
    if if_match is None:
        return
    seen = {part.strip() for part in if_match.split(",")}
    if not seen & {"*", present}:
        raise Stale("someone has changed it since; read it again, and decide anew")


def _seen(if_match: IfMatch = None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    given = re.fullmatch(r'"([0-9]{1,9})"', if_match.strip())
    return int(given[1]) if given else 0  # versions begin with 1: this is none of them


Seen = Annotated[int | None, Depends(_seen)]
"""The version that the caller read, if they say so."""


def show_version(response: Response, version: int) -> None:
    """Set the version in the ``ETag`` header."""
    response.headers["ETag"] = f'"{version}"'
