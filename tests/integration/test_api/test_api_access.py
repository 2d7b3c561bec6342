"""Who may do what, over every route; and tokens that must not be believed."""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select, update

from functions.api.http.app import create_app
from functions.api.http.services import Services
from risk.domain.permissions import KEY_SCOPES, Role
from risk.store.db import tables
from tests.integration.test_api.conftest import MakeKey
from tests.integration.test_api.support import KEY, settings_for

ANYONE = {
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/logout",
    "POST /api/v1/auth/password/reset-request",
    "POST /api/v1/auth/password/reset",
    "GET /api/v1/auth/options",
    "GET /api/v1/auth/oidc/login",
    "GET /api/v1/auth/oidc/callback",
    "GET /api/v1/health",
}
SIGNED_IN = set(Role)
ACTING = {Role.ANALYST, Role.ADMIN}
# Written out and not computed: a mistake in the table of permissions must show here.
ALLOWED: dict[str, set[Role]] = {
    "GET /api/v1/auth/me": SIGNED_IN,
    "POST /api/v1/auth/ws-ticket": SIGNED_IN,
    "GET /api/v1/auth/sessions": SIGNED_IN,
    "DELETE /api/v1/auth/sessions": SIGNED_IN,
    "DELETE /api/v1/auth/sessions/{session_id}": SIGNED_IN,
    "POST /api/v1/auth/password": SIGNED_IN,
    "GET /api/v1/users": {Role.ADMIN},
    "POST /api/v1/users/invite": {Role.ADMIN},
    "GET /api/v1/users/{user_id}": {Role.ADMIN},
    "PATCH /api/v1/users/{user_id}": {Role.ADMIN},
    "POST /api/v1/users/{user_id}/reset-link": {Role.ADMIN},
    "GET /api/v1/users/{user_id}/sessions": {Role.ADMIN},
    "DELETE /api/v1/users/{user_id}/sessions": {Role.ADMIN},
    "GET /api/v1/api-keys": {Role.ADMIN},
    "POST /api/v1/api-keys": {Role.ADMIN},
    "POST /api/v1/api-keys/{key_id}/revoke": {Role.ADMIN},
    "POST /api/v1/events": {Role.ADMIN},
    "GET /api/v1/search": SIGNED_IN,
    "GET /api/v1/entities/{kind}": SIGNED_IN,
    "GET /api/v1/entities/{kind}/sharing": SIGNED_IN,
    "GET /api/v1/entities/{kind}/alerts": SIGNED_IN,
    "GET /api/v1/entities/{kind}/lists": SIGNED_IN,
    "GET /api/v1/risk/live": SIGNED_IN,
    "GET /api/v1/risk/stats": SIGNED_IN,
    "GET /api/v1/risk/overview": SIGNED_IN,
    "GET /api/v1/risk/history": SIGNED_IN,
    "GET /api/v1/risk/history/export": ACTING,
    "GET /api/v1/alerts/export": ACTING,
    "GET /api/v1/risk/{event_id}": SIGNED_IN,
    "GET /api/v1/accounts/{account_id}": SIGNED_IN,
    "GET /api/v1/counterparties/{counterparty_id}": SIGNED_IN,
    "GET /api/v1/risk/{event_id}/rules": SIGNED_IN,
    "GET /api/v1/risk/{event_id}/contributions": SIGNED_IN,
    "POST /api/v1/risk/{event_id}/label": ACTING,
    "GET /api/v1/risk/{event_id}/labels": SIGNED_IN,
    "POST /api/v1/risk/{event_id}/overturn": ACTING,
    "DELETE /api/v1/risk/{event_id}/overturn": ACTING,
    "POST /api/v1/labels": ACTING,
    "GET /api/v1/quality": SIGNED_IN,
    "POST /api/v1/explain/risk": ACTING,
    "GET /api/v1/imports": {Role.ADMIN},
    "POST /api/v1/imports": {Role.ADMIN},
    "GET /api/v1/imports/{import_id}": {Role.ADMIN},
    "GET /api/v1/imports/{import_id}/parts/{part}": {Role.ADMIN},
    "POST /api/v1/imports/{import_id}/uploaded": {Role.ADMIN},
    "PUT /api/v1/imports/{import_id}/reading": {Role.ADMIN},
    "POST /api/v1/imports/{import_id}/start": {Role.ADMIN},
    "POST /api/v1/imports/{import_id}/undo": {Role.ADMIN},
    "GET /api/v1/imports/{import_id}/refused": {Role.ADMIN},
    "GET /api/v1/knowledge": ACTING,
    "POST /api/v1/knowledge": {Role.ADMIN},
    "GET /api/v1/knowledge/{document_id}": ACTING,
    "DELETE /api/v1/knowledge/{document_id}": {Role.ADMIN},
    "GET /api/v1/alerts": SIGNED_IN,
    "GET /api/v1/alerts/counts": SIGNED_IN,
    "GET /api/v1/alerts/stats": SIGNED_IN,
    "POST /api/v1/alerts/{alert_id}/acknowledge": ACTING,
    "POST /api/v1/alerts/{alert_id}/resolve": ACTING,
    "POST /api/v1/alerts/{alert_id}/labels": ACTING,
    "GET /api/v1/alerts/reasons": SIGNED_IN,
    "GET /api/v1/alerts/{alert_id}": SIGNED_IN,
    "GET /api/v1/alerts/{alert_id}/related": SIGNED_IN,
    "GET /api/v1/alerts/assignees": ACTING,
    "POST /api/v1/alerts/next": ACTING,
    "POST /api/v1/alerts/bulk": ACTING,
    "POST /api/v1/alerts/{alert_id}/reopen": ACTING,
    "POST /api/v1/alerts/{alert_id}/undo": ACTING,
    "POST /api/v1/alerts/{alert_id}/assign": ACTING,
    "POST /api/v1/alerts/{alert_id}/snooze": ACTING,
    "POST /api/v1/alerts/{alert_id}/wake": ACTING,
    "POST /api/v1/alerts/{alert_id}/notes": ACTING,
    "GET /api/v1/rules": SIGNED_IN,
    "POST /api/v1/rules": ACTING,
    "GET /api/v1/rules/names": SIGNED_IN,
    "GET /api/v1/rules/stats": SIGNED_IN,
    "POST /api/v1/rules/validate": SIGNED_IN,
    "POST /api/v1/rules/test": ACTING,
    "GET /api/v1/rules/{rule_id}": SIGNED_IN,
    "PUT /api/v1/rules/{rule_id}": ACTING,
    "POST /api/v1/rules/{rule_id}/transition": {Role.ADMIN},
    "POST /api/v1/rules/{rule_id}/rollback": {Role.ADMIN},
    "GET /api/v1/rules/{rule_id}/stats": SIGNED_IN,
    "POST /api/v1/rules/{rule_id}/backtest": ACTING,
    "GET /api/v1/definitions": SIGNED_IN,
    "POST /api/v1/definitions": ACTING,
    "POST /api/v1/definitions/validate": SIGNED_IN,
    "POST /api/v1/definitions/preview": ACTING,
    "GET /api/v1/definitions/{definition_id}": SIGNED_IN,
    "PUT /api/v1/definitions/{definition_id}": ACTING,
    "POST /api/v1/definitions/{definition_id}/transition": {Role.ADMIN},
    "POST /api/v1/definitions/{definition_id}/rollback": {Role.ADMIN},
    "GET /api/v1/lists": SIGNED_IN,
    "POST /api/v1/lists": {Role.ADMIN},
    "GET /api/v1/lists/{name}": SIGNED_IN,
    "PUT /api/v1/lists/{name}": {Role.ADMIN},
    "DELETE /api/v1/lists/{name}": {Role.ADMIN},
    "GET /api/v1/lists/{name}/entries": SIGNED_IN,
    "POST /api/v1/lists/{name}/entries": ACTING,
    "POST /api/v1/lists/{name}/entries/preview": SIGNED_IN,
    "POST /api/v1/lists/{name}/entries/remove": ACTING,
    "GET /api/v1/models": SIGNED_IN,
    "GET /api/v1/models/current": SIGNED_IN,
    "GET /api/v1/models/history": SIGNED_IN,
    "GET /api/v1/models/comparison": SIGNED_IN,
    "GET /api/v1/models/drift": SIGNED_IN,
    "GET /api/v1/models/drift/history": SIGNED_IN,
    "GET /api/v1/models/calibration": SIGNED_IN,
    "GET /api/v1/models/{version}": SIGNED_IN,
    "POST /api/v1/models/{version}/promote": {Role.ADMIN},
    "POST /api/v1/models/challenger/withdraw": {Role.ADMIN},
    "POST /api/v1/models/current/rollback": {Role.ADMIN},
    "GET /api/v1/dead-letters": {Role.ADMIN},
    "GET /api/v1/dead-letters/stats": {Role.ADMIN},
    "GET /api/v1/dead-letters/export": {Role.ADMIN},
    "GET /api/v1/dead-letters/{number}": {Role.ADMIN},
    "POST /api/v1/dead-letters/dismiss": {Role.ADMIN},
    "POST /api/v1/dead-letters/{number}/replay": {Role.ADMIN},
    "GET /api/v1/webhooks": {Role.ADMIN},
    "POST /api/v1/webhooks": {Role.ADMIN},
    "GET /api/v1/webhooks/{webhook_id}": {Role.ADMIN},
    "PUT /api/v1/webhooks/{webhook_id}": {Role.ADMIN},
    "DELETE /api/v1/webhooks/{webhook_id}": {Role.ADMIN},
    "POST /api/v1/webhooks/{webhook_id}/rotate": {Role.ADMIN},
    "POST /api/v1/webhooks/{webhook_id}/test": {Role.ADMIN},
    "GET /api/v1/webhooks/{webhook_id}/deliveries": {Role.ADMIN},
    "POST /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": {Role.ADMIN},
    "POST /api/v1/webhooks/{webhook_id}/replay-dead": {Role.ADMIN},
    "GET /api/v1/config": SIGNED_IN,
    "GET /api/v1/config/preview": SIGNED_IN,
    "PUT /api/v1/config": {Role.ADMIN},
    "GET /api/v1/audit/logs": {Role.ADMIN},
    "GET /api/v1/audit/checkpoint": {Role.ADMIN},
    "GET /api/v1/audit/proof/{seq}": {Role.ADMIN},
    "POST /api/v1/audit/verify": {Role.ADMIN},
    "GET /api/v1/audit/logs/export": {Role.ADMIN},
    "POST /api/v1/audit/erasures": {Role.ADMIN},
    "GET /api/v1/config/versions": SIGNED_IN,
    "GET /api/v1/event-types": SIGNED_IN,
    "PUT /api/v1/event-types": {Role.ADMIN},
    "PUT /api/v1/event-types/{name}": {Role.ADMIN},
    "DELETE /api/v1/event-types/{name}": {Role.ADMIN},
    "POST /api/v1/config/rollback": {Role.ADMIN},
    "GET /api/v1/packs": SIGNED_IN,
    "GET /api/v1/packs/{name}": SIGNED_IN,
    "GET /api/v1/packs/{name}/page": SIGNED_IN,
    "PUT /api/v1/packs/{name}": {Role.ADMIN},
    "DELETE /api/v1/packs/{name}": {Role.ADMIN},
    "GET /api/v1/decisions/policy": SIGNED_IN,
    "GET /api/v1/decisions/policy/versions": SIGNED_IN,
    "POST /api/v1/decisions/preview": {Role.ADMIN, Role.ANALYST},
    "PUT /api/v1/decisions/policy": {Role.ADMIN},
    "POST /api/v1/decisions/policy/rollback": {Role.ADMIN},
}
# Which scope of an API key opens what; everything else is for people.
SCOPES: dict[str, str] = {
    "POST /api/v1/events": "events:write",
    "GET /api/v1/risk/live": "risk:read",
    "GET /api/v1/risk/stats": "risk:read",
    "GET /api/v1/search": "risk:read",
    "GET /api/v1/entities/{kind}": "risk:read",
    "GET /api/v1/entities/{kind}/sharing": "risk:read",
    "GET /api/v1/entities/{kind}/alerts": "alerts:read",
    "GET /api/v1/entities/{kind}/lists": "lists:read",
    "GET /api/v1/risk/overview": "risk:read",
    "GET /api/v1/risk/history": "risk:read",
    "GET /api/v1/risk/{event_id}": "risk:read",
    "GET /api/v1/accounts/{account_id}": "risk:read",
    "GET /api/v1/counterparties/{counterparty_id}": "risk:read",
    "GET /api/v1/risk/{event_id}/rules": "risk:read",
    "GET /api/v1/risk/{event_id}/contributions": "risk:read",
    "POST /api/v1/risk/{event_id}/label": "labels:write",
    "GET /api/v1/risk/{event_id}/labels": "risk:read",
    "POST /api/v1/labels": "labels:write",
    "GET /api/v1/quality": "risk:read",
    "POST /api/v1/alerts/{alert_id}/labels": "labels:write",
    "GET /api/v1/alerts": "alerts:read",
    "GET /api/v1/alerts/counts": "alerts:read",
    "GET /api/v1/alerts/stats": "alerts:read",
    "GET /api/v1/alerts/reasons": "alerts:read",
    "GET /api/v1/alerts/{alert_id}": "alerts:read",
    "GET /api/v1/alerts/{alert_id}/related": "alerts:read",
    "GET /api/v1/definitions": "rules:read",
    "POST /api/v1/definitions/validate": "rules:read",
    "GET /api/v1/definitions/{definition_id}": "rules:read",
    "GET /api/v1/rules": "rules:read",
    "GET /api/v1/rules/names": "rules:read",
    "GET /api/v1/rules/stats": "rules:read",
    "POST /api/v1/rules/validate": "rules:read",
    "GET /api/v1/rules/{rule_id}": "rules:read",
    "GET /api/v1/rules/{rule_id}/stats": "rules:read",
    "GET /api/v1/lists": "lists:read",
    "GET /api/v1/lists/{name}": "lists:read",
    "GET /api/v1/lists/{name}/entries": "lists:read",
    "POST /api/v1/lists/{name}/entries/preview": "lists:read",
    "POST /api/v1/lists/{name}/entries": "lists:write",
    "POST /api/v1/lists/{name}/entries/remove": "lists:write",
    "GET /api/v1/config": "config:read",
    "GET /api/v1/config/preview": "config:read",
    "GET /api/v1/config/versions": "config:read",
    "GET /api/v1/event-types": "config:read",
    "GET /api/v1/packs": "config:read",
    "GET /api/v1/packs/{name}": "config:read",
    "GET /api/v1/packs/{name}/page": "risk:read",
    "GET /api/v1/decisions/policy": "config:read",
    "GET /api/v1/decisions/policy/versions": "config:read",
}
BODIES: dict[str, Any] = {
    "PATCH /api/v1/users/{user_id}": {"role": "viewer"},
    "POST /api/v1/config/rollback": {"version": 7, "reason": "a test"},
    "POST /api/v1/decisions/policy/rollback": {"version": 7, "reason": "a test"},
    "PUT /api/v1/decisions/policy": {"policy": {"fallback": "review"}, "reason": "a test"},
    "POST /api/v1/alerts/{alert_id}/resolve": {"disposition": "inconclusive"},
    "PUT /api/v1/config": {
        "thresholds": {"low": 0.2, "medium": 0.4, "high": 0.6},
        "alert_policy": {"min_level": "HIGH"},
        "reason": "a test",
    },
    "POST /api/v1/rules/{rule_id}/transition": {"to": "shadow", "reason": "a test"},
    "POST /api/v1/rules/{rule_id}/rollback": {"reason": "a test"},
    "POST /api/v1/rules/{rule_id}/backtest": {},
}


