"""No route ignores a query parameter: a mistyped filter returns an error, not everything."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from functions.api.http.app import create_app
from functions.api.http.conventions.query_names import has_open_query, query_names
from functions.api.http.lazy_app import OnDemand
from functions.api.http.services import Services
from risk.config.settings import ApiSettings
from tests.routes import routes

SERVICES = Services(
    ApiSettings(_env_file=None, database_url="postgresql://nobody@127.0.0.1:1/none", redis_port=1)  # nothing listens
)
WHOLE = create_app(SERVICES)
ROUTES = {(method, route.path): route for route in routes(WHOLE) for method in route.methods or ()}
OPEN = {key for key, route in ROUTES.items() if has_open_query(route)}
FORMER_NAMES = {"since", "until"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(OnDemand(SERVICES))


def ask(client: TestClient, method: str, path: str, query: str) -> Any:
    filled = re.sub(r"\{\w+(:\w+)?\}", lambda part: "1" if part[1] == ":int" else "x" * 8, path)
    filled = re.sub(r"x{8}", "7f0c1d3e-6f0b-4f6e-9a49-6c5d1c3b7e10", filled)
    return client.request(method, f"{filled}?{query}", json={})


def test_every_route_refuses_a_query_parameter_that_it_does_not_take(client: TestClient) -> None:
    assert len(ROUTES) > 100
    for method, path in ROUTES.keys() - OPEN:
        answer = ask(client, method, path, "levles=HIGH&limit_=5")
        assert answer.status_code == 422, (method, path, answer.text)
        assert {error["field"] for error in answer.json()["errors"]} == {"levles", "limit_"}, (method, path)


def test_every_route_refuses_a_query_parameter_given_twice(client: TestClient) -> None:
    for (method, path), route in ROUTES.items():
        for name in query_names(route):
            if (method, path) not in OPEN:
                answer = ask(client, method, path, f"{name}=1&{name}=2")
                assert answer.status_code == 422, (method, path, name)
                assert answer.json()["errors"] == [{"field": name, "detail": "given more than once; give one value"}]


def test_only_the_callback_of_a_sign_in_takes_what_others_add(client: TestClient) -> None:
    assert sorted(OPEN) == [("GET", "/api/v1/auth/oidc/callback")]
    answer = client.get("/api/v1/auth/oidc/callback?state=a&code=b&iss=https://id.example&session_state=c")
    assert answer.status_code != 422


@pytest.mark.parametrize(
    ("path", "query", "meant"),
    [
        ("/api/v1/risk/history", "levels=HIGH", "level"),
        ("/api/v1/risk/history", "since=2026-01-01T00:00:00Z", "from"),
        ("/api/v1/risk/history/export", "until=2026-01-01T00:00:00Z", "to"),
        ("/api/v1/alerts/export", "statuses=open", "status"),
        ("/api/v1/audit/logs", "end=2026-01-01T00:00:00Z", "to"),
        ("/api/v1/alerts", "accountId=ada", "account_id"),
        ("/api/v1/risk/history", "Level=HIGH", "level"),
    ],
)
def test_the_refusal_of_a_mistyped_filter_names_the_one_that_was_meant(
    client: TestClient, path: str, query: str, meant: str
) -> None:
    [error] = client.get(f"{path}?{query}").json()["errors"]
    assert f"did you mean `{meant}`?" in error["detail"]


def test_time_spans_have_one_pair_of_names_and_the_former_ones_are_deprecated() -> None:
    for path, operations in WHOLE.openapi()["paths"].items():
        for operation in operations.values():
            found = {each["name"]: each for each in operation.get("parameters", []) if each["in"] == "query"}
            assert {name for name in found if found[name].get("deprecated")} <= FORMER_NAMES, path
            assert found.keys() & {"start", "end", "after", "before"} == set(), path
            for former, name in (("since", "from"), ("until", "to")):
                assert former not in found or (found[former]["deprecated"] and name in found), path
