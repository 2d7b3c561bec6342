"""The clients in ``clients/``: generated from the OpenAPI document as it is, and at work against the API."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient

from infra import PROJECT, node
from infra.clients import generated
from risk.domain.permissions import Role
from tests.integration.test_api.conftest import MakeHeaders
from tests.integration.test_api.support import Recorder

PYTHON = PROJECT / "clients" / "python"
TYPESCRIPT = PROJECT / "clients" / "typescript"


@pytest.fixture(scope="module")
def library() -> Iterator[Any]:
    sys.path.insert(0, str(PYTHON))
    yield importlib.import_module("realtime_risk")
    sys.path.remove(str(PYTHON))


@pytest.fixture
def risk(library: Any, client: TestClient, sign_in: MakeHeaders) -> Any:
    token = next(iter(sign_in(Role.ADMIN).values())).removeprefix("Bearer ")
    return library.Client("http://testserver", token=token, http=client, sleep=lambda _: None)


def event(number: int) -> dict[str, Any]:
    return {
        "event_id": str(uuid4()), "event_type": "payment", "occurred_at": "2026-11-01T10:00:00Z",
        "account_id": f"account-{number}", "amount": "9.50", "currency": "EUR",
    }  # fmt: skip


@pytest.mark.parametrize("path", generated(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_what_is_generated_is_what_the_document_says(path: Path) -> None:
    assert path.read_text("utf-8") == generated()[path], "run python -m infra.clients"


def test_any_number_of_events_is_sent_and_each_is_accounted_for(risk: Any, kinesis: Recorder) -> None:
    wrong = event(0) | {"amount": "-1"}
    found = list(risk.send_all([*(event(number) for number in range(1, 601)), wrong]))
    assert len(found) == 601
    assert len(kinesis.puts) == 600
    assert found[-1]["status"] != found[0]["status"]


def test_a_refusal_is_raised_in_the_apis_own_words(library: Any, risk: Any) -> None:
    with pytest.raises(library.ApiError, match="404") as raised:
        risk.get_assessment(uuid4())
    assert raised.value.problem["status"] == 404
    assert raised.value.detail


def test_lists_are_walked_page_after_page(risk: Any) -> None:
    for number in range(5):
        risk.create_list({"name": f"list_{number}", "purpose": "deny", "subject": "account", "description": "x"})
    names = [one["name"] for one in risk.pages(risk.list_lists, limit=2)]
    assert names == [f"list_{number}" for number in range(5)]


class Flaky:
    """Answers with these statuses (0: no answer at all), then 200; keeps what came."""

    def __init__(self, *statuses: int) -> None:
        self.statuses, self.seen = list(statuses), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 0:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, json={}, headers={"retry-after": "3"} if status == 429 else {})


def calling(library: Any, flaky: Flaky, slept: list[float]) -> Any:
    http = httpx.Client(transport=httpx.MockTransport(flaky))
    return library.Client("http://api.test", api_key="rk_1", http=http, sleep=slept.append)


def test_a_write_is_tried_again_under_one_key_and_waits_as_long_as_it_is_told(library: Any) -> None:
    flaky, slept = Flaky(503, 0, 429), list[float]()
    calling(library, flaky, slept).send_labels([])
    assert len(flaky.seen) == 4
    assert len({request.headers["idempotency-key"] for request in flaky.seen}) == 1
    assert {request.headers["x-api-key"] for request in flaky.seen} == {"rk_1"}
    assert slept[2] == 3


def test_what_could_be_carried_out_twice_is_sent_once(library: Any) -> None:
    flaky = Flaky(503)
    with pytest.raises(library.ApiError, match="503"):
        calling(library, flaky, []).login({"email": "a@example.com", "password": "x"})
    assert len(flaky.seen) == 1


def test_reading_is_given_up_after_the_last_attempt(library: Any) -> None:
    flaky = Flaky(*[504] * 9)
    with pytest.raises(library.ApiError, match="504"):
        calling(library, flaky, []).list_alerts()
    assert len(flaky.seen) == 5


def test_the_typescript_client_tries_again_what_is_safe() -> None:
    tests = [str(path) for path in (TYPESCRIPT / "test").glob("*.test.ts")]
    done = subprocess.run(
        [node.folder() / "node", "--test", *tests], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout


def test_the_typescript_client_is_sound_in_types(tmp_path: Path) -> None:
    """With the compiler and the packages of the dashboard."""
    modules = PROJECT / "frontend" / "node_modules"
    options = {
        "strict": True, "noEmit": True, "target": "ES2023", "module": "ESNext", "moduleResolution": "bundler",
        "allowImportingTsExtensions": True, "lib": ["ES2023", "DOM", "DOM.Iterable"], "skipLibCheck": True, "types": [],
        "paths": {"openapi-fetch": [str(modules / "openapi-fetch")]},
    }  # fmt: skip
    config = {"compilerOptions": options, "files": [str(TYPESCRIPT / "src" / "index.ts")]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config))
    compiler: list[str | Path] = [node.folder() / "node", modules / "typescript" / "bin" / "tsc", "-p", tmp_path]
    done = subprocess.run(compiler, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
