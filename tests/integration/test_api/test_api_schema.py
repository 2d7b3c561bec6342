"""Schemathesis over every route, as everyone who may ask: no error of ours, no answer that the document denies.

What runs with the other tests is short. To run it for longer, with so many examples of each operation:

    RISK_SCHEMA_EXAMPLES=200 pytest tests/integration/test_api/test_api_schema.py

To run it against the local stack that ``risk up`` keeps in a folder, through its gateway and its Lambdas:

    RISK_SCHEMA_STACK=.risk pytest tests/integration/test_api/test_api_schema.py -k running
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from sqlalchemy import Engine

from functions.api.http.app import create_app
from functions.api.http.conventions import idempotency
from functions.api.http.services import Services
from functions.api.identity import password_links
from infra.local.stack.state import running
from risk.domain.permissions import KEY_SCOPES, Role
from tests.integration.test_api.conftest import MakeHeaders, MakeKey
from tests.integration.test_api.support import make_assessment, open_alert, store

STACK = os.environ.get("RISK_SCHEMA_STACK", "")
EXAMPLES = int(os.environ.get("RISK_SCHEMA_EXAMPLES", "0"))
CALLERS = ["admin", "analyst", "viewer", "api key", "nobody"]


# Where a request can be valid by the document and still be refused as such, for a reason that no schema tells.
TELLING = {
    "change_password": "the present password",
    "create_import": "names of files",
    "list_imports": "cursors",
    "reset_password": "links",
    "reset_link": "links",
    "register": "addresses",
    "request_password_reset": "addresses",
    "invite_user": "addresses",
    "create_api_key": "times",
    "send_events": "times, currencies, sizes",
    "send_labels": "times, formats",
    "label_event": "times",
    "get_quality": "periods",
    "get_history": "cursors",
    "list_alerts": "cursors",
    "list_dead_letters": "cursors",
    "get_alert_stats": "periods",
    "export_history": "periods",
    "export_alerts": "periods",
    "resolve_alert": "reasons of each disposition",
    "explain_risk": "that one of two ids is wanted",
    "upload_document": "names, kinds and texts",
    "list_documents": "cursors",
    "assign_alert": "people",
    "snooze_alert": "times",
    "act_on_alerts": "people, times, reasons",
    "list_models": "cursors",
    "list_model_stages": "cursors",
    "compare_models": "periods",
    "get_model_calibration": "periods",
    "list_deliveries": "cursors",
    "create_webhook": "addresses",
    "change_webhook": "addresses",
    "list_audit_logs": "cursors",
    "export_audit_logs": "periods",
    "verify_audit_log": "how many records",
    "list_api_keys": "cursors",
    "list_configurations": "cursors",
    "list_entries": "cursors",
    "list_lists": "cursors",
    "list_rules": "cursors",
    "list_users": "cursors",
    "change_configuration": "thresholds that rise",
    "preview_configuration": "thresholds that rise",
    "create_rule": "expressions",
    "edit_rule": "expressions",
    "move_rule": "expressions",
    "test_rule": "expressions",
    "backtest_rule": "periods",
    "add_entries": "what a list holds",
    "remove_entries": "what a list holds",
    "preview_entries": "what a list holds",
    "list_definitions": "cursors",
    "create_definition": "keys, fields and windows of each aggregate",
    "edit_definition": "keys, fields and windows of each aggregate",
    "preview_definition": "keys, fields and windows of each aggregate",
    "install_pack": "what one part of a pack needs of another",
    "change_decision_policy": "names of lists, features in conditions",
    "preview_decisions": "names of lists, features in conditions",
    "list_decision_policies": "cursors",
    "get_assessment": "characters of ids",
    "get_contributions": "characters of ids",
    "list_event_labels": "characters of ids",
    "list_rule_hits": "characters of ids",
    "get_entity": "values of each kind",
    "list_entity_alerts": "values of each kind",
    "list_entity_lists": "values of each kind",
    "get_entity_sharing": "values of each kind",
}
ANSWERS = ["2xx", "401", "403", "404", "409", "412", "429"]


def configuration(headers: dict[str, str], caller: str) -> SchemathesisConfig:
    examples = EXAMPLES or (2 if caller == "admin" else 1)
    return SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": headers,
            "generation": {"max-examples": examples, "deterministic": not EXAMPLES, "database": "none"},
            "suppress-health-check": ["all"],
            "cache": {"enabled": False},
            # The longest phase by far, and much the same for all: who may do nothing is refused before it is read.
            "phases": {"coverage": {"enabled": caller == "admin" or bool(EXAMPLES)}},
            "checks": {"positive_data_acceptance": {"expected-statuses": ANSWERS}},
            "operations": [
                {
                    "include-operation-id": list(TELLING),
                    "checks": {"positive_data_acceptance": {"expected-statuses": [*ANSWERS, "413", "415", "422"]}},
                },
                # Its rows are judged each by itself: one that is wrong is told in an answer of 202.
                {"include-operation-id": "send_labels", "checks": {"negative_data_rejection": {"enabled": False}}},
                # A number is a text, too.
                {"include-operation-id": "upload_document", "checks": {"negative_data_rejection": {"enabled": False}}},
            ],
        }
    )


@schemathesis.hook("before_call")
def _fresh_key(_context: object, case: Any, **_: object) -> None:
    # The same key for different requests is refused as it should be, and hides everything else.
    key = (case.headers or {}).get(idempotency.HEADER)
    if isinstance(key, str) and re.fullmatch(idempotency.PATTERN, key):
        case.headers[idempotency.HEADER] = f"{uuid4().hex}{key}"[:255]


def failures(schema: Any) -> list[str]:
    """What Schemathesis found, each once, with a request that shows it."""
    found: dict[str, str] = {}
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for case_id, checks in event.recorder.checks.items():
                for check in checks:
                    if check.failure_info is not None:
                        failure = check.failure_info.failure
                        where = f"{failure.operation}: {failure.title}"
                        request = event.recorder.cases[case_id].value.as_curl_command()
                        found.setdefault(where, f"{where}\n{failure.message}\n{request}")
        elif isinstance(event, events.NonFatalError):
            found.setdefault(f"{event.label}: {event.info.title}", f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception
    return list(found.values())


@pytest.mark.timeout(0 if EXAMPLES else 300)
@pytest.mark.parametrize("caller", CALLERS)
def test_what_is_answered_is_what_is_documented(
    api_services: Services,
    database: Engine,
    sign_in: MakeHeaders,
    make_key: MakeKey,
    exports_bucket: str,  # the log of what this does is longer than an answer may be
    uploads_bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    caller: str,
) -> None:
    monkeypatch.setattr(password_links, "ANSWER_SECONDS", 0)
    if caller == "nobody":
        headers = {}
    elif caller == "api key":
        headers = make_key(*KEY_SCOPES)
    else:
        headers = sign_in(Role(caller))
    store(database, *(make_assessment(place) for place in range(1, 4)))
    open_alert(database, 4)
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json", create_app(api_services), config=configuration(headers, caller)
    )
    found = failures(schema)
    assert found == [], "\n\n".join(found)


class SignedIn:
    """A caller of a running stack. Signed in once: who tries passwords, as these tests do, may then not for a while."""

    def __init__(self, stack: dict[str, Any], caller: str) -> None:
        self._url = f"{stack['api']}/api/v1"
        self._refresh = ""
        if caller == "nobody":
            self._headers = {}
        elif caller == "api key":
            new = {"name": "schemathesis", "scopes": sorted(KEY_SCOPES)}
            admin = SignedIn(stack, "admin").headers()
            self._headers = {"X-API-Key": self._post("api-keys", new, admin)["key"]}
        else:
            self._take(self._post("auth/login", stack["users"][caller]))

    def headers(self) -> dict[str, str]:
        """What it sends, good for the next minutes."""
        if self._refresh:
            self._take(self._post("auth/refresh", {"refresh_token": self._refresh}))
        return self._headers

    def _take(self, tokens: dict[str, str]) -> None:
        self._refresh = tokens["refresh_token"]
        self._headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    def _post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        return httpx.post(f"{self._url}/{path}", json=body, headers=headers, timeout=60).raise_for_status().json()


@pytest.fixture(scope="module")
def stack() -> dict[str, Any]:
    return running(Path(STACK)) or pytest.fail(f"nothing runs in {STACK}; start it with `risk up --no-frontend`")


@pytest.fixture(scope="module")
def callers(stack: dict[str, Any]) -> dict[str, SignedIn]:
    return {caller: SignedIn(stack, caller) for caller in CALLERS}


@pytest.mark.skipif(not STACK, reason="RISK_SCHEMA_STACK names no running stack")
@pytest.mark.timeout(0)
@pytest.mark.parametrize("caller", CALLERS)
def test_what_a_running_stack_answers_is_what_is_documented(
    stack: dict[str, Any], callers: dict[str, SignedIn], caller: str
) -> None:
    class SignIn:
        def get(self, _case: object, _context: object) -> dict[str, str]:
            return callers[caller].headers()

        def set(self, case: Any, data: dict[str, str], _context: object) -> None:
            case.headers = {**(case.headers or {}), **data}

    schema = schemathesis.openapi.from_url(f"{stack['api']}/openapi.json", config=configuration({}, caller))
    schema.config.update(base_url=stack["api"])
    # Anew every five minutes: an access token lasts fifteen.
    schema.auth(refresh_interval=300)(SignIn)
    found = failures(schema)
    assert found == [], "\n\n".join(found)
