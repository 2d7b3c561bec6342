"""What each function may import: a Lambda that imports more starts slower, and its bundle does not hold it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

NEVER = {"pathway", "pandas", "numpy", "lightgbm", "pyarrow", "alembic", "streaming", "infra"}
REALTIME_NEVER = NEVER | {"fastapi", "starlette", "sqlalchemy", "psycopg", "mangum", "jwt", "pwdlib", "functions.api"}
FORBIDDEN = {
    "api": NEVER | {"functions.websocket", "functions.broadcast", "functions.maintenance"},
    "maintenance": NEVER
    | {"fastapi", "mangum", "redis", "functions.api", "functions.websocket", "functions.broadcast"},
    "websocket": REALTIME_NEVER | {"functions.broadcast"},
    "broadcast": REALTIME_NEVER | {"functions.websocket"},
    "webhooks": NEVER | {"fastapi", "starlette", "mangum", "jwt", "pwdlib", "redis", "functions.api"},
}
SLOW = {
    "boto3",
    "cel_expr_python",
    "cryptography.hazmat",
    "jwt",
    "openai",
    "psycopg",
    "pypdf",
    "risk.scoring.lightgbm_model",
}
"""What the API's first request does not wait for, unless it needs it."""
EVERYTHING = {**os.environ, "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
"""Lets the API load all of its resources as it starts."""


def imported(function: str, environment: dict[str, str]) -> set[str]:
    program = f"import json, sys, functions.{function}.handler; print(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found = set(json.loads(done.stdout.splitlines()[-1]))
    assert f"functions.{function}.handler" in found
    return found


@pytest.mark.parametrize("function", FORBIDDEN)
def test_a_function_imports_nothing_that_its_bundle_does_not_hold(function: str) -> None:
    assert imported(function, EVERYTHING) & FORBIDDEN[function] == set()


def test_the_api_starts_with_what_every_request_needs_and_before_a_snapshot_with_all_of_it() -> None:
    first, whole = imported("api", dict(os.environ)), imported("api", EVERYTHING)
    assert first & SLOW == set()
    assert not [name for name in first if name.startswith("functions.api.") and name.endswith("routes")]
    assert {"functions.api.alerts.routes", "functions.api.rules.routes", "functions.api.explanations.routes"} <= whole


def test_importing_the_api_connects_to_nothing() -> None:
    program = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('a connection at import')\n"
        "socket.socket.connect = refuse\n"
        "import functions.api.handler, functions.websocket.handler, functions.broadcast.handler\n"
        "import functions.webhooks.handler, functions.maintenance.handler\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env=EVERYTHING)
