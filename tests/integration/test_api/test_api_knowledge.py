"""The knowledge base over HTTP: versions, roles, and files that mean harm."""

from __future__ import annotations

import io
import json
import re
import zlib
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, EncodedStreamObject, NameObject, TextStringObject
from sqlalchemy import Engine, select

from functions.api.knowledge import documents
from functions.api.knowledge.pdf_text import MAX_PAGES
from risk.store.audit import audit_log
from risk.store.db import tables
from risk.store.explanations import knowledge
from tests.integration.test_api.support import make_assessment, store

PATH = "/api/v1/knowledge"
POLICY = "# Zebra policy\n\n## Limits\n\nPayments to zebra shops above 500 EUR are called back by two people.\n"


def upload(
    client: TestClient,
    headers: dict[str, str],
    body: bytes | str,
    kind: str = "text/markdown",
    name: str = "zebra-policy",
) -> Any:
    content = body.encode() if isinstance(body, str) else body
    return client.post(PATH, params={"name": name}, content=content, headers={**headers, "Content-Type": kind})


def pdf(text: str = "Payments to zebra shops above 500 EUR are called back.", pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for _ in range(pages):
        page = writer.add_blank_page(width=400, height=400)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 300 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    return writer


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_is_shipped_is_there_and_stays(client: TestClient, analyst: dict[str, str], admin: dict[str, str]) -> None:
    found = client.get(PATH, headers=analyst).json()["items"]
    assert {one["slug"] for one in found} == {one.slug for one in knowledge.shipped()}
    assert len(found) >= 12
    assert {one["version"] for one in found} == {1}
    whole = client.get(f"{PATH}/{found[0]['id']}", headers=analyst).json()
    assert len(whole["content"]) == whole["passages"] > 0
    refused = client.delete(f"{PATH}/{found[0]['id']}", headers=admin)
    assert refused.status_code == 409
    assert upload(client, admin, POLICY, name=found[0]["slug"]).status_code == 409


def test_a_policy_is_cited_its_next_version_replaces_it_and_it_can_be_taken_out(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], database: Engine
) -> None:
    event = make_assessment(1, 0.9, counterparty_id="zebra")
    store(database, event)

    def passages() -> str:
        body = {"event_id": str(event.event_id), "question": "What does our zebra policy say?"}
        answer = client.post("/api/v1/explain/risk", json=body, headers=analyst).json()
        return json.dumps([one for one in answer["evidence"] if one["kind"] == "knowledge"])

    made = upload(client, admin, POLICY)
    assert made.status_code == 201, made.text
    assert made.json()["title"] == "Zebra policy"
    assert "above 500 EUR are called back by two people" in passages()
    assert upload(client, admin, POLICY).status_code == 409
    second = upload(client, admin, POLICY.replace("500", "900")).json()
    assert second["version"] == 2
    assert client.get(f"{PATH}/{made.json()['id']}", headers=analyst).status_code == 404
    assert "above 900 EUR" in passages()
    assert "above 500 EUR" not in passages()
    assert client.delete(f"{PATH}/{second['id']}", headers=admin).status_code == 204
    assert "zebra shops" not in passages()
    with database.begin() as connection:
        versions = connection.execute(select(tables.knowledge_documents.c.version).order_by("version")).scalars().all()
        logged = audit_log.page(connection, audit_log.Filter(action="upload_document"), limit=5)
    assert versions[-1] == 2
    assert json.loads(logged[0].record)["details"]["version"] == 2


def test_only_an_admin_changes_it_and_a_viewer_does_not_read_it(
    client: TestClient, analyst: dict[str, str], viewer: dict[str, str]
) -> None:
    assert upload(client, analyst, POLICY).status_code == 403
    assert client.delete(f"{PATH}/{uuid4()}", headers=analyst).status_code == 403
    assert client.get(PATH, headers=viewer).status_code == 403


def test_the_words_of_a_pdf_are_read(client: TestClient, admin: dict[str, str], analyst: dict[str, str]) -> None:
    made = upload(client, admin, written(pdf()), "application/pdf")
    assert made.status_code == 201, made.text
    whole = client.get(f"{PATH}/{made.json()['id']}", headers=analyst).json()
    assert "above 500 EUR are called back" in whole["content"][0]["text"]
    assert whole["media_type"] == "application/pdf"


def encrypted() -> bytes:
    writer = pdf()
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


