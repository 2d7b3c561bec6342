"""Runs a Lambda bundle in an interpreter that has no other packages, as Lambda does."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
"""Settings for a function whose every connection is refused at once."""

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
    "files": sorted({m.__file__ for m in own}),
}, default=str))
"""

EVENTS = Path(__file__).parent / "events"


class DoesNotStart(Exception):
    """A handler could not be imported or raised an error; the message holds its output."""


def first_answer(
    handler: str, event: dict[str, Any] | None, *paths: Path, environment: Mapping[str, str] = ENVIRONMENT
) -> dict[str, Any]:
    """Import ``handler`` with only these folders on the path, and pass it an event, if there is one.

    ``answer`` came after ``seconds``; ``modules`` and ``files`` were loaded. Raises ``DoesNotStart``.
    """
    command = [sys.executable, "-I", "-S", "-B", "-c", _FIRST_ANSWER, handler, json.dumps(event), *map(str, paths)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603
    if done.returncode:
        raise DoesNotStart(f"{handler} does not start by itself:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def event_for(function: str) -> dict[str, Any] | None:
    """A sample event for a function, in the format that AWS documents for its source; None if it has no source."""
    file = EVENTS / f"{function}.json"
    found: dict[str, Any] | None = json.loads(file.read_text()) if file.exists() else None
    return found
