"""Audits requests: changes, reads of personal data, refusals.

Every request that may change something is audited in its own transaction, even if its route adds nothing: if it
cannot be audited, it does not happen. Reads of personal data are audited by their routes. The name of an action is
its operation in the OpenAPI document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from functions.api.http.access.client_address import client_address
from functions.api.http.conventions import problems
from functions.api.http.logs import logger
from functions.api.http.services import Services
from risk.audit.record import NOBODY, Entry, Json, Outcome
from risk.domain import errors
from risk.store.audit import audit_log

_SAFE = {"GET", "HEAD", "OPTIONS"}
_MAX_SUBJECT = 200
_OURS = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]{1,9}")


def _clean(value: str) -> str:
    """``value`` as the database can store it: requests contain anything."""
    return value.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _actor(request: Request) -> str:
    return str(getattr(request.state, "actor", NOBODY))


def _action(request: Request) -> str:
    return str(getattr(request.scope.get("route"), "name", "request"))


def _subject(request: Request) -> tuple[str, dict[str, str]]:
    """The subject of a path as ``kind:id``, or its kind of resource; and what is personal in it.

    Our own ids and names of settings are kept as they are. Of everything else in a path (an account, which may be an
    e-mail address) the record holds only a commitment.
    """
    tags = getattr(request.scope.get("route"), "tags", None) or ["request"]
    for name, value in request.path_params.items():
        kind = name.removesuffix("_id") if name.endswith("_id") else str(tags[0]).removesuffix("s")
        text = _clean(str(value))[:_MAX_SUBJECT]
        if isinstance(value, UUID) or _is_ours(text):
            return f"{kind}:{text}", {}
        return kind, {name: text}
    return str(tags[0]), {}


def _is_ours(text: str) -> bool:
    """Whether a text is a UUID or a number of at most nine digits."""
    return bool(_OURS.fullmatch(text))


def _entry(request: Request, subject: str | None, outcome: Outcome, personal: Mapping[str, str], **more: Any) -> Entry:
    named, named_personal = ("", {}) if subject else _subject(request)
    values = {name: _clean(value) for name, value in personal.items()} | named_personal
    if request.client:
        values["address"] = client_address(request, request.app.state.services.settings.trusted_proxies)
    return Entry(
        at=datetime.now(UTC),
        actor=more.pop("actor", None) or _actor(request),
        action=_action(request),
        subject=subject or named,
        outcome=outcome,
        request_id=problems.request_id(request.scope),
        details=more.pop("details", {}),
        personal=values,
    )


class Said(NamedTuple):
    """One subject of an action."""

    subject: str
    personal: Mapping[str, str | None]
    details: dict[str, Json]


class Audit:
    """Audits a request in its own transaction."""

    def __init__(self, request: Request, connection: Connection) -> None:
        self._request = request
        self._connection = connection
        self._said = False

    def __call__(
        self,
        subject: str | None = None,
        *,
        actor: str | None = None,
        outcome: Outcome = Outcome.SUCCESS,
        personal: Mapping[str, str | None] | None = None,
        **details: Json,
    ) -> None:
        """Audit this request's action on the subject of its path or on ``subject`` (``kind:id``).

        Personal values go into ``personal``, which can be erased, never into ``details``.
        """
        values = {name: value for name, value in (personal or {}).items() if value is not None}
        entry = _entry(self._request, subject, outcome, values, actor=actor, details=details)
        audit_log.append(self._connection, [entry])
        self._said = True

    def each(self, said: Iterable[Said]) -> None:
        """Audit this request's action on several subjects at once."""
        entries = [
            _entry(
                self._request,
                one.subject,
                Outcome.SUCCESS,
                {name: value for name, value in one.personal.items() if value is not None},
                details=one.details,
            )
            for one in said
        ]
        if entries:
            audit_log.append(self._connection, entries)
            self._said = True

    def failing(self, subject: str, *, personal: Mapping[str, str] | None = None) -> None:
        """Announce an attempt right before it is refused: the request's transaction will be rolled back."""
        self._request.state.failing = (subject, dict(personal or {}))

    def finish(self) -> None:
        """Audit a change about which its route said nothing."""
        if not self._said and self._request.method not in _SAFE:
            self()


def _log_refusal(request: Request, error: errors.RiskError, status: int) -> None:
    subject, personal = getattr(request.state, "failing", (None, {}))
    outcome = Outcome.FAILURE if subject else Outcome.REFUSED
    details: dict[str, Json] = {"status": status, "reason": error.slug}
    services = cast(Services, request.app.state.services)
    with services.database.begin() as connection:
        audit_log.append(connection, [_entry(request, subject, outcome, personal, details=details)])


def refuse(request: Request, error: errors.RiskError) -> JSONResponse:
    """Answer a refusal, and audit it in a transaction of its own, since the request's is rolled back.

    Audited are 401, 403, and attempts announced by ``Audit.failing``. While the database is down a refusal stays a
    refusal: nothing was done that would need a record.
    """
    answer = problems.of_risk_error(request, error)
    if not isinstance(error, errors.NotAuthenticated | errors.NotAllowed) and not hasattr(request.state, "failing"):
        return answer
    try:
        _log_refusal(request, error, answer.status_code)
    except Exception as failure:
        logger.error("a refusal could not be logged in the audit log", extra={"error": type(failure).__name__})
    return answer
