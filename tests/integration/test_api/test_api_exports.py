"""History and alerts as files: small ones in the answer, large ones through a link, none of them a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from functions.api.http.services import Services
from infra.local.services.emulator import REGION
from tests.integration.test_api.support import app_on, make_assessment, open_alert, store
from tests.services import Services as Shared

HISTORY, ALERTS = "/api/v1/risk/history/export", "/api/v1/alerts/export"
# What the history holds many of is copied by the database itself.
MANY = text(
    """
    INSERT INTO assessments
    SELECT gen_random_uuid(), sequence + n, event_type, occurred_at, received_at, scored_at + n * interval '1 us',
           account_id, counterparty_id, amount, currency, channel, country, device_id, ip, attributes, score, level,
           reasons, features, feature_set, scorer, config_version, base_score, challenger, challenger_score,
           import_id, family, amount_flow
    FROM assessments, generate_series(1, :count) AS n
    """
)


@pytest.fixture
def stored(api_services: Services, exports_bucket: str) -> Iterator[TestClient]:
    """The API with a bucket for exports."""
    with TestClient(app_on(api_services), raise_server_exceptions=False) as made:
        yield made


def lines(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_a_few_rows_are_the_answer_as_a_table_or_as_lines_of_json(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    found = [make_assessment(1, 0.2), make_assessment(2, 0.9, account_id="bob", amount=None, currency=None)]
    store(database, *found)
    table = client.get(HISTORY, headers=analyst)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"].startswith('attachment; filename="history-20')
    rows = lines(table)
    assert [row["event_id"] for row in rows] == [str(found[1].event_id), str(found[0].event_id)]
    assert (rows[1]["amount"], rows[0]["amount"], rows[0]["level"]) == ("840.5", "", "CRITICAL")
    assert json.loads(rows[0]["reasons"])[0]["code"] == "amount"
    page = client.get("/api/v1/risk/history", headers=analyst).json()["items"]
    given = [json.loads(line) for line in client.get(HISTORY, params={"format": "jsonl"}, headers=analyst).iter_lines()]
    for one, other in zip(given, page, strict=True):
        assert {name: value for name, value in one.items() if not name.endswith("_at")} == {
            name: value for name, value in other.items() if not name.endswith("_at")
        }
    filtered = lines(client.get(HISTORY, params={"account_id": "bob"}, headers=analyst))
    assert [row["account_id"] for row in filtered] == ["bob"]


def test_alerts_are_exported_as_they_are_listed(client: TestClient, analyst: dict[str, str], database: Engine) -> None:
    made = [open_alert(database, number, account_id=f"a{number}") for number in range(3)]
    rows = lines(client.get(ALERTS, headers=analyst))
    assert [row["id"] for row in rows] == [str(alert.id) for alert in reversed(made)]
    assert (rows[0]["status"], rows[0]["breached"], rows[0]["amount"]) == ("open", "false", "840.5")
    assert lines(client.get(ALERTS, params={"status": "resolved"}, headers=analyst)) == []
    assert client.get(ALERTS, params={"format": "xlsx"}, headers=analyst).status_code == 422


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(client: TestClient, analyst: dict[str, str], database: Engine, start: str) -> None:
    evil = f'{start}HYPERLINK("http://evil.example","x")'
    store(database, make_assessment(1, account_id=evil))
    (row,) = lines(client.get(HISTORY, headers=analyst))
    assert row["account_id"] == f"'{evil}"
    answer = client.get(HISTORY, params={"format": "jsonl"}, headers=analyst)
    assert json.loads(answer.text)["account_id"] == evil


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_many_rows_are_fetched_through_a_link_that_ends(
    stored: TestClient, analyst: dict[str, str], database: Engine, kind: str
) -> None:
    store(database, make_assessment(1))
    with database.begin() as connection:
        connection.execute(MANY, {"count": 24_999})
    link = stored.get(HISTORY, params={"format": kind}, headers=analyst).json()
    assert (link["rows"], link["format"]) == (25_000, kind)
    assert parse_qs(urlsplit(link["url"]).query)["X-Amz-Expires"] == ["300"]
    got = httpx.get(link["url"], timeout=60)
    assert got.status_code == 200
    assert len(got.content) == link["bytes"]
    assert got.headers["content-disposition"].startswith('attachment; filename="history-20')
    rows = list(csv.DictReader(io.StringIO(got.text))) if kind == "csv" else list(map(json.loads, got.iter_lines()))
    assert len({row["event_id"] for row in rows}) == 25_000
    assert [int(row["sequence"]) for row in rows] == list(range(25_000, 0, -1))


def test_more_than_can_be_is_refused_and_leaves_nothing(
    stored: TestClient, analyst: dict[str, str], database: Engine, services: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.api.http.conventions.exports.MAX_ROWS", 6_000)
    store(database, make_assessment(1))
    with database.begin() as connection:
        connection.execute(MANY, {"count": 8_000})
    answer = stored.get(HISTORY, headers=analyst)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "from")
    client = boto3.client("s3", region_name=REGION, endpoint_url=services.endpoint)
    bucket = stored.app.state.services.settings.exports_bucket  # type: ignore[attr-defined]
    assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert client.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []
    client.close()


def test_without_a_bucket_only_small_exports_are_possible(
    client: TestClient, analyst: dict[str, str], database: Engine
) -> None:
    store(database, make_assessment(1))
    with database.begin() as connection:
        connection.execute(MANY, {"count": 6_000})
    answer = client.get(HISTORY, headers=analyst)
    assert (answer.status_code, "EXPORTS_BUCKET" in answer.json()["detail"]) == (503, True)