def operations() -> list[str]:
    schema = create_app(Services(settings_for("", 1))).openapi()
    return [f"{method.upper()} {path}" for path, found in schema["paths"].items() for method in found]


def ask(client: TestClient, operation: str, headers: dict[str, str]) -> int:
    method, path = operation.split(" ")
    url = re.sub(r"\{\w+_id\}", str(uuid4()), path).replace("{name}", "nothing").replace("{version}", "none")
    url = url.replace("{seq}", "1").replace("{number}", "1")
    return client.request(method, url, headers=headers, json=BODIES.get(operation)).status_code


def test_the_matrix_covers_every_route() -> None:
    assert set(operations()) == set(ALLOWED) | ANYONE


@pytest.mark.parametrize("operation", ALLOWED)
def test_each_role_may_do_what_it_should_and_nothing_else(
    client: TestClient, sign_in: Callable[[Role], dict[str, str]], operation: str
) -> None:
    assert ask(client, operation, {}) == 401
    for role in Role:
        status = ask(client, operation, sign_in(role))
        # Those who may, get as far as the request itself: some of these have no body, or a made-up id.
        assert status in ({200, 204, 404, 422} if role in ALLOWED[operation] else {403}), (role, status)


@pytest.mark.parametrize("operation", ALLOWED)
def test_an_api_key_may_do_what_its_scope_says_and_nothing_else(
    client: TestClient, make_key: MakeKey, operation: str
) -> None:
    opening = SCOPES.get(operation)
    others = KEY_SCOPES - {opening}
    assert ask(client, operation, make_key(*others)) == 403
    if opening:
        for headers in (make_key(opening), {"Authorization": "Bearer " + make_key(opening)["X-API-Key"]}):
            assert ask(client, operation, headers) in {200, 404, 422}
    else:
        assert ask(client, operation, make_key(*KEY_SCOPES)) == 403


