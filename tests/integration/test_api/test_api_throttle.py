"""Guessing passwords gets slow, and tells nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi.testclient import TestClient

from functions.api.http.access.rate_limiter import PER_ACCOUNT, PER_ADDRESS, UNKNOWN_CALLERS, Limiter
from functions.api.http.services import Services
from risk.adapters import rate_limits, valkey_live
from risk.adapters.rate_limits import Quota, Throttle
from tests.integration.test_api.support import PASSWORD, app_on, valkey_of

LOGIN = "/api/v1/auth/login"
REGISTER = "/api/v1/auth/register"
RESET = "/api/v1/auth/password/reset-request"


def attempt(client: TestClient, email: str, password: str = "not the password") -> Any:
    return client.post(LOGIN, json={"email": email, "password": password})


def test_after_a_few_failures_an_account_waits_whether_it_exists_or_not(
    client: TestClient, viewer: dict[str, str]
) -> None:
    for email in ("viewer@risk.local", "nobody@risk.local"):
        statuses = [attempt(client, email).status_code for _ in range(PER_ACCOUNT.free)]
        while len(statuses) < PER_ACCOUNT.free + 4 and 429 not in statuses:  # a slow machine may outlast a wait
            statuses.append(attempt(client, email).status_code)
        assert 429 not in statuses[: PER_ACCOUNT.free]
        assert statuses[-1] == 429
        stopped = attempt(client, email.upper(), PASSWORD)  # even with the right one, and in any case
        assert (stopped.status_code, stopped.json()["type"]) == (429, "urn:problem:too-many-requests")
        assert 1 <= int(stopped.headers["retry-after"]) <= 16
    assert attempt(client, "another@risk.local").status_code == 401


def test_waits_double_up_to_the_longest_and_success_forgives(api_services: Services) -> None:
    store, throttle = valkey_of(api_services), Throttle("a test", free=2, longest=8)
    waits: list[int] = []
    for _ in range(6):
        assert rate_limits.attempt(store, throttle, "ada") == 0
        # An attempt that has to wait is none, so asking for the wait changes nothing.
        waits.append(round(rate_limits.attempt(store, throttle, "ada") if waits else 0))
        store.delete(rate_limits._keys(throttle, "ada")[1])  # as if the wait were over
    assert waits == [0, 1, 2, 4, 8, 8]
    rate_limits.forgive(store, throttle, "ada")
    assert [rate_limits.attempt(store, throttle, "ada") for _ in range(2)] == [0, 0]
    assert 0 < rate_limits.attempt(store, throttle, "ada") <= 1


def test_attempts_at_once_are_each_counted(client: TestClient, viewer: dict[str, str]) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: attempt(client, "viewer@risk.local").status_code, range(12)))
    assert answers.count(401) <= PER_ACCOUNT.free
    assert set(answers) == {401, 429}


def test_one_address_cannot_try_a_password_on_everyone(client: TestClient, api_services: Services) -> None:
    for place in range(PER_ADDRESS.free):
        rate_limits.attempt(valkey_of(api_services), PER_ADDRESS, "testclient")
        if place == PER_ADDRESS.free - 2:
            assert attempt(client, "someone@risk.local").status_code == 401
    assert attempt(client, "someone.else@risk.local").status_code == 429


def test_signing_in_is_no_failure(client: TestClient, viewer: dict[str, str]) -> None:
    for _ in range(2 * PER_ACCOUNT.free):
        assert attempt(client, "viewer@risk.local", PASSWORD).status_code == 200


def test_without_valkey_people_still_sign_in(api_services: Services, viewer: dict[str, str]) -> None:
    api_services.limiter = Limiter(valkey_live.connect("127.0.0.1", 1))
    client = TestClient(app_on(api_services), raise_server_exceptions=False)
    assert attempt(client, "viewer@risk.local", PASSWORD).status_code == 200
    assert {attempt(client, "viewer@risk.local").status_code for _ in range(PER_ACCOUNT.free + 2)} == {401}


def test_registrations_and_reset_requests_are_few_from_one_address(client: TestClient, api_services: Services) -> None:
    rate_limits.count(valkey_of(api_services), [(UNKNOWN_CALLERS, "testclient")] * UNKNOWN_CALLERS.limit)
    for url, body in (
        (REGISTER, {"email": "ada@risk.local"}),
        (RESET, {"email": "ada@risk.local"}),
    ):
        answer = client.post(url, json=body)
        assert (answer.status_code, int(answer.headers["retry-after"]) > 500) == (429, True)


def test_no_counter_is_left_without_an_expiry(api_services: Services) -> None:
    store, quota, throttle = valkey_of(api_services), Quota("a quota", 5), Throttle("a throttle", free=2, longest=8)
    rate_limits.count(store, [(quota, "ada")])
    (key,) = store.keys("limit:a quota:*")
    store.persist(key)  # as when a connection was lost between the count and its expiry
    assert rate_limits.count(store, [(quota, "ada")])[0].resets_in == quota.seconds
    assert store.ttl(key) > 0
    rate_limits.forgive_one(store, throttle, "ada")  # after its window is over
    assert store.keys("limit:a throttle:*") == []
