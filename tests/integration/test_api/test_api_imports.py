"""An uploaded file becomes history: previewed, mapped, loaded, reconciled, taken back. The worker is the real one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from functions.api.http.services import Services
from functions.api.imports import schemas
from infra.local.services.emulator import REGION
from risk.adapters.stream_contracts import ImportProgress
from risk.domain.permissions import Role
from risk.store.db.engine import create_pool
from risk.store.db.roles import DatabaseRole
from streaming.importing.worker import Files, Importer, Progress
from tests.integration.test_api.conftest import MakeHeaders
from tests.paysim import write_paysim
from tests.services import Services as Shared
from tests.streaming.engine import Written, running, wait_for
from tests.streaming.test_history import QUICK, remade, stored

IMPORTS = "/api/v1/imports"
TABLE = b"""when,who,how much,what,is it fraud
2025-03-01 10:00:00,a1,12.50,m1,0
2025-03-01 11:00:00,a2,99.99,m1,1
2025-03-01 12:00:00,,5.00,m2,0
2999-03-01 12:00:00,a3,1.00,m2,0
"""
COLUMNS = {
    "occurred_at": "when", "account_id": "who", "amount": "how much", "counterparty_id": "what", "fraud": "is it fraud",
}  # fmt: skip


@pytest.fixture
def admin(sign_in: MakeHeaders, uploads_bucket: str) -> dict[str, str]:
    """Headers of an administrator, where files can be uploaded."""
    return sign_in(Role.ADMIN)


@pytest.fixture
def reader(services: Shared, owner_url: str, uploads_bucket: str, tmp_path: Path) -> Iterator[Engine]:
    """The database, with the rights of the importer."""
    found = create_pool(services.as_role(owner_url, DatabaseRole.ENGINE), application="test")
    yield found
    found.dispose()


@pytest.fixture
def worker(reader: Engine, services: Shared, uploads_bucket: str, tmp_path: Path) -> Importer:
    storage = boto3.client("s3", region_name=REGION, endpoint_url=services.endpoint)
    return Importer(reader, Files(storage, uploads_bucket, tmp_path), threading.Event(), lambda _: None)


def upload(client: TestClient, admin: dict[str, str], name: str, body: bytes, **said: Any) -> dict[str, Any]:
    """As a browser does."""
    answer = client.post(IMPORTS, json={"name": name, "size": len(body), **said}, headers=admin)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    for number in range(1, made["parts"] + 1):
        part = client.get(f"{IMPORTS}/{made['id']}/parts/{number}", headers=admin).json()
        sent = httpx.put(part["url"], content=body[part["start"] : part["start"] + part["bytes"]])
        assert sent.status_code == 200, sent.text
    answer = client.post(f"{IMPORTS}/{made['id']}/uploaded", headers=admin)
    assert (answer.status_code, answer.json()["status"]) == (200, "uploaded"), answer.text
    return made


def get(client: TestClient, admin: dict[str, str], number: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{IMPORTS}/{number}", headers=admin).json()
    return found


def test_a_file_is_uploaded_in_parts_mapped_and_read_and_every_row_is_accounted_for(
    client: TestClient,
    admin: dict[str, str],
    worker: Importer,
    reader: Engine,
    database: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("schemas", "storage"):
        monkeypatch.setattr(f"functions.api.imports.{module}.PART_BYTES", len(TABLE))
    assert upload(client, admin, "shop.csv", TABLE)["parts"] == 1
    worker.preview()
    found = get(client, admin, 1)
    assert (found["status"], found["preview"]["error"]["field"]) == ("planned", "map")
    assert [one["name"] for one in found["preview"]["columns"]] == list(COLUMNS.values())
    assert found["preview"]["columns"][1]["examples"] == ["a1", "a2", "a3"]
    refused = client.post(f"{IMPORTS}/1/start", headers=admin)
    assert (refused.status_code, "columns" in refused.json()["detail"]) == (409, True)

    said = {"source": "shop", "currency": "USD", "columns": COLUMNS}
    assert client.put(f"{IMPORTS}/1/reading", json=said, headers=admin).json()["status"] == "uploaded"
    worker.preview()
    preview = get(client, admin, 1)["preview"]
    assert preview["error"] is None
    assert preview["fields"]["account_id"] == ["who"]
    event = preview["rows"][0]["event"]
    assert (event["account_id"], event["amount"], event["currency"]) == ("a1", "12.5", "USD")
    assert preview["rows"][1]["label"]["fraud"] is True
    assert ["refused" in row for row in preview["rows"]] == [False, False, True, True]

    assert client.post(f"{IMPORTS}/1/start", headers=admin).status_code == 202
    assert get(client, admin, 1)["preview"] is None, "customers' data stays in the import"
    told: list[ImportProgress] = []
    progress = Progress(reader, told.extend)
    progress.look()
    worker.load()
    progress.look()
    assert [(one.status, one.read_share, one.refused) for one in told] == [("running", 0, 0), ("running", 1, 2)]
    with database.connect() as connection:
        row = connection.execute(text("SELECT rows, refused, written, complete FROM imports")).one()
    assert tuple(row) == (4, 2, 1, True)
    link = client.get(f"{IMPORTS}/1/refused", headers=admin).json()
    rows = httpx.get(link["url"]).text.splitlines()
    assert rows[0] == "file,row,field,reason"
    where = [row.split(",")[:3] for row in rows[1:]]
    assert where == [["shop.csv", "4", "account_id"], ["shop.csv", "5", "occurred_at"]]
    assert client.get(IMPORTS, headers=admin).json()["items"][0]["refused"] == 2
    with database.connect() as connection:
        said_of = connection.scalars(text("SELECT action FROM audit_log WHERE subject = 'import:1' ORDER BY seq")).all()
    wanted = ["create_import", "complete_upload", "change_reading", "start_import", "get_refused_rows"]
    assert [action for action in said_of if action != "get_import"] == wanted


def test_parts_that_are_missing_or_longer_than_announced_are_no_upload(
    client: TestClient, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 6 * 1024**2
    for module in ("schemas", "storage"):
        monkeypatch.setattr(f"functions.api.imports.{module}.PART_BYTES", 5 * 1024**2)
    made = client.post(IMPORTS, json={"name": "a.csv", "size": size}, headers=admin).json()
    assert made["parts"] == 2
    missing = client.post(f"{IMPORTS}/1/uploaded", headers=admin)
    assert (missing.status_code, "2 of 2 parts are missing" in missing.json()["detail"]) == (409, True)
    for number, length in ((1, 5 * 1024**2), (2, 2 * 1024**2)):
        part = client.get(f"{IMPORTS}/1/parts/{number}", headers=admin).json()
        httpx.put(part["url"], content=b"x" * length)
    answer = client.post(f"{IMPORTS}/1/uploaded", headers=admin)
    assert answer.status_code in (409, 422), "a longer part than was signed has been taken"
    assert client.get(f"{IMPORTS}/1/parts/3", headers=admin).status_code == 404
    undone = client.post(f"{IMPORTS}/1/undo", headers=admin).json()
    assert undone["status"] == "undone"
    for verb, path in (("get", "parts/1"), ("post", "uploaded"), ("post", "start")):
        assert client.request(verb, f"{IMPORTS}/1/{path}", headers=admin).status_code == 409


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "a\\b.csv", "a/b", "x" * 201, "", "ü" * 150])
def test_a_name_that_could_lead_elsewhere_is_refused(client: TestClient, admin: dict[str, str], name: str) -> None:
    assert client.post(IMPORTS, json={"name": name, "size": 1}, headers=admin).status_code == 422


@pytest.mark.parametrize("size", [0, schemas.MAX_BYTES + 1, "3"])
def test_a_size_that_is_none_is_refused(client: TestClient, admin: dict[str, str], size: object) -> None:
    assert client.post(IMPORTS, json={"name": "a.csv", "size": size}, headers=admin).status_code == 422


@pytest.mark.parametrize(
    ("name", "body"),
    [("a.csv", b"\x00\x01\x02" * 99), ("a.csv", b"a,b,c\n"), ("a.xlsx", b"PK"), ("a.parquet", b"PAR1")],
)
def test_a_file_that_cannot_be_read_says_what_to_do(
    client: TestClient, admin: dict[str, str], worker: Importer, name: str, body: bytes
) -> None:
    upload(client, admin, name, body)
    worker.preview()
    found = get(client, admin, 1)
    assert found["status"] == "planned"
    assert found["preview"]["error"]["detail"]
    assert client.post(f"{IMPORTS}/1/start", headers=admin).status_code == 409


def test_a_file_that_is_not_kept_any_more_fails_its_import(
    client: TestClient, admin: dict[str, str], worker: Importer, services: Shared, uploads_bucket: str, database: Engine
) -> None:
    upload(client, admin, "a.csv", TABLE, columns=COLUMNS)
    worker.preview()
    assert client.post(f"{IMPORTS}/1/start", headers=admin).status_code == 202
    storage = boto3.client("s3", region_name=REGION, endpoint_url=services.endpoint)
    for one in storage.list_objects_v2(Bucket=uploads_bucket)["Contents"]:
        storage.delete_object(Bucket=uploads_bucket, Key=one["Key"])
    worker._files.forget(1)
    worker.load()
    found = get(client, admin, 1)
    assert (found["status"], found["detail"]) == ("failed", "the uploaded file is not kept any more; upload it again")


def test_without_a_bucket_uploads_are_not_offered(client: TestClient, sign_in: MakeHeaders) -> None:
    answer = client.post(IMPORTS, json={"name": "a.csv", "size": 1}, headers=sign_in(Role.ADMIN))
    assert (answer.status_code, "UPLOADS_BUCKET" in answer.json()["detail"]) == (503, True)


@pytest.mark.timeout(240)
def test_a_worker_that_is_killed_goes_on_and_an_import_is_taken_back_whole(
    client: TestClient,
    admin: dict[str, str],
    api_services: Services,
    services: Shared,
    owner_url: str,
    uploads_bucket: str,
    tmp_path: Path,
) -> None:
    file, rows = tmp_path / "paysim.csv", 12_000
    frauds = write_paysim(file, rows)
    stream, updates = services.stream(), services.stream()
    environment = {
        **services.aws,
        "DATABASE_URL": services.as_role(owner_url, DatabaseRole.ENGINE),
        "UPLOADS_BUCKET": uploads_bucket,
        "UPDATES_STREAM": updates,
    }

    def launch() -> subprocess.Popen[bytes]:
        with (tmp_path / "worker.log").open("ab") as log:
            command = [sys.executable, "-m", "streaming.importing.worker"]
            return subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log)

    def status(number: int = 1) -> str:
        return str(get(client, admin, number)["status"])

    def told() -> set[str]:
        frames = [frame for frame in services.read(updates) if frame["type"] == "import"]
        return {one["status"] for frame in frames for one in frame["items"]}

    process = launch()
    try:
        upload(client, admin, file.name, file.read_bytes())
        wait_for(lambda: status() == "planned", 60, lambda: (tmp_path / "worker.log").read_text()[-3_000:])
        assert "PaySim" in get(client, admin, 1)["preview"]["about"]
        wait_for(lambda: "planned" in told(), 30)
        client.post(f"{IMPORTS}/1/start", headers=admin)
        with Written(owner_url) as written:
            wait_for(lambda: written.scalar("SELECT written FROM imports") >= 1, 60)
            process.kill()
            process.wait()
            process = launch()
            with running(services.engine(owner_url, stream, updates) | QUICK, tmp_path / "engine.log") as engine:
                wait_for(lambda: status() == "done", 90, lambda: str(get(client, admin, 1)))
                found = get(client, admin, 1)
                counted = tuple(found[name] for name in ("rows", "refused", "events", "labels", "repeated", "failed"))
                assert counted == (rows, 0, rows, rows, 0, 0)
                assert written.scalar("SELECT count(*) FROM labels WHERE fraud") == frauds
                assert written.scalar("SELECT count(*) FROM alerts") == 0
                wait_for(lambda: bool(stored(owner_url)), 30)

                # Labels that come later, by the same way.
                later = b"event_id,fraud,known_at\n2,1,2025-06-01\n3,1,2025-06-01\nother,1,2025-06-01\n4,maybe,\n"
                upload(client, admin, "chargebacks.csv", later, source="paysim")
                wait_for(lambda: status(2) == "planned", 30)
                assert get(client, admin, 2)["preview"]["rows"][0]["label"]["event_source"] == "paysim"
                client.post(f"{IMPORTS}/2/start", headers=admin)
                wait_for(lambda: status(2) == "done", 60)
                found = get(client, admin, 2)
                assert tuple(found[name] for name in ("rows", "refused", "events", "labels")) == (4, 1, 0, 3)
                told_of = "SELECT count(*) FROM labels l JOIN assessments a USING (event_id) WHERE l.import_id = 2"
                assert written.scalar(told_of) == 2
                client.post(f"{IMPORTS}/2/undo", headers=admin)
                wait_for(lambda: status(2) == "undone", 90)
                engine.wait_until_healthy()
                assert written.scalar("SELECT count(*) FROM labels") == rows
                assert client.post(f"{IMPORTS}/1/undo", headers=admin).json()["status"] == "undoing"
                wait_for(lambda: status() == "undone", 90)
                engine.wait_until_healthy()
                assert written.scalar("SELECT count(*) FROM assessments") == 0
                assert written.scalar("SELECT count(*) FROM labels") == 0
                assert stored(owner_url) == remade(owner_url) == {}
        wait_for(lambda: {"running", "done", "undone"} <= told(), 30, lambda: str(told()))
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
