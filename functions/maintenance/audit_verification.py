"""The task "audit-verify": the audit log against a checkpoint that nobody can have changed, from inside the network."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from risk.adapters.checkpoint_bucket import bucket_client, newest_kept
from risk.audit.checkpoint import VerifierKey, open_checkpoint
from risk.audit.verification import LogCheck
from risk.domain.errors import InvalidInput
from risk.store.audit import checkpoints
from risk.store.audit.audit_log import rows, settled

SHOWN = 20


def run(database: Engine, key: VerifierKey, bucket: str) -> dict[str, Any]:
    """Check every record against the newest checkpoint in ``bucket``: what was found, with the first findings."""
    note = newest_kept(bucket_client(), bucket)
    if note is None:
        raise InvalidInput("there is no checkpoint in the bucket")
    checkpoint = open_checkpoint(note, key)
    log = LogCheck()
    with settled(database) as connection:
        for chunk in rows(connection):
            log.meet(chunk)
        earlier = checkpoints.earlier(connection, key, checkpoint.size)
        report = log.judge(checkpoint, nodes=checkpoints.nodes(connection), earlier=earlier)
    return {
        "ok": report.ok,
        "checkpoint": checkpoint.size,
        "records": report.records,
        "added_since": report.added_since,
        "findings": [str(finding) for finding in report.findings[:SHOWN]],
        "more_findings": max(0, len(report.findings) - SHOWN) + report.more,
    }
