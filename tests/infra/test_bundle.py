"""A bundle has all that its function imports, nothing that it must not, and is the same each time."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra import PROJECT, bare, bundle, coldstart

HEAVY = {"alembic", "lightgbm", "numpy", "pandas", "pathway"}
FORBIDDEN = {
    "api": HEAVY,
    "maintenance": HEAVY | {"fastapi", "redis"},
    "websocket": HEAVY | {"fastapi", "sqlalchemy", "psycopg"},
    "broadcast": HEAVY | {"fastapi", "sqlalchemy", "psycopg"},
    "webhooks": HEAVY | {"fastapi", "redis"},
}
WEIGHT = {"api": 38, "websocket": 9, "broadcast": 9, "webhooks": 20, "maintenance": 30}  # MB, zipped
ANSWERS = {"api": 200, "websocket": 503}  # without Valkey no ticket can be redeemed


def contents(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Each file's digest, mode and time."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mode,
            int(path.stat().st_mtime),
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("function", sorted(bundle.EXTRAS.keys() - coldstart.FUNCTIONS))
def test_a_bundle_imports_its_handler_with_nothing_else_installed(function: str) -> None:
    folder = bundle.build(function, bundle.LOCAL)
    loaded = bare.first_answer(f"functions.{function}.handler", None, folder)
    assert not set(loaded["modules"]) & FORBIDDEN[function]
    assert all(file.startswith(str(folder)) for file in loaded["files"] if file.startswith(str(PROJECT)))


def test_the_bundle_of_maintenance_can_migrate(tmp_path: Path) -> None:
    folder = bundle.build("maintenance", bundle.LOCAL)
    program = (
        "import sys; sys.path += sys.argv[1:]; import functions.maintenance.migrations;"
        "from risk.store.db import migrate;"
        "from alembic.script import ScriptDirectory as S;"
        "print(S.from_config(migrate.config('postgresql://nobody@localhost/none')).get_current_head())"
    )
    command = [sys.executable, "-I", "-S", "-B", "-c", program, str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    newest = max(path.name[:4] for path in (PROJECT / "risk/store/db/migrations/versions").glob("[0-9]*.py"))
    assert done.stdout.strip().startswith(newest)


@pytest.mark.parametrize("function", coldstart.FUNCTIONS)
def test_a_bundle_answers_its_first_event_with_nothing_else_installed(function: str) -> None:
    folder = bundle.build(function, bundle.LOCAL)
    first = bare.first_answer(f"functions.{function}.handler", bare.event_for(function), folder)
    assert not set(first["modules"]) & FORBIDDEN[function]
    assert all(file.startswith(str(folder)) for file in first["files"] if file.startswith(str(PROJECT)))
    if function == "broadcast":
        assert first["answer"] == {"batchItemFailures": []}  # an old record: given up, not tried for ever
    else:
        assert first["answer"]["statusCode"] == ANSWERS[function]


@pytest.mark.parametrize("function", sorted(bundle.EXTRAS))
def test_a_bundle_for_lambda_holds_one_function_for_another_processor_with_bytecode_of_what_it_loads(
    function: str,
) -> None:
    folder = bundle.build(function, bundle.AWS)
    names = contents(folder)
    assert {name.split("/")[1] for name in names if name.startswith("functions/")} == {
        "__init__.py",
        "__pycache__",
        function,
    }
    compiled = [name for name in names if name.endswith(".so")]
    assert compiled
    assert not [name for name in compiled if "x86_64" in name or "darwin" in name]
    assert any("aarch64" in name for name in compiled)
    bytecode = {name for name in names if name.endswith(".pyc")}
    assert {
        f"functions/{function}/__pycache__/handler.cpython-313.pyc",
        "risk/config/__pycache__/settings.cpython-313.pyc",
    } <= bytecode
    assert all(name.endswith(".cpython-313.pyc") for name in bytecode)
    assert not [
        name for name in bytecode if name.startswith(("openai/", "pypdf/"))
    ]  # nobody waits for these at a start
    top = {name.split("/")[0] for name in names}
    heavy = HEAVY - {"alembic"} if function == "maintenance" else HEAVY
    assert not top & (heavy | {"infra", "streaming"})
    assert "boto3" in top, "Lambda's own is of another version"
    assert coldstart.zipped(folder) < WEIGHT[function] * 1_000_000


def test_a_bundle_describes_every_service_of_aws_that_functions_call_and_no_other() -> None:
    called = {
        name
        for part in ("risk", "functions")
        for path in (PROJECT / part).rglob("*.py")
        for name in re.findall(r"boto3\.client\(\s*\"(\w+)\"", path.read_text())
    }
    assert called == set(bundle.AWS_SERVICES)
    described = bundle.build("api", bundle.AWS) / "botocore" / "data"
    assert {path.name for path in described.iterdir() if path.is_dir()} == called


def test_a_bundle_is_the_same_byte_for_byte_when_built_again(tmp_path: Path) -> None:
    one = bundle.build("websocket", bundle.AWS, cache=tmp_path / "one")
    two = bundle.build("websocket", bundle.AWS, cache=tmp_path / "two")
    assert one.name == two.name
    assert contents(one) == contents(two)


def test_another_source_makes_another_bundle_from_the_same_libraries(tmp_path: Path) -> None:
    for name in ("uv.lock", "pyproject.toml", "README.md", "LICENSE"):
        (tmp_path / name).symlink_to(PROJECT / name)
    for part in ("risk", "functions", "functions/websocket"):
        (tmp_path / part).mkdir()
        (tmp_path / part / "__init__.py").touch()
    before = bundle.build("websocket", bundle.LOCAL, project=tmp_path)
    (tmp_path / "risk" / "more.py").write_text("x = 1\n")
    after = bundle.build("websocket", bundle.LOCAL, project=tmp_path)
    assert before != after
    assert (after / "risk" / "more.py").exists()
    assert len(list((tmp_path / "cdk.out" / "bundles").glob("libraries-*"))) == 1


def test_a_function_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(bundle.BundleError, match="no function 'api'"):
        bundle.build("api", bundle.LOCAL, project=tmp_path)
