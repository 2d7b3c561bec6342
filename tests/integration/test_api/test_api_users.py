"""People, as administrators see and change them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.domain.permissions import Role
from risk.store.identity import users
from tests.integration.test_api.support import PASSWORD, PASSWORD_HASH, valkey_of

USERS = "/api/v1/users"


def add(database: Engine, email: str, role: Role = Role.VIEWER, password_hash: str | None = PASSWORD_HASH) -> str:
    with database.begin() as connection:
        return str(users.create_user(connection, email, password_hash, role).id)


def me(client: TestClient, headers: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/auth/me", headers=headers).json()
    return found


def test_everyone_is_listed_by_address_a_page_at_a_time(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    for name in ("c", "a", "b"):
        add(database, f"{name}@risk.local")
    first = client.get(USERS, params={"limit": 2}, headers=admin).json()
    rest = client.get(USERS, params={"limit": 2, "cursor": first["next_cursor"]}, headers=admin).json()
    emails = [one["email"] for one in first["items"] + rest["items"]]
    assert emails == ["a@risk.local", "admin@risk.local", "b@risk.local", "c@risk.local"]
    assert rest["next_cursor"] is None
    assert "password" not in str(first)


def test_an_invited_person_sets_a_password_and_has_the_role(client: TestClient, admin: dict[str, str]) -> None:
    answer = client.post(f"{USERS}/invite", json={"email": "Grace@risk.local", "role": "analyst"}, headers=admin)
    assert (answer.status_code, answer.json()["status"], answer.json()["role"]) == (201, "invited", "analyst")
    for password in ("", "x", PASSWORD):
        body = {"email": "grace@risk.local", "password": password or "y"}
        assert client.post("/api/v1/auth/login", json=body).status_code == 401
    link = client.post(f"{USERS}/{answer.json()['id']}/reset-link", headers=admin).json()["link"]
    body = {"token": link.split("#token=")[1], "password": PASSWORD}
    assert client.post("/api/v1/auth/password/reset", json=body).status_code == 204
    login = client.post("/api/v1/auth/login", json={"email": "grace@risk.local", "password": PASSWORD}).json()
    assert me(client, {"Authorization": f"Bearer {login['access_token']}"})["role"] == "analyst"
    assert client.get(f"{USERS}/{answer.json()['id']}", headers=admin).json()["status"] == "active"
    again = client.post(f"{USERS}/invite", json={"email": "GRACE@risk.local"}, headers=admin)
    assert again.status_code == 409


def test_a_change_acts_at_once_and_cuts_live_updates(
    client: TestClient, admin: dict[str, str], analyst: dict[str, str], api_services: Services
) -> None:
    user_id = me(client, analyst)["id"]
    valkey_live.add_connection(valkey_of(api_services), valkey_live.Connection("of the analyst", user_id, Role.ANALYST))
    valkey_live.add_connection(valkey_of(api_services), valkey_live.Connection("of another", str(uuid4()), Role.VIEWER))
    answer = client.patch(f"{USERS}/{user_id}", json={"role": "viewer"}, headers=admin)
    assert (answer.status_code, answer.json()["role"]) == (200, "viewer")
    assert me(client, analyst)["role"] == "viewer"
    assert [one.id for one in valkey_live.connections(valkey_of(api_services))] == ["of another"]
    for odd in ({}, {"role": "owner"}, {"email": "x@y.z"}, {"disabled": "perhaps"}):
        assert client.patch(f"{USERS}/{user_id}", json=odd, headers=admin).status_code == 422


def test_of_two_who_edit_what_they_read_the_second_is_told(
    client: TestClient, admin: dict[str, str], viewer: dict[str, str]
) -> None:
    url = f"{USERS}/{me(client, viewer)['id']}"
    read = client.get(url, headers=admin).headers["etag"]
    first = client.patch(url, json={"role": "analyst"}, headers=admin | {"If-Match": read})
    assert first.status_code == 200
    second = client.patch(url, json={"disabled": True}, headers=admin | {"If-Match": read})
    assert (second.status_code, second.json()["type"]) == (412, "urn:problem:stale")
    assert client.get(url, headers=admin).json()["status"] == "active"
    both = f'"older", {first.headers["etag"]}'
    assert client.patch(url, json={"disabled": True}, headers=admin | {"If-Match": both}).status_code == 200
    assert client.patch(url, json={"disabled": False}, headers=admin | {"If-Match": "*"}).status_code == 200


def test_the_last_administrator_who_can_sign_in_stays_one(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    own = f"{USERS}/{me(client, admin)['id']}"
    add(database, "invited@risk.local", Role.ADMIN, password_hash=None)
    for change in ({"role": "analyst"}, {"disabled": True}):
        answer = client.patch(own, json=change, headers=admin)
        assert (answer.status_code, "last administrator" in answer.json()["detail"]) == (409, True)
    second = add(database, "second@risk.local", Role.ADMIN)
    assert client.patch(f"{USERS}/{second}", json={"disabled": True}, headers=admin).status_code == 200
    assert client.patch(own, json={"role": "analyst"}, headers=admin).status_code == 409
    assert client.patch(f"{USERS}/{second}", json={"disabled": False}, headers=admin).status_code == 200
    assert client.patch(own, json={"role": "analyst"}, headers=admin).status_code == 200
    assert client.get(USERS, headers=admin).status_code == 403


def test_administrators_who_demote_each_other_at_once_leave_one(database: Engine) -> None:
    ids = [add(database, f"{name}@risk.local", Role.ADMIN) for name in "ab"]

    def demote(user_id: str) -> bool:
        try:
            with database.begin() as connection:
                user = users.find_to_change(connection, UUID(user_id))
                users.change(connection, user, role=Role.VIEWER, disabled=False)
        except Exception:  # a refusal, or the database's own when they cross
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, ids)) == [False, True]


def test_a_closed_account_gets_no_link_and_nobody_is_unknown(
    client: TestClient, admin: dict[str, str], viewer: dict[str, str]
) -> None:
    url = f"{USERS}/{me(client, viewer)['id']}"
    client.patch(url, json={"disabled": True}, headers=admin)
    assert client.post(f"{url}/reset-link", headers=admin).status_code == 409
    assert client.get(f"{USERS}/{uuid4()}", headers=admin).status_code == 404
    assert client.delete(url, headers=admin).status_code == 405
