"""Synthesizes the Edge stack and deploys it to the emulator, so that the same stack runs here and in AWS.

No CDK CLI and no network: the CDK app writes an assembly, and CloudFormation reads it.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from infra import PROJECT, bundle, node
from infra.local.services import data_stack
from infra.local.services.emulator import REGION, Emulator, client_config
from infra.local.services.postgres import Postgres
from infra.local.services.valkey import Valkey
from infra.local.stack.cloudformation import create_stack
from infra.local.stack.language_model import LanguageModel
from infra.local.stack.processes import Children
from infra.stages import LOCAL_STAGE
from infra.stages import __file__ as stages_file
from risk.store.db.roles import DatabaseRole

STACK = "RiskEdge-local"
_BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
_KEPT = 3  # keep assemblies: another stack may be reading one


@dataclass(frozen=True)
class Deployment:
    """The name and addresses of the deployed stack."""

    endpoint: str
    kinesis: str
    api_url: str
    websocket_url: str
    management_url: str
    events_stream: str
    updates_stream: str
    uploads_bucket: str
    functions: Mapping[str, str]


def synthesize(children: Children, model: LanguageModel) -> Path:
    """The folder of the assembly, rebuilt only when its sources or the model have changed."""
    cache = PROJECT / "cdk.out"
    folders = [bundle.build(name, LOCAL_STAGE.target).name for name in bundle.EXTRAS]
    context = _context(model)
    final = cache / f"local-{_fingerprint(folders, context)}"
    if final.exists():
        return final
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".synthesizing-") as scratch:
        draft = Path(scratch) / "assembly"
        environment = {
            **node.for_cdk(),
            "CDK_OUTDIR": str(draft),
            "CDK_CONTEXT_JSON": json.dumps(context),
            "TMPDIR": scratch,
        }
        children.run("synthesize", [sys.executable, "-m", "infra.app"], env=environment, cwd=PROJECT)
        try:
            draft.rename(final)
        except OSError:
            if not final.exists():  # otherwise another process was faster
                raise
    for old in sorted(cache.glob("local-*"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def deploy(
    assembly: Path, emulator: Emulator, postgres: Postgres, valkey: Valkey, audit_key: Path, model_key: str
) -> Deployment:
    """Create what the Data stack would provide, deploy the Edge stack, and return its addresses."""
    import boto3

    session = boto3.Session("test", "test", region_name=REGION)
    options: dict[str, Any] = {"endpoint_url": emulator.endpoint, "config": client_config()}
    secrets = options | {"endpoint_url": emulator.endpoint_of("secretsmanager")}
    vault = session.client("secretsmanager", **secrets)
    logins = {f"database/{role}": postgres.secret(role) for role in DatabaseRole}
    logins |= {f"valkey/{user}": {"username": user, "password": word} for user, word in valkey.passwords.items()}
    for name, login in logins.items():
        vault.create_secret(Name=LOCAL_STAGE.secret(name), SecretString=json.dumps(login))
    if model_key:
        vault.create_secret(Name=LOCAL_STAGE.secret("openai-api-key"), SecretString=model_key)
    parameters = session.client("ssm", **options)
    known = {
        "valkey/host": "127.0.0.1",
        "valkey/port": str(valkey.port),
        "endpoint": emulator.endpoint,
        "audit/key-file": str(audit_key),
    }
    parameters.put_parameter(Name=_BOOTSTRAP, Value="30", Type="String")
    for name, value in known.items():
        parameters.put_parameter(Name=LOCAL_STAGE.parameter(name), Value=value, Type="String")
    storage = session.client("s3", **options)
    for bucket, key, body in _assets(assembly):
        storage.create_bucket(Bucket=bucket)
        storage.put_object(Bucket=bucket, Key=key, Body=body)
    template = json.loads((assembly / f"{STACK}.template.json").read_text())
    if emulator.elsewhere:
        data = options | {"endpoint_url": emulator.endpoint_of("cloudformation")}
        template = data_stack.deploy(session.client("cloudformation", **data), template)
    outputs = create_stack(session.client("cloudformation", **options), STACK, template)
    # The emulator's CloudFormation ignores this bucket property, but its S3 respects it.
    retention: Any = {"Mode": "GOVERNANCE", "Days": LOCAL_STAGE.audit_retention_days}
    kept = options | {"endpoint_url": emulator.endpoint_of("s3")}
    session.client("s3", **kept).put_object_lock_configuration(
        Bucket=outputs["AuditBucket"],
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}},
    )
    return _deployment(emulator, outputs)


def _context(model: LanguageModel) -> dict[str, Any]:
    settings = json.loads((PROJECT / "cdk.json").read_text())["context"]
    zones = json.loads((PROJECT / "cdk.context.json").read_text())
    return {**settings, **zones, "stage": LOCAL_STAGE.name, **model.context}


def _fingerprint(folders: list[str], context: Mapping[str, Any]) -> str:
    sources = [PROJECT / "infra/app.py", Path(stages_file), *sorted((PROJECT / "infra/stacks").glob("*.py"))]
    parts = [*folders, json.dumps(context), version("aws-cdk-lib"), *(path.read_text() for path in sources)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


def _assets(assembly: Path) -> Iterator[tuple[str, str, bytes]]:
    """Bucket, key and content of each file asset. The template is among them because it may be large."""
    manifest = json.loads((assembly / f"{STACK}.assets.json").read_text())
    for file in manifest["files"].values():
        source = assembly / file["source"]["path"]
        body = _zip(source) if file["source"]["packaging"] == "zip" else source.read_bytes()
        for destination in file["destinations"].values():
            bucket = destination["bucketName"].replace("${AWS::AccountId}", str(LOCAL_STAGE.account))
            yield bucket.replace("${AWS::Region}", REGION), destination["objectKey"], body


def _zip(folder: Path) -> bytes:
    """Pack a folder without compression: it only goes to the next process."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return buffer.getvalue()


def _deployment(emulator: Emulator, outputs: Mapping[str, str]) -> Deployment:
    base = f"{emulator.endpoint}/_aws/execute-api"
    live = f"{base}/{outputs['WebSocketApiId']}/ws"
    return Deployment(
        endpoint=emulator.endpoint,
        kinesis=emulator.endpoint_of("kinesis"),
        api_url=f"{base}/{outputs['HttpApiId']}/$default",
        websocket_url=live.replace("http://", "ws://", 1),
        management_url=live,
        events_stream=outputs["EventsStream"],
        updates_stream=outputs["UpdatesStream"],
        uploads_bucket=outputs["UploadsBucket"],
        functions={name: outputs[f"{name.capitalize()}Function"] for name in bundle.EXTRAS},
    )