def with_script() -> bytes:
    writer = pdf()
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('hello');")}
    )
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(script)
    return written(writer)


def with_file() -> bytes:
    writer = pdf()
    writer.add_attachment("tool.exe", b"MZ")
    return written(writer)


def launching() -> bytes:
    writer = pdf()
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch")})
    writer._root_object[NameObject("/OpenAction")] = action
    return written(writer)


def bomb() -> bytes:
    """A hundred kilobytes that are a hundred megabytes once unpacked."""
    writer = pdf()
    packed = EncodedStreamObject()
    packed[NameObject("/Filter")] = NameObject("/FlateDecode")
    packed._data = zlib.compress(b" " * 100_000_000, 9)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(packed)
    return written(writer)


def circular() -> bytes:
    """Pages that are their own kids."""
    found = written(pdf())
    kids = re.search(rb"/Kids \[ (\d+) 0 R \]", found)
    pages = re.search(rb"(\d+) 0 obj\s*<<\s*/Type /Pages", found)
    assert kids
    assert pages
    assert len(kids[1]) == len(pages[1])
    return found.replace(kids[0], kids[0].replace(kids[1] + b" 0 R", pages[1] + b" 0 R"))


PDF = "application/pdf"
HARM: dict[str, tuple[Any, str, int, str]] = {
    "encrypted": (encrypted, PDF, 422, "encrypted"),
    "a script": (with_script, PDF, 422, "scripts"),
    "another file": (with_file, PDF, 422, "other files"),
    "starts a program": (launching, PDF, 422, "start programs"),
    "a bomb": (bomb, PDF, 422, "more memory"),
    "circular": (circular, PDF, 422, ""),
    "too many pages": (lambda: written(pdf(pages=MAX_PAGES + 1)), PDF, 422, "pages"),
    "damaged": (lambda: written(pdf())[:200], PDF, 422, ""),
    "no text in it": (lambda: written(pdf(text=" ")), PDF, 422, "OCR"),
    "not what it says": (lambda: POLICY, PDF, 422, "not a PDF"),
    "a PDF as text": (lambda: written(pdf()), "text/plain", 422, "not a text"),
    "a program as text": (lambda: b"MZ\x90\x00" + b"\x00" * 100, "text/plain", 422, "not a text"),
    "an archive as text": (lambda: b"PK\x03\x04" + b"a" * 100, "text/markdown", 422, "not a text"),
    "not UTF-8": (lambda: b"caf\xe9 and so on and so on", "text/plain", 422, "UTF-8"),
    "control characters": (lambda: "a\x00b and so on and so on", "text/plain", 422, "control"),
    "HTML that runs": (lambda: POLICY + "<script>alert(1)</script>", "text/markdown", 422, "HTML"),
    "a link that runs": (lambda: POLICY + "[go](javascript:alert(1))", "text/markdown", 422, "HTML"),
    "empty": (lambda: "", "text/plain", 422, "no text"),
    "another kind": (lambda: POLICY, "text/html", 415, "text/html"),
    "an archive": (lambda: b"PK\x03\x04", "application/zip", 415, "zip"),
    "too large": (lambda: "a " * documents.MAX_BYTES, "text/plain", 413, "2 MB"),
}


def test_files_that_mean_harm_are_refused_and_told_why(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    for name, (make, kind, status, word) in HARM.items():
        answer = upload(client, admin, make(), kind)
        assert answer.status_code == status, (name, answer.text)
        problem = answer.json()
        said = problem["detail"] + json.dumps(problem.get("errors", []))
        assert word in said, (name, said)
        if status == 422:
            assert problem["errors"][0]["field"] == "body", name
    with database.begin() as connection:
        assert connection.execute(select(tables.knowledge_documents)).all() == []


@pytest.mark.parametrize("name", ["", "a", "Upper", "with space", "../up", "x" * 80, "-a-"])
def test_names_are_plain_words(client: TestClient, admin: dict[str, str], name: str) -> None:
    answer = upload(client, admin, POLICY, name=name)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "name"


def test_what_nobody_sees_is_taken_out(client: TestClient, admin: dict[str, str], analyst: dict[str, str]) -> None:
    hidden = "Visible words of the policy.\u200b\u202e\ufeff\U000e0041 End."
    made = upload(client, admin, hidden, "text/plain").json()
    whole = client.get(f"{PATH}/{made['id']}", headers=analyst).json()
    assert whole["content"][0]["text"] == "Visible words of the policy. End."
