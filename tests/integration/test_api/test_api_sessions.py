"""Sessions: refresh tokens that are worth one use, and what ends a session."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, update

from functions.api.http.access import tokens
from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.domain.permissions import Role
from risk.store.db import tables
from risk.store.identity import users
from tests.integration.test_api.support import PASSWORD, PASSWORD_HASH, valkey_of

AUTH = "/api/v1/auth"
EMAIL = "ada@risk.local"


@pytest.fixture(autouse=True)
def ada(database: Engine) -> None:
    with database.begin() as connection:
        users.create_user(connection, EMAIL, PASSWORD_HASH, Role.ANALYST)


def sign_in(client: TestClient, password: str = PASSWORD) -> dict[str, Any]:
    answer = client.post(f"{AUTH}/login", json={"email": EMAIL, "password": password})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refresh(client: TestClient, token: str) -> Any:
    return client.post(f"{AUTH}/refresh", json={"refresh_token": token})


def bearer(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}


def me(client: TestClient, session: dict[str, Any]) -> int:
    return client.get(f"{AUTH}/me", headers=bearer(session)).status_code


def test_a_refresh_token_gives_the_next_tokens_once(client: TestClient, database: Engine) -> None:
    first = sign_in(client)
    second = refresh(client, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert (second["token_type"], second["expires_in"], second["refresh_expires_in"]) == ("bearer", 900, 7 * 86400)
    assert (me(client, first), me(client, second)) == (200, 200)
    with database.connect() as connection:
        stored = connection.execute(select(tables.refresh_tokens)).all()
    assert {row.token_hash for row in stored} == {tokens.secret_hash(one["refresh_token"]) for one in (first, second)}
    assert len({row.session_id for row in stored}) == 1


def test_using_a_refresh_token_again_ends_its_session_for_whoever_has_it_and_no_other(client: TestClient) -> None:
    other, first = sign_in(client), sign_in(client)
    second = refresh(client, first["refresh_token"]).json()
    third = refresh(client, second["refresh_token"]).json()
    again = refresh(client, first["refresh_token"])
    assert (again.status_code, again.json()["type"]) == (401, "urn:problem:not-authenticated")
    assert refresh(client, third["refresh_token"]).status_code == 401
    assert [me(client, one) for one in (first, second, third, other)] == [401, 401, 401, 200]
    assert refresh(client, other["refresh_token"]).status_code == 200


def test_a_copied_refresh_token_cuts_off_live_updates_too(client: TestClient, api_services: Services) -> None:
    stolen = sign_in(client)
    with api_services.database.connect() as connection:
        ada = users.find_by_email(connection, EMAIL)
    assert ada is not None
    for connection_id, user_id in (("hers", str(ada.id)), ("another's", "somebody")):
        valkey_live.add_connection(
            valkey_of(api_services), valkey_live.Connection(connection_id, user_id, Role.ANALYST)
        )
    refresh(client, stolen["refresh_token"])
    assert len(valkey_live.connections(valkey_of(api_services))) == 2
    assert refresh(client, stolen["refresh_token"]).status_code == 401
    assert [one.id for one in valkey_live.connections(valkey_of(api_services))] == ["another's"]


def test_of_uses_at_once_one_wins_and_the_session_ends(client: TestClient) -> None:
    session = sign_in(client)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: refresh(client, session["refresh_token"]), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    assert me(client, session) == 401


def test_tokens_end_with_their_time_their_session_and_their_owner(client: TestClient, database: Engine) -> None:
    now = datetime.now(UTC)
    session = sign_in(client)
    with database.begin() as connection:
        connection.execute(update(tables.refresh_tokens).values(expires_at=now))
    assert refresh(client, session["refresh_token"]).status_code == 401
    session = sign_in(client)
    with database.begin() as connection:
        connection.execute(update(tables.sessions).values(expires_at=now + timedelta(hours=1)))
    nearly_over = refresh(client, session["refresh_token"]).json()
    assert nearly_over["refresh_expires_in"] <= 3600
    with database.begin() as connection:
        connection.execute(update(tables.users).values(disabled=True))
    assert refresh(client, nearly_over["refresh_token"]).status_code == 401
    for odd in ("nothing", "rt_" + "x" * 43):
        assert refresh(client, odd).status_code == 401
    assert refresh(client, "a b").status_code == 422


def test_signing_out_ends_the_session_at_once_and_tells_nothing_of_unknown_tokens(client: TestClient) -> None:
    one, two, three = sign_in(client), sign_in(client), sign_in(client)
    answer = client.post(f"{AUTH}/logout", json={"refresh_token": one["refresh_token"]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert (me(client, one), refresh(client, one["refresh_token"]).status_code, me(client, two)) == (401, 401, 200)
    everywhere = {"refresh_token": two["refresh_token"], "everywhere": True}
    assert client.post(f"{AUTH}/logout", json=everywhere).status_code == 204
    assert (me(client, two), me(client, three)) == (401, 401)
    assert client.post(f"{AUTH}/logout", json={"refresh_token": "unknown"}).status_code == 204


def test_a_changed_password_ends_every_other_session(client: TestClient, api_services: Services) -> None:
    other, own = sign_in(client), sign_in(client)
    user_id = client.get(f"{AUTH}/me", headers=bearer(own)).json()["id"]
    valkey_live.add_connection(valkey_of(api_services), valkey_live.Connection("of the other", user_id, Role.ANALYST))
    change = {"current_password": "not this one", "new_password": "a much better password"}
    wrong = client.post(f"{AUTH}/password", json=change, headers=bearer(own))
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "current_password")
    done = client.post(f"{AUTH}/password", json=change | {"current_password": PASSWORD}, headers=bearer(own))
    assert done.status_code == 204
    assert valkey_live.connections(valkey_of(api_services)) == []
    assert (me(client, own), me(client, other)) == (200, 401)
    assert refresh(client, own["refresh_token"]).status_code == 200
    assert refresh(client, other["refresh_token"]).status_code == 401
    assert client.post(f"{AUTH}/login", json={"email": EMAIL, "password": PASSWORD}).status_code == 401
    sign_in(client, "a much better password")


def test_a_new_sign_in_forgets_sessions_that_are_long_over(client: TestClient, database: Engine) -> None:
    sign_in(client)
    with database.begin() as connection:
        connection.execute(update(tables.sessions).values(expires_at=datetime.now(UTC) - timedelta(days=8)))
    sign_in(client)
    with database.connect() as connection:
        assert len(connection.execute(select(tables.sessions)).all()) == 1
        assert len(connection.execute(select(tables.refresh_tokens)).all()) == 1


def test_a_closed_account_is_out_at_once_and_stays_out_when_it_is_opened_again(
    client: TestClient, admin: dict[str, str], api_services: Services
) -> None:
    session = sign_in(client)
    user_id = client.get(f"{AUTH}/me", headers=bearer(session)).json()["id"]
    for disabled in (True, False):
        answer = client.patch(f"/api/v1/users/{user_id}", json={"disabled": disabled}, headers=admin)
        assert answer.status_code == 200
        assert me(client, session) == 401
    assert refresh(client, session["refresh_token"]).status_code == 401
    sign_in(client)


def listed(client: TestClient, session: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(f"{AUTH}/sessions", headers=bearer(session)).json()["items"]
    return items


def test_a_person_sees_where_they_are_signed_in_and_ends_what_they_do_not_know(
    client: TestClient, admin: dict[str, str], api_services: Services
) -> None:
    known, unknown, own = sign_in(client), sign_in(client), sign_in(client)
    refresh(client, own["refresh_token"])
    first, *others = listed(client, own)
    assert (first["current"], [each["current"] for each in others]) == (True, [False, False])
    assert first["last_used_at"] > first["created_at"]
    assert others[0]["last_used_at"] == others[0]["created_at"] > others[1]["created_at"]
    user_id = client.get(f"{AUTH}/me", headers=bearer(own)).json()["id"]
    valkey_live.add_connection(valkey_of(api_services), valkey_live.Connection("of the unknown", user_id, Role.ANALYST))
    url = f"{AUTH}/sessions/{others[0]['id']}"
    assert client.delete(url, headers=admin).status_code == 404  # it is not theirs
    assert client.delete(url, headers=bearer(own)).status_code == 204
    assert [me(client, one) for one in (known, unknown, own)] == [200, 401, 200]
    assert refresh(client, unknown["refresh_token"]).status_code == 401
    assert valkey_live.connections(valkey_of(api_services)) == []
    assert client.delete(url, headers=bearer(own)).status_code == 404
    assert client.delete(f"{AUTH}/sessions", headers=bearer(own)).status_code == 204
    assert (me(client, known), me(client, own), len(listed(client, own))) == (401, 200, 1)


def test_what_cannot_be_renewed_any_more_is_no_session(client: TestClient, database: Engine) -> None:
    session = sign_in(client)
    with database.begin() as connection:
        connection.execute(update(tables.refresh_tokens).values(expires_at=datetime.now(UTC)))
    assert listed(client, session) == []


def test_an_administrator_sees_and_ends_the_sessions_of_others(client: TestClient, admin: dict[str, str]) -> None:
    session = sign_in(client)
    user_id = client.get(f"{AUTH}/me", headers=bearer(session)).json()["id"]
    url = f"/api/v1/users/{user_id}/sessions"
    assert [each["current"] for each in client.get(url, headers=admin).json()["items"]] == [False]
    assert client.delete(url, headers=admin).status_code == 204
    assert (me(client, session), client.get(url, headers=admin).json()["items"]) == (401, [])
    logged = client.get("/api/v1/audit/logs", params={"subject": f"user:{user_id}"}, headers=admin).json()["items"]
    assert logged[0]["action"] == "end_sessions_of_user"
