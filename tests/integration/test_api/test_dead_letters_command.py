"""``risk dead-letters`` against the real API: what waits is shown, corrected and replayed, or dismissed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert
from typer.testing import CliRunner, Result

from infra.cli import app
from infra.commands.shared import api_session, connection
from risk.store.db.tables import dead_letters
from tests.integration.test_api.support import Recorder, an_event


class Risk(Protocol):
    def __call__(self, *arguments: str, fails: int = 0) -> Result: ...


@pytest.fixture
def events(database: Engine) -> list[dict[str, Any]]:
    """Three events that were put away: a wrong currency, a wrong address, and one cut short."""
    found = [an_event(currency="€"), an_event(ip="10.0.0.300"), an_event(attributes={"tries": "x"})]
    rows: list[dict[str, Any]] = []
    for number, (event, field) in enumerate(zip(found, ("currency", "ip", "attributes"), strict=True), start=1):
        raw = json.dumps(event).encode()
        row: dict[str, Any] = {
            "source": "risk-events/shard-0",
            "position": str(number),
            "received_at": datetime.now(UTC),
        }
        row |= {"reason": "invalid", "detail": f"{field} is not valid", "field": field}
        row |= {"event_id": UUID(event["event_id"]), "raw": raw, "raw_bytes": len(raw)}
        rows.append(row)
    rows[2] |= {"reason": "oversized", "raw": rows[2]["raw"][:20]}
    with database.begin() as connection:
        connection.execute(insert(dead_letters), rows)
    return found


@pytest.fixture
def risk(client: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Risk:
    """The command, as it reaches the API of this test."""

    def forward(request: httpx.Request) -> httpx.Response:
        answer = client.request(
            request.method, str(request.url), content=request.content, headers=dict(request.headers)
        )
        return httpx.Response(answer.status_code, content=answer.content, headers=dict(answer.headers))

    class Session(api_session.ApiSession):
        def __init__(self, url: str, *, token: str | None = None) -> None:
            super().__init__(url, token=token, transport=httpx.MockTransport(forward))

    monkeypatch.setattr(connection, "ApiSession", Session)
    token = admin["Authorization"].removeprefix("Bearer ")

    def run(*arguments: str, fails: int = 0) -> Result:
        options = ["--api-url", "http://testserver", "--token", token]
        result = CliRunner().invoke(app, ["dead-letters", *arguments, *options])
        assert result.exit_code == fails, result.output
        return result

    return run


def test_what_waits_is_listed_shown_and_exported(risk: Risk, events: list[dict[str, Any]], tmp_path: Path) -> None:
    shown = risk("list").stdout
    assert "3 shown; 3 open in all" in shown
    assert "currency is not valid" in shown
    assert "2 shown, there are more: --limit; 3 open in all" in risk("list", "--limit", "2").stdout
    [line] = risk("list", "--field", "ip", "--json").stdout.splitlines()
    assert json.loads(line)["event_id"] == events[1]["event_id"]
    assert risk("list", "--to", "2026-01-31", "--json").stdout == ""
    shown = risk("show", "2").stdout
    assert "dead letter 2: ip is not valid" in shown
    assert '"ip": "10.0.0.300"' in shown
    out = tmp_path / "refused.jsonl"
    assert "1 dead letters in" in risk("export", "--reason", "oversized", "--out", str(out)).stdout
    assert json.loads(out.read_text())["cut"] is True


def test_a_record_is_corrected_field_by_field_and_replayed(
    risk: Risk, events: list[dict[str, Any]], kinesis: Recorder
) -> None:
    refused = risk("replay", "1", "2", "--set", "currency=EUR", fails=1)
    assert "dead letter 1 is on the stream again" in refused.stdout
    assert "dead letter 2 is not replayed: 422 ip must be" in refused.stderr
    done = risk("replay", "2", "--set", "ip=", "--set", "attributes.tries:=3", "--note", "a test sender", "--json")
    assert (json.loads(done.stdout)["outcome"], json.loads(done.stdout)["note"]) == ("replayed", "a test sender")
    first, second = (json.loads(put["data"]) for put in kinesis.puts)
    assert (first["event_id"], first["currency"]) == (events[0]["event_id"], "EUR")
    assert (second["event_id"], second["attributes"], second.get("ip")) == (events[1]["event_id"], {"tries": 3}, None)
    assert "was replayed by admin@risk.local already" in risk("replay", "1", fails=1).stderr


def test_a_record_that_was_cut_is_replayed_from_a_file(
    risk: Risk, events: list[dict[str, Any]], kinesis: Recorder, tmp_path: Path
) -> None:
    assert "not one whole JSON object" in risk("replay", "3", "--set", "currency=EUR", fails=1).stderr
    file = tmp_path / "corrected.json"
    file.write_text(json.dumps(events[2] | {"attributes": {}}))
    risk("replay", "3", "--file", str(file))
    assert json.loads(kinesis.puts[0]["data"])["event_id"] == events[2]["event_id"]


def test_what_nothing_comes_of_is_dismissed_with_a_reason(risk: Risk, events: list[dict[str, Any]]) -> None:
    assert "2 of 3 dismissed" in risk("dismiss", "1", "2", "99", "--reason", "a load test").stdout
    assert "none of them is open" in risk("dismiss", "1", "--reason", "again", fails=1).stderr
    assert len(risk("list", "--status", "dismissed", "--json").stdout.splitlines()) == 2
    assert "a load test" in risk("show", "1").stdout
    assert "dead letter 99 not found" in risk("show", "99", fails=1).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("replay", "1", "--set", "currency"), "is not FIELD=VALUE"),
        (("replay", "1", "--set", "attributes.tries:=x"), "is not FIELD:=JSON"),
        (("replay", "1", "2", "--file", "x.json"), "give one number"),
        (("replay", "1", "--file", "/nowhere.json"), "cannot be read"),
        (("list", "--from", "yesterday"), "is not a moment"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anything_is_asked(
    risk: Risk, arguments: tuple[str, ...], said: str
) -> None:
    assert said in risk(*arguments, fails=2).stderr
