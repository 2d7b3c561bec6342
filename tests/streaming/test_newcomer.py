"""The path of somebody new: a file of theirs, imported as history; scores, a report, a model, its promotion.

``NEWCOMER_ROWS=200000`` walks it at full size and prints how long each step takes.
"""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.cli import app
from risk.scoring.deployment import ModelRole
from risk.store.db.engine import create_pool
from risk.store.models import models
from tests.paysim import write_paysim
from tests.services import Services
from tests.streaming.engine import Written, running, wait_for
from tests.streaming.events import events
from tests.streaming.test_history import QUICK, put

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1_800)]

ROWS = int(os.environ.get("NEWCOMER_ROWS", "5000"))


def run(*arguments: str) -> dict[str, Any]:
    began = time.monotonic()
    result = CliRunner().invoke(app, ["import", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    print(f"{arguments[1:]}: {time.monotonic() - began:.1f} s {found}")  # noqa: T201  (a measurement)
    return found


def promote(url: str, version: str) -> None:
    """As an administrator does on the dashboard."""
    pool = create_pool(url, application="test")
    with pool.begin() as connection:
        present = models.current_to_change(connection)
        stage = present.stage.promote(version, ModelRole.CHAMPION)
        models.change_stage(connection, present, stage, by="admin@example.com", at=datetime.now(UTC), reason="tried")
    pool.dispose()


def test_a_newcomers_file_becomes_scores_a_report_and_the_model_that_scores(services: Services, tmp_path: Path) -> None:
    file, page = tmp_path / "transactions.csv", tmp_path / "report.html"
    frauds = write_paysim(file, ROWS)
    url, stream = services.database(), services.stream(1)
    environment = services.engine(url, stream, services.stream(1)) | QUICK
    with Written(url) as written, running(environment, tmp_path / "engine.log") as process:
        loaded = run(str(file), "--to", "stack", "--then", "train", "--database-url", url)
        assert (loaded["rows"], loaded["refused"], loaded["loaded"]["events"]) == (ROWS, 0, ROWS)
        assert written.scalar("SELECT count(*) FROM assessments WHERE import_id = 1 AND score BETWEEN 0 AND 1") == ROWS
        assert written.scalar("SELECT count(*) FROM labels WHERE fraud") == frauds
        assert loaded["metrics"]

        told = run(str(file), "--report", str(page), "--database-url", url)
        text = page.read_text()
        assert told["frauds"] == frauds
        assert f"{ROWS:,} events from 2025-01-01" in text
        assert text.count("<svg") >= 6
        assert "http" not in text, "the page asks the network for something"

        promote(url, loaded["model"])
        (event,) = events(1, seed=9)
        wait_for(lambda: loaded["model"] in (tmp_path / "engine.log").read_text(), 30)
        put(services, stream, [event])
        scorer = f"SELECT scorer FROM assessments WHERE event_id = '{event.event_id}'"
        wait_for(lambda: written.scalar(scorer) is not None, 30)
        assert written.scalar(scorer) == loaded["model"]
        assert process.terminate() == 0
