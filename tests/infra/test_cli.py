"""The ``risk`` command: quick to start, and clear about what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra import cdk
from infra.cli import app

runner = CliRunner()


@pytest.mark.parametrize(
    "command",
    [
        "",
        "up",
        "status",
        "smoke",
        "simulate",
        "replay",
        "train",
        "bench",
        "bench detection",
        "openapi",
        "user",
        "user create",
        "dead-letters",
        "dead-letters list",
        "dead-letters replay",
    ],
)
def test_every_command_explains_itself(command: str) -> None:
    result = runner.invoke(app, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_help_loads_nothing_heavy() -> None:
    program = """
import sys
from infra import cli
heavy = {"aws_cdk", "alembic", "fastapi", "lightgbm", "pathway", "pandas", "numpy", "sklearn"}
heavy |= {"ministack", "moto", "sqlalchemy"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_cdk_is_the_version_that_is_written_down() -> None:
    done = subprocess.run([sys.executable, "-m", "infra.cdk", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(cdk.CLI.removeprefix("aws-cdk@"))


def test_status_says_that_nothing_runs(tmp_path: Path) -> None:
    result = runner.invoke(app, ["status", "--data-dir", str(tmp_path)])
    assert result.exit_code == 1
    assert "risk up" in result.output
    result = runner.invoke(app, ["status", "--json", "--data-dir", str(tmp_path)])
    assert result.exit_code == 1
    assert json.loads(result.output) == {"running": False}


def test_the_description_of_the_api_is_compared_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "docs" / "openapi.json"
    assert runner.invoke(app, ["openapi", "--out", str(file), "--check"]).exit_code == 1
    assert runner.invoke(app, ["openapi", "--out", str(file)]).exit_code == 0
    assert json.loads(file.read_text())["openapi"].startswith("3.")
    assert runner.invoke(app, ["openapi", "--out", str(file), "--check"]).exit_code == 0
    file.write_text("{}")
    result = runner.invoke(app, ["openapi", "--out", str(file), "--check"])
    assert result.exit_code == 1
    assert "risk openapi --out" in result.output


def test_a_user_needs_a_database(tmp_path: Path) -> None:
    result = runner.invoke(app, ["user", "list", "--data-dir", str(tmp_path)])
    assert result.exit_code == 2
    assert "--database-url" in result.output


def test_a_short_password_is_refused() -> None:
    result = runner.invoke(app, ["user", "create", "ada@example.com", "--password", "short"])
    assert result.exit_code == 2
    assert "12 to 128" in result.output


def test_a_database_that_does_not_answer_is_told() -> None:
    nowhere = "postgresql://risk:risk@127.0.0.1:9/risk"
    result = runner.invoke(app, ["user", "list", "--database-url", nowhere])
    assert result.exit_code == 1
    assert "does not answer" in result.output


def test_smoke_says_where_it_found_nothing() -> None:
    options = ["--url", "http://127.0.0.1:9", "--email", "ada@example.com", "--json"]
    result = runner.invoke(app, ["smoke", *options], env={"RISK_PASSWORD": "secret-secret"})
    assert result.exit_code == 1
    said = json.loads(result.output)
    assert said["well"] is False
    assert said["checks"][0]["next_step"] == "see whether --url is right and reachable"
    assert [check["passed"] for check in said["checks"]] == [False] * 3 + [None] * 4
    assert "secret-secret" not in result.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--url", "risk.example.com", "--email", "a@b.c"], "is not an address, such as https://risk.example.com"),
        (["--url", "https://risk.example.com"], "--email says who signs in"),
    ],
)
def test_smoke_refuses_what_it_cannot_use(options: list[str], said: str) -> None:
    result = runner.invoke(app, ["smoke", *options], env={"RISK_PASSWORD": "secret-secret"})
    assert result.exit_code == 2
    assert said in result.output
