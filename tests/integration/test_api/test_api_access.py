"""Who may do what, over every route; and tokens that must not be believed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update

from functions.api.app import create_app
from functions.api.services import Services
from risk.access import Role
from risk.store import tables
from tests.integration.test_api.support import KEY, settings_for

ANYONE = {"POST /api/v1/auth/register", "POST /api/v1/auth/login", "GET /api/v1/health"}
SIGNED_IN = set(Role)
ACTING = {Role.ANALYST, Role.ADMIN}
# Written out and not computed: a mistake in the table of permissions must show here.
ALLOWED: dict[str, set[Role]] = {
    "GET /api/v1/auth/me": SIGNED_IN,
    "POST /api/v1/auth/ws-ticket": SIGNED_IN,
    "POST /api/v1/events": {Role.ADMIN},
    "GET /api/v1/risk/live": SIGNED_IN,
    "GET /api/v1/risk/stats": SIGNED_IN,
    "GET /api/v1/risk/history": SIGNED_IN,
    "GET /api/v1/risk/history/export": ACTING,
    "GET /api/v1/alerts/export": ACTING,
    "GET /api/v1/risk/{event_id}": SIGNED_IN,
    "POST /api/v1/risk/{event_id}/label": ACTING,
    "GET /api/v1/risk/{event_id}/labels": SIGNED_IN,
    "POST /api/v1/labels": ACTING,
    "GET /api/v1/quality": SIGNED_IN,
    "GET /api/v1/alerts": SIGNED_IN,
    "GET /api/v1/alerts/stats": SIGNED_IN,
    "POST /api/v1/alerts/{alert_id}/acknowledge": ACTING,
    "POST /api/v1/alerts/{alert_id}/resolve": ACTING,
    "POST /api/v1/alerts/{alert_id}/labels": ACTING,
    "GET /api/v1/alerts/reasons": SIGNED_IN,
    "GET /api/v1/alerts/{alert_id}": SIGNED_IN,
    "POST /api/v1/alerts/next": ACTING,
    "POST /api/v1/alerts/bulk": ACTING,
    "POST /api/v1/alerts/{alert_id}/reopen": ACTING,
    "POST /api/v1/alerts/{alert_id}/assign": ACTING,
    "POST /api/v1/alerts/{alert_id}/snooze": ACTING,
    "POST /api/v1/alerts/{alert_id}/wake": ACTING,
    "POST /api/v1/alerts/{alert_id}/notes": ACTING,
    "GET /api/v1/rules": SIGNED_IN,
    "POST /api/v1/rules": ACTING,
    "GET /api/v1/rules/names": SIGNED_IN,
    "POST /api/v1/rules/validate": SIGNED_IN,
    "POST /api/v1/rules/test": ACTING,
    "GET /api/v1/rules/{rule_id}": SIGNED_IN,
    "PUT /api/v1/rules/{rule_id}": ACTING,
    "POST /api/v1/rules/{rule_id}/transition": {Role.ADMIN},
    "POST /api/v1/rules/{rule_id}/rollback": {Role.ADMIN},
    "GET /api/v1/rules/{rule_id}/stats": SIGNED_IN,
    "POST /api/v1/rules/{rule_id}/backtest": ACTING,
    "GET /api/v1/lists": SIGNED_IN,
    "POST /api/v1/lists": {Role.ADMIN},
    "GET /api/v1/lists/{name}": SIGNED_IN,
    "PUT /api/v1/lists/{name}": {Role.ADMIN},
    "DELETE /api/v1/lists/{name}": {Role.ADMIN},
    "GET /api/v1/lists/{name}/entries": SIGNED_IN,
    "POST /api/v1/lists/{name}/entries": {Role.ADMIN},
    "POST /api/v1/lists/{name}/entries/remove": {Role.ADMIN},
    "GET /api/v1/models": SIGNED_IN,
    "GET /api/v1/models/current": SIGNED_IN,
    "GET /api/v1/models/history": SIGNED_IN,
    "GET /api/v1/models/comparison": SIGNED_IN,
    "GET /api/v1/models/drift": SIGNED_IN,
    "GET /api/v1/models/{version}": SIGNED_IN,
    "POST /api/v1/models/{version}/promote": {Role.ADMIN},
    "POST /api/v1/models/challenger/withdraw": {Role.ADMIN},
    "POST /api/v1/models/rollback": {Role.ADMIN},
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
    "PUT /api/v1/config": {Role.ADMIN},
    "GET /api/v1/audit/logs": {Role.ADMIN},
    "GET /api/v1/audit/checkpoint": {Role.ADMIN},
    "GET /api/v1/audit/proof/{seq}": {Role.ADMIN},
    "POST /api/v1/audit/verify": {Role.ADMIN},
}
BODIES: dict[str, Any] = {
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
    url = url.replace("{seq}", "1")
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
        "exp": now + timedelta(minutes=5),
        "sub": str(uuid4()),
        "role": "admin",
        "jti": "1",
    } | claims
    full.pop(without, None)
    return jwt.encode(full, key, algorithm=algorithm)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "token",
    [
        forged({}, key="another key of sufficient length"),
        forged({}, key="", algorithm="none"),
        forged({}, key=KEY * 2, algorithm="HS512"),
        forged({"exp": LONG_AGO}),
        forged({"iat": datetime.now(UTC) + timedelta(hours=1)}),
        forged({"iss": "someone"}),
        forged({"aud": "something"}),
        forged({"aud": ["realtime-risk-api", "something"]}),
        forged({"sub": "ada"}),
        forged({"role": "owner"}),
        *(forged({}, without=claim) for claim in ("iss", "aud", "iat", "exp", "sub", "role", "jti")),
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


def test_a_whole_token_of_nobody_is_refused(client: TestClient) -> None:
    answer = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {forged({})}"})
    assert (answer.status_code, "closed" in answer.json()["detail"]) == (401, True)