def test_a_changed_role_and_a_closed_account_act_at_once(
    client: TestClient, admin: dict[str, str], database: Engine
) -> None:
    with database.begin() as connection:
        connection.execute(update(tables.users).values(role="viewer"))
    assert ask(client, "PUT /api/v1/config", admin) == 403
    with database.begin() as connection:
        connection.execute(update(tables.users).values(disabled=True))
    assert ask(client, "GET /api/v1/auth/me", admin) == 401


def forged(claims: dict[str, Any], key: str = KEY, algorithm: str = "HS256", *, without: str = "") -> str:
    now = datetime.now(UTC)
    full = {
        "iss": "realtime-risk",
        "aud": "realtime-risk-api",
        "iat": now,
        "nbf": now,
        "exp": now + timedelta(minutes=5),
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "role": "admin",
        "jti": "1",
    } | claims
    full.pop(without, None)
    return jwt.encode(full, key, algorithm=algorithm)


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def edited(claims: dict[str, Any]) -> str:
    """A token of ours whose claims somebody changed, with the signature that it had."""
    head, body, signature = forged({"role": "viewer"}).split(".")
    found = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{_part(found | claims)}.{signature}"


def with_header(header: dict[str, Any], *, signed: bool = True) -> str:
    """A token with the claims of ours and this header, signed with our key by HMAC, or not at all."""
    body = forged({}).split(".")[1]
    head = _part({"typ": "JWT"} | header)
    signature = hmac.new(KEY.encode(), f"{head}.{body}".encode(), "sha256").digest() if signed else b""
    return f"{head}.{body}." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "token",
    [
        forged({}, key="another key of sufficient length"),
        forged({}, key="", algorithm="none"),
        forged({}, key=KEY * 2, algorithm="HS512"),
        forged({"exp": LONG_AGO}),
        forged({"iat": datetime.now(UTC) + timedelta(hours=1)}),
        forged({"nbf": datetime.now(UTC) + timedelta(hours=1)}),
        forged({"iss": "someone"}),
        forged({"aud": "something"}),
        forged({"aud": ["realtime-risk-api", "something"]}),
        forged({"sub": "ada"}),
        forged({"role": "owner"}),
        forged({"sid": "yesterday"}),
        forged({"sid": 7}),
        edited({"role": "admin"}),
        edited({"exp": 4_102_444_800}),
        with_header({"alg": "none"}, signed=False),
        with_header({"alg": "None"}, signed=False),
        with_header({"alg": "HS256"}, signed=False),
        with_header({"alg": "RS256"}),
        with_header({"alg": "HS256", "crit": ["exp"]}),
        *(forged({}, without=claim) for claim in ("iss", "aud", "iat", "nbf", "exp", "sub", "sid", "role", "jti")),
        "nonsense",
        "",
    ],
)
def test_a_token_that_is_not_ours_or_not_whole_is_not_believed(client: TestClient, token: str) -> None:
    answer = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["type"] == "urn:problem:not-authenticated"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_the_only_thing_wrong_with_a_forged_token_is_what_was_forged(
    client: TestClient, viewer: dict[str, str], database: Engine
) -> None:
    with database.connect() as connection:
        session = connection.execute(select(tables.sessions)).one()
    ours = {"sub": str(session.user_id), "sid": str(session.id)}
    answer = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {forged(ours)}"})
    # It says admin; the database says viewer.
    assert (answer.status_code, answer.json()["role"]) == (200, "viewer")
    answer = client.get("/api/v1/users", headers={"Authorization": f"Bearer {forged(ours)}"})
    assert answer.status_code == 403
    other = forged(ours | {"sub": str(uuid4())})
    assert client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {other}"}).status_code == 401


def test_a_whole_token_of_nobody_is_refused(client: TestClient) -> None:
    answer = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {forged({})}"})
    assert (answer.status_code, "closed" in answer.json()["detail"]) == (401, True)
