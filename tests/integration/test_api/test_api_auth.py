"""Accounts, signing in, and tickets."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, update

from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.domain.permissions import ROLE_PERMISSIONS, Role
from risk.store.db import tables
from risk.store.identity import users
from tests.integration.test_api.support import PASSWORD, Post, app_on, valkey_of

REGISTER, LOGIN = "/api/v1/auth/register", "/api/v1/auth/login"
SET_PASSWORD = "/api/v1/auth/password/reset"
ADA = {"email": "Ada@Example.com"}


def sign_in(client: TestClient, email: str = "ada@example.com", password: str = PASSWORD) -> Any:
    return client.post(LOGIN, json={"email": email, "password": password})


def test_who_registers_proves_the_address_and_is_a_viewer_whose_password_is_not_stored(
    client: TestClient, database: Engine, post: Post
) -> None:
    answer = client.post(REGISTER, json=ADA)
    assert (answer.status_code, list(answer.json())) == (202, ["detail"])
    assert [to for to, _, _ in post.sent] == ["ada@example.com"]
    assert sign_in(client).status_code == 401
    assert client.post(SET_PASSWORD, json={"token": post.token(), "password": PASSWORD}).status_code == 204
    login = sign_in(client, "ADA@example.com").json()
    assert (login["token_type"], login["expires_in"]) == ("bearer", 900)
    me = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {login['access_token']}"}).json()
    assert (me["email"], me["role"]) == ("ada@example.com", "viewer")
    assert me["permissions"] == sorted(ROLE_PERMISSIONS[Role.VIEWER])
    with database.connect() as connection:
        stored = connection.scalars(select(tables.users.c.password_hash)).one()
    assert stored.startswith("$argon2id$")


def test_without_mail_a_registered_account_waits_for_the_link_of_an_administrator(
    client: TestClient, admin: dict[str, str]
) -> None:
    client.post(REGISTER, json=ADA)
    found = client.get("/api/v1/users", headers=admin).json()["items"]
    [ada] = [one for one in found if one["email"] == "ada@example.com"]
    assert ada["status"] == "invited"
    link = client.post(f"/api/v1/users/{ada['id']}/reset-link", headers=admin).json()["link"]
    body = {"token": link.split("#token=")[1], "password": PASSWORD}
    assert client.post(SET_PASSWORD, json=body).status_code == 204
    assert sign_in(client).status_code == 200


def test_registering_does_not_tell_which_addresses_have_an_account(
    client: TestClient, viewer: dict[str, str], database: Engine, post: Post
) -> None:
    with database.begin() as connection:
        closed = users.create_user(connection, "closed@risk.local", None, Role.VIEWER)
        connection.execute(update(tables.users).where(tables.users.c.id == closed.id).values(disabled=True))

    def asked(email: str) -> tuple[int, Any, float]:
        started = time.perf_counter()
        answer = client.post(REGISTER, json={"email": email})
        return answer.status_code, answer.json(), time.perf_counter() - started

    found = {email: asked(email) for email in ("Viewer@risk.local", "closed@risk.local", "new@risk.local")}
    assert len({(status, str(body)) for status, body, _ in found.values()}) == 1
    seconds = [taken for _, _, taken in found.values()]
    assert max(seconds) < 1.5 * min(seconds)
    mails = {to: text for to, _, text in post.sent}
    assert set(mails) == {"viewer@risk.local", "new@risk.local"}
    assert "#token=" not in mails["viewer@risk.local"]
    assert sign_in(client, "viewer@risk.local").status_code == 200  # the one there was is left as it was


@pytest.mark.parametrize(
    "email",
    [
        "\u0430da@example.com",
        "ada@ex\u0430mple.com",
        "a\u0301da@example.com",
        "\uff41da@example.com",
        "ada@\u0435xample.com",
    ],
)
def test_an_address_that_looks_like_another_is_refused_or_told_apart(
    client: TestClient, admin: dict[str, str], email: str
) -> None:
    assert client.post("/api/v1/users/invite", json={"email": "ada@example.com"}, headers=admin).status_code == 201
    answer = client.post("/api/v1/users/invite", json={"email": email}, headers=admin)
    if answer.status_code == 201:
        assert answer.json()["email"].startswith("ada@xn--")
    else:
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "email")


def test_bad_addresses_are_named(client: TestClient) -> None:
    for body, field in (
        ({"email": "ada"}, "email"),
        ({"email": "ada@\x00.com"}, "email"),
        (ADA | {"role": "admin"}, "role"),
        (ADA | {"password": PASSWORD}, "password"),
    ):
        answer = client.post(REGISTER, json=body)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert PASSWORD not in answer.text
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
    valkey_of(api_services).flushall()  # the throttle would stop the fifth
    wrong = [refused("viewer@risk.local", "not the password") for _ in range(4)]
    unknown = [refused("nobody@risk.local", "not the password") for _ in range(4)]
    valkey_of(api_services).flushall()
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
    found = valkey_live.redeem_ticket(valkey_of(api_services), answer.json()["ticket"])
    assert found is not None
    assert found.role is Role.ANALYST
    assert valkey_live.redeem_ticket(valkey_of(api_services), answer.json()["ticket"]) is None


def test_without_valkey_a_ticket_is_a_problem_that_says_try_again(
    api_services: Services, analyst: dict[str, str]
) -> None:
    api_services.live = valkey_live.connect("127.0.0.1", 1)
    answer = TestClient(app_on(api_services)).post("/api/v1/auth/ws-ticket", headers=analyst)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:unavailable")


def test_a_ticket_is_issued_for_what_the_database_says_after_its_generation_was_read(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], api_services: Services, monkeypatch: Any
) -> None:
    """A demotion that commits while the ticket is being made is either seen in it or makes it void."""
    user_id = client.get("/api/v1/auth/me", headers=analyst).json()["id"]
    generation = valkey_live.access_generation

    def demoted_in_between(client_: Any, user: str) -> str:
        found = generation(client_, user)
        monkeypatch.setattr(valkey_live, "access_generation", generation)
        assert client.patch(f"/api/v1/users/{user_id}", json={"role": "viewer"}, headers=admin).status_code == 200
        return found

    monkeypatch.setattr(valkey_live, "access_generation", demoted_in_between)
    ticket = client.post("/api/v1/auth/ws-ticket", headers=analyst).json()["ticket"]
    found = valkey_live.redeem_ticket(valkey_of(api_services), ticket)
    assert found is not None
    opened = valkey_live.add_connection(
        valkey_of(api_services), valkey_live.Connection("one", user_id, found.role), found.generation
    )
    assert not opened or found.role is Role.VIEWER


ENDINGS: dict[str, Callable[[TestClient, str, dict[str, Any], dict[str, str]], int]] = {
    "a demotion": lambda c, i, s, a: c.patch(f"/api/v1/users/{i}", json={"role": "viewer"}, headers=a).status_code,
    "a closed account": lambda c, i, s, a: (
        c.patch(f"/api/v1/users/{i}", json={"disabled": True}, headers=a).status_code
    ),
    "sessions ended by an administrator": lambda c, i, s, a: (
        c.delete(f"/api/v1/users/{i}/sessions", headers=a).status_code
    ),
    "a sign-out everywhere": lambda c, i, s, a: (
        c.post("/api/v1/auth/logout", json={"refresh_token": s["refresh_token"], "everywhere": True}).status_code
    ),
    "a sign-out": lambda c, i, s, a: (
        c.post("/api/v1/auth/logout", json={"refresh_token": s["refresh_token"]}).status_code
    ),
    "a stolen refresh token": lambda c, i, s, a: (
        c.post("/api/v1/auth/refresh", json={"refresh_token": s["used"]}).status_code
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_ticket_and_a_connection_do_not_outlive_access(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], api_services: Services, ending: str
) -> None:
    first = sign_in(client, "analyst@risk.local").json()
    session = client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}).json()
    session["used"] = first["refresh_token"]
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    user_id = client.get("/api/v1/auth/me", headers=headers).json()["id"]
    tickets = [client.post("/api/v1/auth/ws-ticket", headers=headers).json()["ticket"] for _ in range(2)]
    before = valkey_live.redeem_ticket(valkey_of(api_services), tickets[0])
    assert before is not None
    connection = valkey_live.Connection("one", user_id, before.role)
    assert valkey_live.add_connection(valkey_of(api_services), connection, before.generation)
    assert ENDINGS[ending](client, user_id, session, admin) in {200, 204, 401}
    assert valkey_live.connections(valkey_of(api_services)) == []
    found = valkey_live.redeem_ticket(valkey_of(api_services), tickets[1])
    assert found is not None
    assert not valkey_live.add_connection(
        valkey_of(api_services), valkey_live.Connection("two", user_id, found.role), found.generation
    )
    assert not valkey_live.change_connection(valkey_of(api_services), connection)  # what `subscribe` does
    assert valkey_live.connections(valkey_of(api_services)) == []
