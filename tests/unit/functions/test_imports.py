"""What each function may import: a Lambda that imports more starts slower, and its bundle does not hold it."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize("function", FORBIDDEN)
def test_a_function_imports_nothing_that_its_bundle_does_not_hold(function: str) -> None:
    program = f"import json, sys, functions.{function}.handler; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported = set(json.loads(done.stdout.splitlines()[-1]))
    assert f"functions.{function}.handler" in imported
    assert imported & FORBIDDEN[function] == set()


def test_importing_the_api_connects_to_nothing() -> None:
    program = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('a connection at import')\n"
        "socket.socket.connect = refuse\n"
        "import functions.api.handler, functions.websocket.handler, functions.broadcast.handler\n"
        "import functions.webhooks.handler, functions.maintenance.handler\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
