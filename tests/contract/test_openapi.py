"""The committed OpenAPI is what the code serves, and says enough for a typed client."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from functions.api.events.schemas import EventInput
from functions.api.http.app import create_app
from functions.api.http.dependencies import declared_access
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from risk.config.settings import ApiSettings
from tests.routes import routes

PUBLIC = {
    f"{PREFIX}/{path}"
    for path in (
        "auth/register",
        "auth/login",
        "auth/refresh",
        "auth/logout",
        "auth/password/reset-request",
        "auth/password/reset",
        "auth/options",
        "auth/oidc/login",
        "auth/oidc/callback",
        "health",
    )
}
COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
app = create_app(Services(ApiSettings(_env_file=None)))
schema = app.openapi()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in schema["paths"].items()
    for method, operation in methods.items()
}


def test_the_committed_document_is_what_the_code_serves() -> None:
    assert json.loads(COMMITTED.read_text()) == schema, "write it anew: risk openapi --out docs/openapi.json"


def test_every_route_declares_who_may_use_it() -> None:
    found = {
        route.path: [
            access
            for dependency in route.dependant.dependencies
            if (access := declared_access(dependency.call)) is not None
        ]
        for route in routes(app)
    }
    assert len(found) >= 15
    assert [path for path, declared in found.items() if not declared] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_described_named_and_has_its_errors_as_problems(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["description"]
    assert operation["operationId"].isidentifier()
    assert operation["tags"]
    for parameter in operation.get("parameters", []):
        assert parameter.get("description"), parameter["name"]
    problems = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
    assert {"500", "503"} <= set(problems)
    for status, answer in problems.items():
        if not (name.endswith("/health") and status == "503"):
            assert list(answer["content"]) == ["application/problem+json"], status
    assert ("security" in operation) is not (name.split(" ")[1] in PUBLIC)


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(part) for part in value.values()))
    return set().union(*(references(part) for part in value)) if isinstance(value, list) else set()


def test_every_reference_leads_to_a_schema_and_every_schema_is_used() -> None:
    defined = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert references(schema) == defined


def test_no_two_schemas_have_one_title() -> None:
    """Generators of clients name types by it."""
    titles = Counter(one["title"] for one in schema["components"]["schemas"].values())
    assert [title for title, times in titles.items() if times > 1] == []


def test_no_bound_is_lost_on_its_way_into_a_schema() -> None:
    def names(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(names, value.values()))
        return set().union(*map(names, value)) if isinstance(value, list) else set()

    assert names(schema) & {"ge", "gt", "le", "lt", "min_length", "max_length"} == set()


def test_the_example_event_is_one() -> None:
    [example] = schema["components"]["schemas"]["EventInput"]["examples"]
    TypeAdapter(EventInput).validate_python(example)


def test_operation_ids_are_unique() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))
