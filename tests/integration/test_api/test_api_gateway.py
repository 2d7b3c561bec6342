"""As API Gateway calls it: the Lambda handler with HTTP API events of version 2.0."""

from __future__ import annotations

import base64
import gzip
import importlib
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from functions.api.http.services import Services
from tests.integration.test_api.support import KEY, PASSWORD, Recorder, an_event, set_up_model
from tests.openai_server import OpenAiServer

Call = Callable[..., dict[str, Any]]
ORIGIN = "https://risk.example.com"


@dataclass
class Context:
    function_name: str = "api"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:api"
    aws_request_id: str = "11111111-2222-3333-4444-555555555555"


def gateway_event(
    method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None, **query: str
) -> dict[str, Any]:
    """As recorded from an HTTP API, payload format 2.0."""
    return {
        "version": "2.0",
        "routeKey": "ANY /{proxy+}",
        "rawPath": path,
        "rawQueryString": urlencode(query),
        "headers": {
            "accept": "*/*",
            "content-length": str(len(body or "")),
            "content-type": "application/json",
            "host": "abcdefghij.execute-api.eu-central-1.amazonaws.com",
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        }
        | (headers or {}),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abcdefghij",
            "domainName": "abcdefghij.execute-api.eu-central-1.amazonaws.com",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "curl/8.9.1",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "ANY /{proxy+}",
            "stage": "$default",
            "time": "31/Jan/2026:09:30:00 +0000",
            "timeEpoch": 1769851800000,
        },
        "body": body,
        "isBase64Encoded": False,
    }


