"""Request and response schemas of API keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema
from pydantic import StringConstraints as Text

from functions.api.http.conventions.schemas import Input, Page
from risk.domain.field_rules import Moment, Word
from risk.domain.label_origin import OUTSIDE_PATTERN
from risk.domain.permissions import KEY_SCOPES, Permission


def _scope(value: Permission) -> Permission:
    if value not in KEY_SCOPES:
        raise ValueError(f"a key may have {', '.join(sorted(KEY_SCOPES))}; the rest is for people")
    return value


KeyName = Annotated[str, Text(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[\w.:@ -]*[\w.:@-]$")]
Scope = Annotated[
    Permission,
    AfterValidator(_scope),
    WithJsonSchema({"type": "string", "enum": [str(one) for one in sorted(KEY_SCOPES)]}),
]


class NewApiKey(Input):
    """A key for one machine: purpose, scopes, and expiry (never, if left out).

    The ids of the events that it sends are of ``event_source``: those of `key:` and its name, if left out, so that a
    key that replaces another of the same name goes on with its ids. Keys with one source share its ids, as do the
    stream's own senders with those whose source is `stream`, and an import with those that name its source.
    """

    name: Annotated[KeyName, Field(examples=["payments gateway"])]
    scopes: Annotated[frozenset[Scope], Field(min_length=1, examples=[["events:write"]])]
    expires_at: Moment | None = None
    event_source: Annotated[Word, Text(pattern=OUTSIDE_PATTERN)] | None = Field(default=None, examples=["shop-7"])


class ApiKey(BaseModel):
    """An API key without its secret. ``last_used_at`` is accurate to the minute."""

    id: UUID
    name: str
    prefix: str = Field(examples=["rk_Zk3v8Qx1"])
    scopes: list[Permission]
    event_source: str = Field(examples=["key:payments gateway"])
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None


class ApiKeyWithSecret(ApiKey):
    """A new API key; ``key`` is shown only this once."""

    key: str


class ApiKeyPage(Page[ApiKey]):
    """A page of API keys; ``next_cursor`` asks for the next page and is null on the last."""
