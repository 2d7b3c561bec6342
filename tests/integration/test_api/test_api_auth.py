"""Accounts, signing in, and tickets."""

from __future__ import annotations

import statistics
import time

from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, update

from functions.api.http.app import create_app
from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.domain.permissions import ROLE_PERMISSIONS, Role
from risk.store.db import tables
from tests.integration.test_api.support import PASSWORD

REGISTER, LOGIN = "/api/v1/auth/register", "/api/v1/auth/login"
ADA = {"email": "Ada@Example.com", "password": PASSWORD}


def test_who_registers_is_a_viewer_who_can_sign_in_and_whose_password_is_not_stored(
    client: TestClient, database: Engine
) -> None:
    answer = client.post(REGISTER, json=ADA)
    assert answer.status_code == 201
    assert {key: answer.json()[key] for key in ("email", "role")} == {"email": "ada@example.com", "role": "viewer"}
    login = client.post(LOGIN, json={"email": "ADA@example.com", "password": PASSWORD}).json()
    assert (login["token_type"], login["expires_in"]) == ("bearer", 900)
    me = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {login['access_token']}"})
    assert me.json() == answer.json() | {"permissions": sorted(ROLE_PERMISSIONS[Role.VIEWER])}
    with database.connect() as connection:
        stored = connection.scalars(select(tables.users.c.password_hash)).one()
    assert stored.startswith("$argon2id$")


def test_an_address_is_taken_in_any_case(client: TestClient) -> None:
    client.post(REGISTER, json=ADA)
    answer = client.post(REGISTER, json=ADA | {"email": "ada@EXAMPLE.com"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem:conflict")


def test_bad_addresses_and_passwords_are_named_and_never_repeated(client: TestClient) -> None:
    for body, field in (
        (ADA | {"email": "ada"}, "email"),
        (ADA | {"email": "ada@\x00.com"}, "email"),
        (ADA | {"password": "short"}, "password"),
        (ADA | {"password": "x" * 129}, "password"),
        (ADA | {"role": "admin"}, "role"),
    ):
        answer = client.post(REGISTER, json=body)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert body["password"] not in answer.text
    surrogate = b'{"email": "ada@example.com", "password": "\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800"}'
    for url in (REGISTER, LOGIN):
        answer = client.post(url, content=surrogate, headers={"content-type": "application/json"})
        assert answer.status_code in {401, 422}, answer.text


def test_closed_registration_is_refused(client: TestClient, api_services: Services) -> None:
    api_services.settings = api_services.settings.model_copy(update={"registration_open": False})
    answer = client.post(REGISTER, json=ADA)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:problem:not-allowed")


def test_a_wrong_password_an_unknown_address_and_a_closed_account_look_and_last_the_same(
    client: TestClient, viewer: dict[str, str], database: Engine, api_services: Services
) -> None:
    def refused(email: str, password: str) -> tuple[str, float]:
        started = time.perf_counter()
        answer = client.post(LOGIN, json={"email": email, "password": password})
        assert answer.status_code == 401
        return answer.json()["detail"], time.perf_counter() - started

    refused("nobody@risk.local", "first, so that everything is warm")
    api_services.live.flushall()  # the throttle would stop the fifth
    wrong = [refused("viewer@risk.local", "not the password") for _ in range(4)]
    unknown = [refused("nobody@risk.local", "not the password") for _ in range(4)]
    api_services.live.flushall()
    with database.begin() as connection:
        connection.execute(update(tables.users).values(disabled=True))
    closed = refused("viewer@risk.local", PASSWORD)
    assert {detail for detail, _ in [*wrong, *unknown, closed]} == {closed[0]}
    assert statistics.median(time for _, time in unknown) > 0.5 * statistics.median(time for _, time in wrong)


def test_a_ticket_is_worth_one_connection_of_its_owner(
    client: TestClient, analyst: dict[str, str], api_services: Services
) -> None:
    answer = client.post("/api/v1/auth/ws-ticket", headers=analyst)
    assert (answer.status_code, answer.json()["expires_in"]) == (200, 30)
    found = valkey_live.redeem_ticket(api_services.live, answer.json()["ticket"])
    assert found is not None
    assert found[1] is Role.ANALYST
    assert valkey_live.redeem_ticket(api_services.live, answer.json()["ticket"]) is None


def test_without_valkey_a_ticket_is_a_problem_that_says_try_again(
    api_services: Services, analyst: dict[str, str]
) -> None:
    api_services.live = valkey_live.connect("127.0.0.1", 1)
    answer = TestClient(create_app(api_services)).post("/api/v1/auth/ws-ticket", headers=analyst)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:unavailable")