@pytest.fixture
def call(api_services: Services, kinesis: Recorder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """The handler, made as Lambda makes it: by import, with the environment as it is."""
    monkeypatch.setenv("DATABASE_URL", api_services.settings.database_url.get_secret_value())
    monkeypatch.setenv("REDIS_PORT", str(api_services.settings.redis_port))
    monkeypatch.setenv("REDIS_USERNAME", api_services.settings.redis_username)
    monkeypatch.setenv("REDIS_PASSWORD", api_services.settings.redis_password.get_secret_value())
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("LABEL_KEY", KEY)
    monkeypatch.setenv("CORS_ORIGINS", f"{ORIGIN},https://other.example.com")
    sys.modules.pop("functions.api.handler", None)
    handler = importlib.import_module("functions.api.handler")
    handler._services.kinesis = kinesis

    def invoke(*arguments: Any, **named: Any) -> dict[str, Any]:
        answer: dict[str, Any] = handler.handler(gateway_event(*arguments, **named), Context())
        return answer

    yield invoke
    handler._services.close()
    sys.modules.pop("functions.api.handler", None)


def test_a_whole_day_at_the_office(call: Call, admin: dict[str, str], kinesis: Recorder) -> None:
    login = call("POST", "/api/v1/auth/login", json.dumps({"email": "admin@risk.local", "password": PASSWORD}))
    bearer = {"authorization": "Bearer " + json.loads(login["body"])["access_token"]}
    assert call("POST", "/api/v1/events", json.dumps(an_event()), bearer)["statusCode"] == 202
    assert len(kinesis.puts) == 1
    history = call("GET", "/api/v1/risk/history", None, bearer, min_level="HIGH", limit="5")
    assert (history["statusCode"], json.loads(history["body"])["items"]) == (200, [])
    assert call("GET", "/openapi.json")["statusCode"] == call("GET", "/docs")["statusCode"] == 200


def test_the_clock_has_knowledge_embedded_and_a_request_cannot(call: Call, model: OpenAiServer) -> None:
    handler = sys.modules["functions.api.handler"]
    set_up_model(handler._services, model)
    assert call("POST", "/api/v1/nothing", json.dumps({"task": "embed"}))["statusCode"] == 404
    assert model.embedded == []
    assert handler.handler({"task": "embed"}, Context())["embedded"] > 60
    assert handler.handler({"task": "embed"}, Context()) == {"embedded": 0}


def test_a_problem_is_text_with_the_gateways_request_id_and_safe_headers(call: Call) -> None:
    answer = call("GET", "/api/v1/alerts")
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (401, False)
    assert json.loads(answer["body"])["request_id"] == answer["headers"]["x-request-id"] == "JKJaXmPLvHcESHA="
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert answer["headers"]["x-content-type-options"] == "nosniff"
    assert answer["headers"]["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_without_a_gateway_the_callers_request_id_is_kept_if_it_is_one(client: TestClient) -> None:
    def answered(given: str) -> str:
        return client.get("/api/v1/alerts", headers={"x-request-id": given}).headers["x-request-id"]

    assert answered("trace-1.2:3") == "trace-1.2:3"
    for odd in ("", "a b", "x" * 129, '{"a": 1}'):
        assert len(answered(odd)) == 36


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [("GET", "/api/v1/nothing", 404, "not-found"), ("DELETE", "/api/v1/config", 405, "method-not-allowed")],
)
def test_what_does_not_exist_is_a_problem_too(call: Call, method: str, path: str, status: int, slug: str) -> None:
    answer = call(method, path)
    assert (answer["statusCode"], json.loads(answer["body"])["type"]) == (status, f"urn:problem:{slug}")


def test_only_the_given_origins_may_read_answers_errors_of_ours_included(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("risk.store.identity.users.find_by_email", broken)
    body = json.dumps({"email": "a@b.c", "password": "x"})
    answer = call("POST", "/api/v1/auth/login", body, {"origin": ORIGIN})
    assert answer["statusCode"] == 500
    assert answer["headers"]["access-control-allow-origin"] == ORIGIN
    assert "secret detail" not in answer["body"]
    assert json.loads(answer["body"])["request_id"] in json.loads(answer["body"])["detail"]
    answer = call("POST", "/api/v1/auth/login", body, {"origin": "https://evil.example.com"})
    assert "access-control-allow-origin" not in answer["headers"]


def test_a_base64_body_is_read_as_what_it_holds(call: Call, admin: dict[str, str], kinesis: Recorder) -> None:
    event = gateway_event("POST", "/api/v1/events", None, {"authorization": admin["Authorization"]})
    event["body"], event["isBase64Encoded"] = base64.b64encode(json.dumps(an_event()).encode()).decode(), True
    handler = sys.modules["functions.api.handler"]
    assert handler.handler(event, Context())["statusCode"] == 202
    assert len(kinesis.puts) == 1


def test_a_compressed_answer_passes_the_gateway_as_base64(call: Call, admin: dict[str, str]) -> None:
    headers = {"authorization": admin["Authorization"], "accept-encoding": "gzip, deflate"}
    answer = call("GET", "/api/v1/rules/names", None, headers)
    assert (answer["isBase64Encoded"], answer["headers"]["content-encoding"]) == (True, "gzip")
    assert json.loads(gzip.decompress(base64.b64decode(answer["body"])))["items"]


def test_each_request_logs_one_line_without_bodies_tokens_queries_or_ids_of_customers(
    call: Call, admin: dict[str, str], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    bearer = {"authorization": admin["Authorization"]}
    call("POST", "/api/v1/auth/login", json.dumps({"email": "admin@risk.local", "password": PASSWORD}))
    call("GET", "/api/v1/risk/9b2f6c1e-58a4-4f0e-8f57-0d8a4f3a7c11", None, bearer)
    call("GET", "/api/v1/risk/history", None, bearer, account_id="ada-lovelace")
    lines = [record for record in caplog.records if record.getMessage() == "request"]
    seen = [(line.method, line.route, line.status) for line in lines]  # type: ignore[attr-defined]
    assert seen == [
        ("POST", "/api/v1/auth/login", 200),
        ("GET", "/api/v1/risk/{event_id:path}", 404),
        ("GET", "/api/v1/risk/history", 200),
    ]
    assert [line.user_id is None for line in lines] == [True, False, False]  # type: ignore[attr-defined]
    printed = capsys.readouterr().out + "".join(str(vars(record)) for record in caplog.records)
    for secret in (PASSWORD, admin["Authorization"].split()[1], "ada-lovelace", "admin@risk.local", "9b2f6c1e"):
        assert secret not in printed, secret
    assert '"_aws"' not in printed, "a metric for each route costs money for each: API Gateway counts requests"
