"""Request and response schemas of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from functions.api.http.schemas import Page
from risk.audit.diff import FindingKind
from risk.audit.record import Outcome

MAX_VERIFY = 100_000
Seq = Annotated[int, Field(ge=1, le=2**53)]


class PersonalValue(BaseModel):
    """A personal value of a record: the commitment that the log proves, and the value, unless it was erased."""

    commitment: str
    value: str | None
    erased: bool


class AuditRecord(BaseModel):
    """One action. ``actor`` is `user:<id>`, `engine`, `system` or `anonymous`; ``action`` is an operation of this API,
    or what the engine did; ``leaf_hash`` is its hash in the tree, in hexadecimal."""

    seq: int
    id: str
    at: datetime
    actor: str
    action: str
    subject: str
    outcome: Outcome
    request_id: str | None
    details: dict[str, Any]
    personal: dict[str, PersonalValue]
    leaf_hash: str


class AuditPage(Page[AuditRecord]):
    """A part of the log, newest first; ``next_cursor`` asks for the next part, and is null at the end."""


class AuditCheckpoint(BaseModel):
    """The newest signed head of the log. ``note`` is a C2SP tlog-checkpoint, whole; ``key`` what it verifies with."""

    note: str
    origin: str
    size: int
    root: str
    signed_at: datetime
    key: str


class AuditProof(BaseModel):
    """A record, proven. ``record`` is its canonical JSON; ``proof`` a C2SP tlog-proof, with its checkpoint."""

    seq: int
    record: str
    leaf_hash: str
    size: int
    proof: str


class AuditVerification(BaseModel):
    """Which records to check; left out, those that came since the last verification, as far as the checkpoint goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Seq | None = None
    last: Seq | None = None


class AuditFinding(BaseModel):
    """What is wrong with the records from ``seq`` to ``until``."""

    kind: FindingKind
    seq: int
    until: int
    detail: str


class AuditVerified(BaseModel):
    """What was checked. ``next`` is the first record that was not, null when there is none up to the checkpoint."""

    ok: bool
    first: int | None
    last: int | None
    records: int
    size: int
    root: str
    findings: list[AuditFinding]
    next: int | None


class AuditErasure(BaseModel):
    """A personal value to forget, exactly as it is kept: an address, an account, a note. Why is logged; it is not."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"value": "ada@example.com", "reason": "asked to be forgotten, case 1881"}]},
    )

    value: Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]+$")]
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class AuditErased(BaseModel):
    """In how many records the value was kept. They stay, as does every proof of them."""

    records: int
