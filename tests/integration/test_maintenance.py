"""The maintenance Lambda on the emulator: checkpoints are signed in KMS, kept in a locked bucket, and never go back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError
from sqlalchemy import Engine, text

from functions.maintenance import checkpoints, handler
from infra.local.services.emulator import REGION, client_config
from risk.adapters import checkpoint_bucket
from risk.adapters.checkpoint_signers import KmsSigner
from risk.audit.checkpoint import VerifierKey, open_checkpoint
from risk.audit.record import Entry
from risk.config.settings import MaintenanceSettings
from risk.domain.errors import InvalidInput, Tampered
from risk.store.audit import audit_log
from risk.store.db.engine import create_pool
from risk.store.db.roles import DatabaseRole
from tests.services import Services

pytestmark = pytest.mark.integration
ORIGIN = "risk.test/audit"
TASK = {"task": "audit-checkpoint"}


@dataclass
class Context:
    function_name: str = "maintenance"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:maintenance"
    aws_request_id: str = "11111111-2222-3333-4444-555555555555"


@dataclass
class Place:
    """What the function works on."""

    engine: Engine
    bucket: str
    s3: Any
    key: VerifierKey

    def append(self, count: int) -> None:
        entry = Entry(datetime.now(UTC), "user:1", "resolve_alert", "alert:1")
        with self.engine.begin() as connection:
            audit_log.append(connection, [entry] * count)

    def kept(self) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [self.s3.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read().decode() for one in found]


@pytest.fixture
def place(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", services.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    options: dict[str, Any] = {"endpoint_url": services.endpoint, "config": client_config(), "region_name": REGION}
    kms, s3 = boto3.client("kms", **options), boto3.client("s3", **options)
    key_id = kms.create_key(KeySpec="ECC_NIST_EDWARDS25519", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    bucket = f"audit-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    lock: Any = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=lock)
    url = services.database()
    settings = MaintenanceSettings(
        _env_file=None,
        audit_origin=ORIGIN,
        audit_key_id=key_id,
        audit_bucket=bucket,
        database_url=services.as_role(url, DatabaseRole.MAINTENANCE),
    )
    engine = create_pool(url, application="test", size=3)
    own = create_pool(settings.database_url.get_secret_value(), application="maintenance", size=3)
    monkeypatch.setattr(handler, "settings", lambda: settings)
    monkeypatch.setattr(handler, "database", lambda: own)
    monkeypatch.setattr(handler, "signer", lambda: KmsSigner(key_id))
    yield Place(engine, bucket, s3, VerifierKey(ORIGIN, KmsSigner(key_id).public_key()))
    engine.dispose()
    own.dispose()
    kms.close()
    s3.close()


def call(event: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = handler.handler(event, cast(LambdaContext, Context()))
    return answer


def test_checkpoints_are_signed_by_kms_and_kept_once_each(place: Place) -> None:
    assert call(TASK) == {"size": 0, "new": True}
    place.append(300)
    assert call(TASK) == {"size": 300, "new": True}
    assert call(TASK) == {"size": 300, "new": False}
    place.append(1)
    assert call(TASK) == {"size": 301, "new": True}
    assert [open_checkpoint(note, place.key).size for note in place.kept()] == [301, 300, 0]


def test_a_kept_checkpoint_cannot_be_deleted(place: Place) -> None:
    place.append(1)
    call(TASK)
    [version] = place.s3.list_object_versions(Bucket=place.bucket)["Versions"]
    with pytest.raises(ClientError, match="object lock"):
        place.s3.delete_object(Bucket=place.bucket, Key=version["Key"], VersionId=version["VersionId"])


def test_one_that_was_stored_and_not_kept_is_kept_the_next_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> None:
        raise ConnectionError

    place.append(2)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "keep", lost)
        with pytest.raises(ConnectionError):
            call(TASK)
    assert place.kept() == []
    assert call(TASK) == {"size": 2, "new": False}
    assert [open_checkpoint(note, place.key).size for note in place.kept()] == [2]


def test_a_database_that_was_set_back_is_not_signed_and_raises_the_alarm(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.append(5)
    call(TASK)
    place.append(5)
    call(TASK)
    with place.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        connection.execute(text("ALTER TABLE audit_checkpoints DISABLE TRIGGER ALL"))
        connection.execute(text("DELETE FROM audit_log WHERE seq > 5"))
        connection.execute(text("DELETE FROM audit_checkpoints WHERE size > 5"))
        connection.execute(text("SELECT setval('audit_log_seq', 5)"))
    with pytest.raises(Tampered, match="6 to 10"):
        call(TASK)
    assert '"AuditLogTampered":[1.0]' in capsys.readouterr().out
    # Filled up again with other records, it is still not the log that was signed.
    place.append(7)
    with pytest.raises(Tampered, match="first 10 records"):
        call(TASK)
    assert len(place.kept()) == 2


def test_a_checkpoint_that_was_written_over_counts_as_it_was(place: Place) -> None:
    place.append(5)
    call(TASK)
    place.s3.put_object(Bucket=place.bucket, Key=checkpoint_bucket.key_of(5), Body=b"nothing")
    place.append(1)
    assert call(TASK) == {"size": 6, "new": True}


def test_the_auditor_verifies_the_whole_log_as_a_role_that_can_only_read(
    place: Place, services: Services, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place.append(5)
    call(TASK)
    place.append(2)
    call(TASK)
    url = place.engine.url.render_as_string(hide_password=False)
    reader = create_pool(services.as_role(url, DatabaseRole.AUDITOR), application="auditor")
    monkeypatch.setattr(handler, "database", lambda: reader)
    assert handler.audit({}, cast(LambdaContext, Context())) == {"records": 7, "checkpoints": 2}
    with place.engine.begin() as connection:  # a database that was restored to an earlier moment
        connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        connection.execute(text("DELETE FROM audit_log WHERE seq > 5"))
    with pytest.raises(Tampered, match="records 6 to 7 were signed and are gone"):
        handler.audit({}, cast(LambdaContext, Context()))
    printed = capsys.readouterr().out
    assert '"AuditLogTampered":[1.0]' in printed
    assert '"task":"audit-check"' in printed
    reader.dispose()


def test_an_unknown_task_says_which_there_are() -> None:
    with pytest.raises(InvalidInput, match="audit-checkpoint"):
        call({"task": "tidy"})
