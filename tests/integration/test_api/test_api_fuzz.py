"""No request, however odd, is an error of ours."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.api.http.app import create_app
from functions.api.http.services import Services
from tests.integration.test_api.support import settings_for

SCHEMA = create_app(Services(settings_for("", 1))).openapi()
ODD = ["", "\x00", "-1", "1e999", "nan", "9" * 40, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "%", "💥"]
TEXT = st.text(max_size=30) | st.sampled_from(ODD)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
QUERIES = {
    path: [one["name"] for one in methods["get"]["parameters"] if one["in"] == "query"]
    for path, methods in SCHEMA["paths"].items()
    if "get" in methods and "parameters" in methods["get"]
}
BODIES = [
    (method, path)
    for path, methods in SCHEMA["paths"].items()
    for method, one in methods.items()
    if "requestBody" in one
]
NAMES = sorted({name for one in SCHEMA["components"]["schemas"].values() for name in one.get("properties", {})})
OBJECTS = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6)
often = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def filled(path: str) -> str:
    return re.sub(r"\{\w+_id\}", str(uuid4()), path).replace("{name}", "nothing")


@pytest.mark.parametrize("path", [path for path, names in QUERIES.items() if names])
@often
@given(data=st.data())
def test_odd_queries_are_answered_or_refused(
    client: TestClient, admin: dict[str, str], path: str, data: st.DataObject
) -> None:
    params = data.draw(st.dictionaries(st.sampled_from(QUERIES[path]), TEXT, min_size=1, max_size=3))
    answer = client.get(filled(path), params=params, headers=admin)
    assert answer.status_code in {200, 404, 422}, answer.text


@pytest.mark.parametrize(("method", "path"), BODIES)
@often
@given(body=OBJECTS | JSON)
def test_odd_bodies_are_refused(client: TestClient, admin: dict[str, str], method: str, path: str, body: Any) -> None:
    answer = client.request(
        method, filled(path), content=json.dumps(body), headers=admin | {"content-type": "application/json"}
    )
    # Some of these have no field that must be there; and who guesses passwords has to wait.
    assert answer.status_code in {200, 202, 204, 401, 404, 422, 429}, answer.text


@often
@given(TEXT)
def test_odd_ids_are_not_found(client: TestClient, admin: dict[str, str], found: str) -> None:
    url = "/api/v1/risk/-" + quote(found, safe="", errors="replace")
    assert client.get(url, headers=admin).status_code in {404, 422}
