"""A forgotten password: a link that works once, and a request that tells nothing."""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from fastapi.testclient import TestClient
from moto import mock_aws
from sqlalchemy import Engine, select, update

from functions.api.identity.mail import SesMail
from risk.audit.record import Outcome
from risk.domain.permissions import Role
from risk.store.audit import audit_log
from risk.store.db import tables
from risk.store.identity import users
from tests.integration.test_api.support import PASSWORD, PASSWORD_HASH, Post

AUTH = "/api/v1/auth"
EMAIL = "ada@risk.local"
NEW = "a much better password"


@pytest.fixture(autouse=True)
def ada(database: Engine) -> None:
    with database.begin() as connection:
        users.create_user(connection, EMAIL, PASSWORD_HASH, Role.ANALYST)


def ask(client: TestClient, email: str = EMAIL) -> Any:
    return client.post(f"{AUTH}/password/reset-request", json={"email": email})


def reset(client: TestClient, token: str, password: str = NEW) -> Any:
    return client.post(f"{AUTH}/password/reset", json={"token": token, "password": password})


def login(client: TestClient, password: str) -> Any:
    return client.post(f"{AUTH}/login", json={"email": EMAIL, "password": password})


def test_a_mailed_link_sets_a_password_once_and_ends_every_session(
    client: TestClient, post: Post, database: Engine
) -> None:
    session = login(client, PASSWORD).json()
    assert ask(client, EMAIL.upper()).status_code == 202
    [(to, _, text)] = post.sent
    assert (to, "/set-password#token=" in text) == (EMAIL, True)
    with database.connect() as connection:
        assert post.token() not in str(connection.execute(select(tables.password_links)).all())
    assert reset(client, post.token(), "short").status_code == 422
    assert reset(client, post.token()).status_code == 204
    again = reset(client, post.token())
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "token")
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    assert client.get(f"{AUTH}/me", headers=headers).status_code == 401
    assert client.post(f"{AUTH}/refresh", json={"refresh_token": session["refresh_token"]}).status_code == 401
    assert (login(client, PASSWORD).status_code, login(client, NEW).status_code) == (401, 200)


def test_only_the_newest_link_is_valid_and_none_for_ever(client: TestClient, post: Post, database: Engine) -> None:
    ask(client)
    first = post.token()
    ask(client)
    assert reset(client, first).status_code == 422
    with database.begin() as connection:
        connection.execute(update(tables.password_links).values(expires_at=datetime.now(UTC)))
    assert reset(client, post.token()).status_code == 422
    assert login(client, PASSWORD).status_code == 200


def test_addresses_without_an_account_are_answered_the_same_in_about_the_same_time(
    client: TestClient, post: Post, database: Engine
) -> None:
    with database.begin() as connection:
        closed = users.create_user(connection, "closed@risk.local", PASSWORD_HASH, Role.VIEWER)
        connection.execute(update(tables.users).where(tables.users.c.id == closed.id).values(disabled=True))

    def asked(email: str) -> tuple[Any, float]:
        started = time.perf_counter()
        answer = ask(client, email)
        assert answer.status_code == 202
        return answer.json(), time.perf_counter() - started

    found = {name: [asked(name) for _ in range(3)] for name in (EMAIL, "nobody@risk.local", "closed@risk.local")}
    assert len({str(body) for answers in found.values() for body, _ in answers}) == 1
    medians = [statistics.median(seconds for _, seconds in answers) for answers in found.values()]
    assert max(medians) < 1.5 * min(medians)
    assert {to for to, _, _ in post.sent} == {EMAIL}
    post.broken = True
    assert asked(EMAIL)[0] == asked("nobody@risk.local")[0]


def test_where_no_mail_is_sent_an_administrator_sees_the_request_and_gives_the_link(
    client: TestClient, admin: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    ask(client)
    [ada] = [one for one in client.get("/api/v1/users", headers=admin).json()["items"] if one["email"] == EMAIL]
    assert ada["reset_requested_at"] is not None
    answer = client.post(f"/api/v1/users/{ada['id']}/reset-link", headers=admin)
    assert answer.status_code == 200
    token = answer.json()["link"].split("#token=")[1]
    assert reset(client, token).status_code == 204
    assert login(client, NEW).status_code == 200
    assert client.get(f"/api/v1/users/{ada['id']}", headers=admin).json()["reset_requested_at"] is None
    assert token not in capsys.readouterr().out


def test_ses_gets_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        boto3.client("sesv2").create_email_identity(EmailIdentity="risk@example.com")
        SesMail("risk@example.com").send("ada@example.com", "a subject", "a text")
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.ses.models import ses_backends

        [message] = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].sent_messages
    assert (message.source, message.subject, message.body) == ("risk@example.com", "a subject", "a text")


def test_a_link_of_a_closed_account_or_of_one_that_the_provider_has_sets_no_password(
    client: TestClient, post: Post, database: Engine, admin: dict[str, str]
) -> None:
    for values in ({"disabled": True}, {"disabled": False, "subject": "https://idp.example ada"}):
        with database.begin() as connection:
            connection.execute(update(tables.users).values(disabled=False, subject=None))
        assert ask(client).status_code == 202
        token = post.token()
        with database.begin() as connection:
            connection.execute(update(tables.users).where(tables.users.c.email == EMAIL).values(values))
            user_id = connection.scalar(select(tables.users.c.id).where(tables.users.c.email == EMAIL))
        assert reset(client, token).status_code == 422
        sent = len(post.sent)
        assert ask(client).status_code == 202
        assert len(post.sent) == sent
        assert client.post(f"/api/v1/users/{user_id}/reset-link", headers=admin).status_code == 409
        with database.begin() as connection:
            connection.execute(update(tables.users).values(disabled=False, subject=None))
        assert (login(client, PASSWORD).status_code, login(client, NEW).status_code) == (200, 401)


def test_closing_an_account_ends_its_links(
    client: TestClient, post: Post, admin: dict[str, str], database: Engine
) -> None:
    ask(client)
    with database.connect() as connection:
        user_id = connection.scalar(select(tables.users.c.id).where(tables.users.c.email == EMAIL))
    for disabled in (True, False):
        client.patch(f"/api/v1/users/{user_id}", json={"disabled": disabled}, headers=admin)
    assert reset(client, post.token()).status_code == 422


def test_a_wrong_present_password_and_a_wrong_token_are_on_record(client: TestClient, database: Engine) -> None:
    session = login(client, PASSWORD).json()
    headers = {"Authorization": f"Bearer {session['access_token']}"}
    body = {"current_password": "not the password", "new_password": NEW}
    assert client.post(f"{AUTH}/password", json=body, headers=headers).status_code == 422
    assert reset(client, "a-guess").status_code == 422
    with database.connect() as connection:
        found = [
            json.loads(one.record)
            for one in audit_log.page(connection, audit_log.Filter(outcome=Outcome.FAILURE), limit=9)
        ]
    assert [(one["action"], one["subject"].split(":")[0], one["actor"].split(":")[0]) for one in found] == [
        ("reset_password", "user", "anonymous"),
        ("change_password", "user", "user"),
    ]
