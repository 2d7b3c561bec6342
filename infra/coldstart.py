"""Times a Lambda bundle's cold start in an interpreter without other packages."""

from __future__ import annotations

import io
import statistics
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra import bundle
from infra.bare import event_for, first_answer

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
"""The minimal comparison program for each function."""


@dataclass(frozen=True)
class ColdStart:
    """Median seconds from process start to the first answer, and the size of the AWS bundle in bytes."""

    function: str
    seconds: float
    baseline: float
    zipped: int

    @property
    def ratio(self) -> float:
        """Start-up time relative to the minimal comparison program."""
        return self.seconds / self.baseline


def zipped(folder: Path) -> int:
    """The size of a bundle in bytes, as the archive that is uploaded."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(folder))
    return len(archive.getvalue())


def measure(function: str, runs: int, advance: Callable[[int], None]) -> ColdStart:
    """Start a function and its minimal comparison program alternately."""
    built, event = bundle.build(function, bundle.LOCAL), event_for(function)
    with tempfile.TemporaryDirectory() as scratch:
        smallest = Path(scratch)
        (smallest / "smallest.py").write_text(_SMALLEST[FUNCTIONS[function]])
        own, other = [], []
        for _ in range(runs):
            own.append(first_answer(f"functions.{function}.handler", event, built)["seconds"])
            other.append(first_answer("smallest", event, built, smallest)["seconds"])
            advance(1)
    weight = zipped(bundle.build(function, bundle.AWS))
    return ColdStart(function, statistics.median(own), statistics.median(other), weight)
