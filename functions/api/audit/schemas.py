"""Request and response schemas of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from functions.api.http.conventions.schemas import Page
from risk.audit.diff import FindingKind
from risk.audit.record import Outcome

MAX_VERIFY = 100_000
Seq = Annotated[int, Field(ge=1, le=2**53)]


class PersonalValue(BaseModel):
    """A personal value of a record: its commitment, and the value unless it was erased."""

    commitment: str
    value: str | None
    erased: bool


class AuditRecord(BaseModel):
    """One audited action.

    ``actor`` is `user:<id>`, `engine`, `system` or `anonymous`; ``action`` is an operation of this API or of the
    engine; ``leaf_hash`` is its hash in the Merkle tree, in hexadecimal.
    """

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
    """A page of audit records, newest first; ``next_cursor`` asks for the next page and is null on the last."""


class AuditCheckpoint(BaseModel):
    """The newest signed head of the log.

    ``note`` is a complete C2SP tlog-checkpoint; ``key`` verifies it.
    """

    note: str
    origin: str
    size: int
    root: str
    signed_at: datetime
    key: str


class AuditProof(BaseModel):
    """A record with its proof. ``record`` is its canonical JSON; ``proof`` a C2SP tlog-proof with its checkpoint."""

    seq: int
    record: str
    leaf_hash: str
    size: int
    proof: str


class AuditVerification(BaseModel):
    """Which records to verify; by default those since the last verification, up to the checkpoint."""

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
    """The result of a verification. ``next`` is the first unverified record, null if none is left."""

    ok: bool
    first: int | None
    last: int | None
    records: int
    size: int
    root: str
    findings: list[AuditFinding]
    next: int | None


class AuditErasure(BaseModel):
    """A personal value to erase, exactly as it is stored: an address, an account, a note.

    The reason is audited; the value is not.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"value": "ada@example.com", "reason": "asked to be forgotten, case 1881"}]},
    )

    value: Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]+$")]
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class AuditErased(BaseModel):
    """How many audit records held the value, which remain with their proofs, and how many rows by table were erased."""

    records: int
    rows: dict[str, int]
