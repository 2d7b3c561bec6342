"""Starts a Lambda's bundle in an interpreter that has nothing else, as a Lambda starts, and times its first answer."""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import bundle

RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
"""What Lambda's own Python runtime has beside the standard library."""

ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "DATABASE_URL": "postgresql://127.0.0.1:1/none",
    "REDIS_HOST": "127.0.0.1",
    "REDIS_PORT": "1",
    "SECRET_KEY": "0" * 64,
    "WS_MANAGEMENT_URL": "http://127.0.0.1:1",
}
"""Settings of a function that reaches nothing: every connection is refused at once."""

_FIRST_ANSWER = """
import time
start = time.perf_counter()
import importlib, json, sys
handler, event, *paths = sys.argv[1:]
sys.path += paths
class Context:
    function_name = aws_request_id = "first"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:first"
    memory_limit_in_mb = 512
    def get_remaining_time_in_millis(self): return 10_000
module, event = importlib.import_module(handler), json.loads(event)
answer = None if event is None else module.handler(event, Context())
seconds = time.perf_counter() - start
own = [m for m in list(sys.modules.values()) if getattr(m, "__file__", None)]
print()
print(json.dumps({
    "seconds": seconds,
    "answer": answer,
    "modules": sorted({m.__name__.split(".")[0] for m in own}),
    "project": sorted({m.__file__ for m in own if m.__name__.split(".")[0] in ("risk", "functions")}),
}, default=str))
"""

_SMALLEST = {
    "fastapi": """
from fastapi import FastAPI
from mangum import Mangum
app = FastAPI()
@app.get("/api/v1/auth/options")
def hello() -> dict[str, str]:
    return {"hello": "world"}
handler = Mangum(app, lifespan="off")
""",
    "boto3": """
import boto3
from pydantic import BaseModel
class Message(BaseModel):
    action: str
def handler(event, context):
    Message(action="ping")
    boto3.client("apigatewaymanagementapi", endpoint_url="http://127.0.0.1:1")
    return {"statusCode": 200}
""",
}
FUNCTIONS = {"api": "fastapi", "websocket": "boto3", "broadcast": "boto3"}
"""Which is the smallest program of its kind, by function."""
EVENTS = Path(__file__).parent / "events"


@dataclass(frozen=True)
class ColdStart:
    """Seconds from nothing to the first answer, medians; and what the bundle for AWS weighs, in bytes."""

    function: str
    seconds: float
    baseline: float
    zipped: int

    @property
    def ratio(self) -> float:
        """How many times the smallest program of its kind this takes."""
        return self.seconds / self.baseline


def runtime(folder: Path) -> Path:
    """Fill a folder with what Lambda's runtime provides, and nothing else of this environment."""
    import boto3

    packages = Path(boto3.__file__).parent.parent
    for name in RUNTIME:
        (folder / name).symlink_to(packages / name)
    return folder


def first_answer(handler: str, event: dict[str, Any] | None, *paths: Path) -> dict[str, Any]:
    """Import ``handler`` with these folders alone on the path, and give it an event, if there is one.

    ``BundleError`` if it fails.
    """
    command = [sys.executable, "-I", "-S", "-B", "-c", _FIRST_ANSWER, handler, json.dumps(event), *map(str, paths)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=ENVIRONMENT)  # noqa: S603
    if done.returncode:
        raise bundle.BundleError(f"{handler} does not start by itself:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def event_for(function: str) -> dict[str, Any]:
    """The event that a function is tried with, in the format that AWS documents for its source."""
    found: dict[str, Any] = json.loads((EVENTS / f"{function}.json").read_text())
    return found


def zipped(folder: Path) -> int:
    """How many bytes a bundle is as the archive that is uploaded."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(folder))
    return len(archive.getvalue())


def measure(function: str, runs: int, advance: Callable[[int], None]) -> ColdStart:
    """Start a function and the smallest program of its kind by turns."""
    built, event = bundle.build(function, bundle.LOCAL), event_for(function)
    with tempfile.TemporaryDirectory() as scratch:
        aside, smallest = Path(scratch) / "runtime", Path(scratch) / "smallest"
        aside.mkdir()
        smallest.mkdir()
        runtime(aside)
        (smallest / "smallest.py").write_text(_SMALLEST[FUNCTIONS[function]])
        own, other = [], []
        for _ in range(runs):
            own.append(first_answer(f"functions.{function}.handler", event, built, aside)["seconds"])
            other.append(first_answer("smallest", event, built, aside, smallest)["seconds"])
            advance(1)
    weight = zipped(bundle.build(function, bundle.AWS))
    return ColdStart(function, statistics.median(own), statistics.median(other), weight)
