"""All domain errors: a slug for programs and a title for people.

None of them knows HTTP; ``functions/api/http/conventions/problems.py`` maps them to statuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class RiskError(Exception):
    """An expected refusal. ``detail`` says what happened and what to do next."""

    slug = "risk-error"
    title = "The request could not be carried out"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidInput(RiskError):
    """An invalid value; ``field`` is its dotted path."""

    slug = "invalid-input"
    title = "The request is not valid"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


class Fault(NamedTuple):
    """What is wrong with an expression, and where: line and column from 1."""

    line: int
    column: int
    detail: str


class InvalidExpression(InvalidInput):
    """An invalid expression; ``faults`` say why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        told = "; ".join(f"line {fault.line}, column {fault.column}: {fault.detail}" for fault in faults)
        super().__init__(told, field="expression")
        self.faults = tuple(faults)


class NotFound(RiskError):
    """The requested object does not exist."""

    slug = "not-found"
    title = "Not found"


class Conflict(RiskError):
    """The object exists, but its state does not allow this."""

    slug = "conflict"
    title = "The request conflicts with the present state"


class Unseen(Conflict):
    """It is in another person's hands: the caller has to show that they have read that, and which version."""

    slug = "unseen"
    title = "It is in another person's hands"


class Stale(RiskError):
    """The resource has changed since the caller read it."""

    slug = "stale"
    title = "It has changed since you read it"


class TooMany(RiskError):
    """Too many requests; ``retry_after`` is in seconds."""

    slug = "too-many-requests"
    title = "Too many requests"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class NotAuthenticated(RiskError):
    """Missing or invalid credentials."""

    slug = "not-authenticated"
    title = "Sign in first"


class NotAllowed(RiskError):
    """The caller is authenticated but may not do this."""

    slug = "not-allowed"
    title = "Your role does not allow this"


class Unavailable(RiskError):
    """A dependency is unavailable; retrying later may help."""

    slug = "unavailable"
    title = "A needed service does not answer"


class Overloaded(Unavailable):
    """More comes in than is worked off; ``retry_after`` seconds from now it may fit."""

    slug = "overloaded"
    title = "Too much comes in at the moment"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Fenced(RiskError):
    """Another engine holds the lease: this one must not write any more."""

    slug = "fenced"
    title = "Another engine has taken over"


class Tampered(RiskError):
    """The audit log differs from what was signed; ``detail`` names the record."""

    slug = "tampered"
    title = "The audit log was changed"
