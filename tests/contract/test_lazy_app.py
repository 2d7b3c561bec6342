"""The application in parts answers as the whole does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Match

from functions.api.http.app import RESOURCES, create_app
from functions.api.http.lazy_app import OnDemand, resource_of
from functions.api.http.services import Services
from risk.config.settings import ApiSettings
from tests.routes import routes

SERVICES = Services(ApiSettings(_env_file=None, database_url="postgresql://nobody@127.0.0.1:1/none"))
WHOLE = create_app(SERVICES)


def matched(app: FastAPI, method: str, path: str) -> Any:
    """What answers a request: the first route that matches it whole."""
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    return next((route.endpoint for route in routes(app) if route.matches(scope)[0] is Match.FULL), None)


ID = "7f0c1d3e-6f0b-4f6e-9a49-6c5d1c3b7e10"
REQUESTS = [
    (method, re.sub(r"\{\w+(:\w+)?\}", lambda part: "1" if part[1] == ":int" else ID, route.path))
    for route in routes(WHOLE)
    for method in sorted(route.methods or ())
]


def test_each_request_is_answered_by_the_part_of_its_resource_as_by_the_whole() -> None:
    parts = {resource: create_app(SERVICES, [resource]) for resource in RESOURCES}
    assert len(REQUESTS) > 80
    for method, path in REQUESTS:
        whole = matched(WHOLE, method, path)
        assert whole is not None
        assert matched(parts[resource_of(path) or ""], method, path) is whole, (method, path)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/openapi.json", 200),
        ("GET", "/docs", 200),
        ("GET", "/api/v1/auth/options", 200),
        ("GET", "/api/v1/auth", 404),
        ("GET", "/api/v1/auth/nothing", 404),
        ("GET", "/api/v1/auth/password/nothing", 404),
        ("GET", "/api/v1/auth/password", 405),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/", 404),
        ("DELETE", "/api/v1/auth/login", 405),
        ("GET", "/api/v1/alerts", 503),  # without a database
    ],
)
def test_what_is_said_is_the_same(method: str, path: str, status: int) -> None:
    one = TestClient(OnDemand(SERVICES)).request(method, path, headers={"x-request-id": "same"})
    other = TestClient(WHOLE).request(method, path, headers={"x-request-id": "same"})
    assert one.status_code == other.status_code == status
    assert one.content == other.content
    assert {name: one.headers[name] for name in other.headers if name != "date"} == {
        name: value for name, value in other.headers.items() if name != "date"
    }


def test_a_request_makes_the_part_that_it_needs_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[list[str]] = []

    def make(services: Services, resources: Any) -> FastAPI:
        made.append(list(resources))
        return create_app(services, resources)

    monkeypatch.setattr("functions.api.http.lazy_app.create_app", make)
    parts = OnDemand(SERVICES)
    client = TestClient(parts)
    for path in ("auth/options", "auth/options", "lists"):
        client.get(f"/api/v1/{path}")
    assert made == [["auth"], ["lists"]]
    parts.load()
    assert sorted(name for [name] in made) == sorted(RESOURCES)
