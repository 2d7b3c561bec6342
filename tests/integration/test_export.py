"""What is exported by day is what was scored and became known on it, in the documented columns."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import boto3
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types
import pytest
from sqlalchemy import Connection, insert
from typer.testing import CliRunner

from infra import PROJECT
from infra.cli import app
from infra.local.services.emulator import REGION
from risk.features.catalog import FEATURE_SET, FEATURES
from risk.store.db import tables
from risk.store.db.engine import create_pool
from risk.store.db.partitions import ensure_partitions
from streaming.offline.export_days import EVENTS, FEATURE, LABELS
from tests.services import Services

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
TODAY, YESTERDAY = NOW.date(), (NOW - timedelta(days=1)).date()


def store(connection: Connection, number: int, at: datetime) -> None:
    ensure_partitions(connection, at)
    row = {
        "event_id": UUID(int=number), "sequence": number, "event_type": "payment",
        "family": "payment", "amount_flow": "outgoing",
        "occurred_at": at - timedelta(days=40),
        "received_at": at, "scored_at": at, "account_id": f"account-{number}", "amount": "12.50", "currency": "EUR",
        "attributes": {"basket": [1, "é"]}, "score": 0.25, "level": 2, "reasons": [{"code": "x"}],
        "features": [1.5] + [None] * (len(FEATURES) - 1), "feature_set": FEATURE_SET, "scorer": "m",
        "config_version": 1,
    }  # fmt: skip
    connection.execute(insert(tables.assessments).values(row))


@pytest.fixture(scope="module")
def url(services: Services) -> str:
    found = services.database()
    pool = create_pool(found, application="test")
    with pool.begin() as connection:
        for number, at in enumerate((NOW, NOW, NOW - timedelta(days=1)), start=1):
            store(connection, number, at)
        label = {
            "event_id": UUID(int=3), "known_at": NOW, "source": "bank", "fraud": True, "received_at": NOW,
            "sequence": 4,
        }  # fmt: skip
        connection.execute(insert(tables.labels).values(label))
    pool.dispose()
    return found


def test_events_and_labels_lie_in_the_days_on_which_they_came(url: str, tmp_path: Path) -> None:
    command = [
        "export",
        "--out",
        str(tmp_path),
        "--since",
        str(YESTERDAY),
        "--until",
        str(TODAY),
        "--database-url",
        url,
    ]
    result = CliRunner().invoke(app, [*command, "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {"days": 2, "events": 3, "labels": 1, "out": str(tmp_path)}
    of_day = {day: pq.read_table(tmp_path / f"events/date={day}/events.parquet") for day in (YESTERDAY, TODAY)}
    assert {day: table["sequence"].to_pylist() for day, table in of_day.items()} == {YESTERDAY: [3], TODAY: [1, 2]}
    row = of_day[YESTERDAY].to_pylist()[0]
    assert (row["level"], str(row["amount"]), row[f"{FEATURE}amount"]) == ("HIGH", "12.500000", 1.5)
    assert json.loads(row["attributes"]) == {"basket": [1, "é"]}
    assert row[f"{FEATURE}{FEATURES[1].name}"] is None
    (label,) = pq.read_table(tmp_path / f"labels/date={TODAY}/labels.parquet").to_pylist()
    assert (label["event_id"], label["fraud"], label["withdrawn_at"]) == (str(UUID(int=3)), True, None)
    assert pq.read_table(tmp_path / f"labels/date={YESTERDAY}/labels.parquet").num_rows == 0
    assert of_day[TODAY].schema.names == EVENTS.names


def test_days_go_to_a_bucket(url: str, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in services.aws.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    storage = boto3.client("s3")
    storage.create_bucket(Bucket="warehouse-of-a-test")
    arguments = ["--out", "s3://warehouse-of-a-test/risk/", "--since", str(TODAY), "--until", str(TODAY)]
    result = CliRunner().invoke(app, ["export", *arguments, "--database-url", url])
    assert result.exit_code == 0, result.output
    keys = [one["Key"] for one in storage.list_objects_v2(Bucket="warehouse-of-a-test")["Contents"]]
    assert keys == [f"risk/{kind}/date={TODAY}/{kind}.parquet" for kind in ("events", "labels")]


def test_every_column_is_documented() -> None:
    said = (PROJECT / "docs" / "exports.md").read_text("utf-8")
    assert [
        name for name in (*EVENTS.names, *LABELS.names) if not name.startswith(FEATURE) and f"`{name}`" not in said
    ] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--since", "soon"], "2026-11-29"), (["--since", "2026-02-02", "--until", "2026-02-01"], "before")],
)
def test_a_wrong_span_is_answered_with_what_to_do(url: str, tmp_path: Path, options: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["export", "--out", str(tmp_path), *options, "--database-url", url])
    assert result.exit_code == 1
    assert said in result.output
