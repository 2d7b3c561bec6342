"""The calls to AWS that the code makes, and a recorder that judges each call of a test against them.

``tests/infra/test_permissions.py`` proves that ``CALLS`` is what the synthesized roles allow.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from botocore.client import BaseClient

from infra import PROJECT
from risk.store.db.roles import DatabaseRole

# By role: (action, part of the resource's ARN or of its name in the template).
CALLS: dict[str, set[tuple[str, str]]] = {
    "Api": {
        ("secretsmanager:GetSecretValue", "database/api"),
        ("secretsmanager:GetSecretValue", "valkey/api"),
        ("secretsmanager:GetSecretValue", "LabelKey"),
        ("secretsmanager:GetSecretValue", "SecretKey"),
        ("secretsmanager:GetSecretValue", "WebhookKey"),
        ("secretsmanager:GetSecretValue", "OriginKey"),
        ("kinesis:PutRecords", "Events"),
        ("kinesis:PutRecords", "Updates"),
        ("s3:PutObject", "Exports"),
        ("s3:AbortMultipartUpload", "Exports"),
        ("s3:PutObject", "Uploads"),
        ("s3:AbortMultipartUpload", "Uploads"),
        ("s3:ListMultipartUploadParts", "Uploads"),
        ("s3:GetObject", "Uploads"),
        ("s3:GetObject", "Exports"),  # a signed link acts as its signer
        ("kms:GetPublicKey", "Audit"),
        ("s3:ListBucket", "Audit"),
        ("s3:ListBucketVersions", "Audit"),
        ("s3:GetObject", "Audit"),
        ("s3:GetObjectVersion", "Audit"),
    },
    "Websocket": {
        ("execute-api:ManageConnections", "WebSocketApi"),
        ("secretsmanager:GetSecretValue", "valkey/websocket"),
    },
    "Broadcast": {
        ("execute-api:ManageConnections", "WebSocketApi"),
        ("secretsmanager:GetSecretValue", "valkey/broadcast"),
    },
    "Webhooks": {
        ("secretsmanager:GetSecretValue", "database/webhooks"),
        ("secretsmanager:GetSecretValue", "WebhookKey"),
    },
    "Maintenance": {
        ("secretsmanager:GetSecretValue", "database/maintenance"),
        ("kinesis:PutRecords", "Updates"),
        ("kms:GetPublicKey", "Audit"),
        ("kms:Sign", "Audit"),
        ("s3:ListBucket", "Audit"),
        ("s3:ListBucketVersions", "Audit"),
        ("s3:GetObject", "Audit"),
        ("s3:GetObjectVersion", "Audit"),
        ("s3:PutObject", "Audit"),
    },
    "Auditor": {
        ("secretsmanager:GetSecretValue", "database/auditor"),
        ("kms:GetPublicKey", "Audit"),
        ("s3:ListBucket", "Audit"),
        ("s3:ListBucketVersions", "Audit"),
        ("s3:GetObject", "Audit"),
        ("s3:GetObjectVersion", "Audit"),
    },
    "Migrations": {
        ("secretsmanager:GetSecretValue", "database"),
        *(("secretsmanager:GetSecretValue", f"database/{role}") for role in DatabaseRole),
    },
    "TaskTask": {
        ("secretsmanager:GetSecretValue", "database/engine"),
        ("secretsmanager:GetSecretValue", "valkey/engine"),
        ("secretsmanager:GetSecretValue", "label-key"),
        ("kinesis:ListShards", "Events"),
        ("kinesis:GetShardIterator", "Events"),
        ("kinesis:GetRecords", "Events"),
        ("kinesis:PutRecords", "Updates"),
        ("s3:GetObject", "Uploads"),
        ("s3:PutObject", "Uploads"),
    },
}

_NAMED_OTHERWISE = {
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:ListParts": "s3:ListMultipartUploadParts",
    "s3:HeadObject": "s3:GetObject",
    "execute-api:PostToConnection": "execute-api:ManageConnections",
    "execute-api:DeleteConnection": "execute-api:ManageConnections",
    "execute-api:GetConnection": "execute-api:ManageConnections",
}
_SOURCE = re.compile(rf"{re.escape(str(PROJECT))}/(?:functions/(\w+)|streaming/(engine|importing))/")
_ROLES = {"engine": "TaskTask", "importing": "TaskTask"}
CONDITIONAL = {("Api", "ses:SendEmail"): "allowed where mail_from is set"}


def action_of(service: str, operation: str, arguments: dict[str, Any]) -> str:
    """The IAM action of an operation of boto3's."""
    if service == "s3" and operation == "GetObject" and arguments.get("VersionId"):
        return "s3:GetObjectVersion"
    action = f"{service}:{operation}"
    return _NAMED_OTHERWISE.get(action, action)


def caller() -> str | None:
    """The role of the code that is calling; None if a test itself calls."""
    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment]
        found = _SOURCE.match(frame.f_code.co_filename)
        if found:
            name = found[1] or found[2]
            return _ROLES.get(name, name.capitalize())
    return None


@dataclass
class Recorder:
    """The calls since the start: (role, action). ``denied`` are those that ``CALLS`` does not have."""

    made: set[tuple[str, str]] = field(default_factory=set)
    denied: list[tuple[str, str]] = field(default_factory=list)

    def note(self, role: str, action: str) -> None:
        """Record a call."""
        self.made.add((role, action))
        allowed = {one for one, _ in CALLS.get(role, set())}
        if action not in allowed and (role, action) not in CONDITIONAL:
            self.denied.append((role, action))


@contextmanager
def recorded() -> Iterator[Recorder]:
    """Record every call of every client of boto3 in this process."""
    recorder, client = Recorder(), cast(Any, BaseClient)
    call = client._make_api_call

    def record(self: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        role = caller()
        if role is not None:
            recorder.note(role, action_of(self.meta.service_model.signing_name, operation, arguments))
        return call(self, operation, arguments)

    client._make_api_call = record
    try:
        yield recorder
    finally:
        client._make_api_call = call
