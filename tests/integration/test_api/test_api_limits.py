"""How much may be asked, and what an answer says of itself: limits, compression, origins."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from functions.api.http.access.client_address import client_address
from functions.api.http.access.rate_limiter import Limiter
from functions.api.http.services import Services
from risk.adapters import valkey_live
from tests.integration.test_api.conftest import MakeKey
from tests.integration.test_api.support import app_on

ME = "/api/v1/auth/me"
Limited = Callable[..., TestClient]


@pytest.fixture
def limited(api_services: Services) -> Iterator[Limited]:
    """The API with other settings."""
    before = api_services.settings

    def client(**changes: Any) -> TestClient:
        api_services.settings = before.model_copy(update=changes)
        return TestClient(app_on(api_services), raise_server_exceptions=False)

    yield client
    api_services.settings = before


def test_each_answer_says_how_the_caller_stands_and_one_too_many_is_refused(
    limited: Limited, viewer: dict[str, str], admin: dict[str, str]
) -> None:
    client = limited(rate_limit_user=3, rate_limit_address=100)
    answers = [client.get(ME, headers=viewer) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"user";q=3;w=60, "address";q=100;w=60'
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    refused = answers[-1]
    assert refused.json()["type"] == "urn:problem:too-many-requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-request-id"] == refused.json()["request_id"]
    assert client.get(ME, headers=admin).status_code == 200


def test_keys_and_addresses_have_quotas_of_their_own(limited: Limited, make_key: MakeKey) -> None:
    client = limited(rate_limit_user=1, rate_limit_key=2, rate_limit_address=4)
    key = make_key("risk:read")
    assert [client.get("/api/v1/risk/live", headers=key).status_code for _ in range(3)] == [200, 200, 429]
    assert [client.get("/api/v1/health").status_code == 429 for _ in range(2)] == [False, True]
    # A made-up key has a quota of its own, and its address has not.
    assert client.get(ME, headers={"X-API-Key": "rk_made-up"}).status_code == 429


def test_zero_is_no_limit_and_says_nothing(limited: Limited, viewer: dict[str, str]) -> None:
    answer = limited(rate_limit_user=0, rate_limit_address=0).get(ME, headers=viewer)
    assert "ratelimit" not in answer.headers


def test_without_valkey_nobody_is_held_back_and_it_is_counted(
    limited: Limited, api_services: Services, viewer: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    api_services.limiter = Limiter(valkey_live.connect("127.0.0.1", 1))
    client = limited(rate_limit_user=1, rate_limit_address=1)
    answers = [client.get(ME, headers=viewer) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "ratelimit" not in answers[0].headers
    assert capsys.readouterr().out.count('"UnlimitedRequests":[1.0]') == 3


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("", 0, "10.0.0.9"),
        ("203.0.113.7", 0, "10.0.0.9"),
        ("203.0.113.7", 1, "203.0.113.7"),
        ("203.0.113.7, 10.0.0.9", 0, "10.0.0.9"),
        ("203.0.113.7, 10.0.0.9", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 10.0.0.9", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7", 1, "203.0.113.7"),
        ("203.0.113.7", 5, "203.0.113.7"),
        (" , ", 1, "10.0.0.9"),
    ],
)
def test_an_address_is_what_the_trusted_proxies_saw(forwarded: str, proxies: int, expected: str) -> None:
    from starlette.requests import Request

    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    request = Request({"type": "http", "headers": headers, "client": ("10.0.0.9", 1)})
    assert client_address(request, proxies) == expected


def test_large_answers_are_compressed_and_small_ones_are_not(client: TestClient, viewer: dict[str, str]) -> None:
    asked = viewer | {"Accept-Encoding": "gzip"}
    with client.stream("GET", "/api/v1/rules/names", headers=asked) as large:
        raw = b"".join(large.iter_raw())
    assert (large.headers["content-encoding"], large.headers["vary"]) == ("gzip", "Accept-Encoding")
    plain = client.get("/api/v1/rules/names", headers=viewer | {"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 2
    assert "content-encoding" not in client.get(ME, headers=asked).headers


def test_browsers_of_given_origins_may_send_and_read_what_the_api_speaks_of(limited: Limited) -> None:
    client = limited(cors_origins=["https://risk.example.com"])
    asked = {
        "Origin": "https://risk.example.com",
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "if-match, idempotency-key, x-api-key, x-request-id",
    }
    answer = client.options("/api/v1/users", headers=asked)
    assert answer.status_code == 200
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    shown = client.get("/api/v1/health", headers={"Origin": "https://risk.example.com"}).headers
    exposed = {name.strip().lower() for name in shown["access-control-expose-headers"].split(",")}
    assert {"etag", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"} <= exposed
    refused = client.options("/api/v1/users", headers=asked | {"Origin": "https://evil.example.com"})
    assert "access-control-allow-origin" not in refused.headers


def test_behind_cloudfront_only_what_came_through_it_is_answered(
    limited: Limited, api_services: Services, viewer: dict[str, str]
) -> None:
    api_services.origin_key = "k" * 64
    client = limited(origin_key_secret="risk/test/origin-key", trusted_proxies=1)
    for headers in ({}, {"X-Origin-Key": "k" * 63}, {"X-Origin-Key": "k" * 65}):
        refused = client.get("/api/v1/health", headers={**viewer, **headers})
        assert refused.status_code == 403
        assert refused.headers["content-type"] == "application/problem+json"
        assert "use the one of the dashboard" in refused.json()["detail"]
        assert "x-request-id" in refused.headers
    assert client.get(ME, headers={**viewer, "X-Origin-Key": "k" * 64}).status_code == 200
