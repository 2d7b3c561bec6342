"""Schemathesis over every route, as everyone who may ask: no error of ours, no answer that the document denies.

What runs with the other tests is short. To run it for long, or against a running system:

    RISK_SCHEMA_EXAMPLES=200 pytest tests/integration/test_api/test_api_schema.py
    RISK_SCHEMA_URL=http://127.0.0.1:4566/_aws/execute-api/…/$default RISK_SCHEMA_LOGIN=admin@…:password pytest …
"""

from __future__ import annotations

import os
import re
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from functions.api import idempotency
from functions.api.app import create_app
from functions.api.routes import passwords
from functions.api.services import Services
from risk.access import KEY_SCOPES, Role
from tests.integration.test_api.conftest import MakeHeaders, MakeKey
from tests.integration.test_api.support import make_assessment, open_alert, store

URL = os.environ.get("RISK_SCHEMA_URL", "")
EXAMPLES = int(os.environ.get("RISK_SCHEMA_EXAMPLES", "0"))
CALLERS = ["admin", "analyst", "viewer", "api key", "nobody"]


# Where a request can be valid by the document and still be refused as such, for a reason that no schema tells.
TELLING = {
    "change_password": "the present password",
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
    "list_api_keys": "cursors",
    "list_configurations": "cursors",
    "list_entries": "cursors",
    "list_lists": "cursors",
    "list_rules": "cursors",
    "list_users": "cursors",
    "change_configuration": "thresholds that rise",
    "create_rule": "expressions",
    "edit_rule": "expressions",
    "move_rule": "expressions",
    "test_rule": "expressions",
    "backtest_rule": "periods",
    "add_entries": "what a list holds",
    "remove_entries": "what a list holds",
}
ANSWERS = ["2xx", "401", "403", "404", "409", "412", "429"]


def configuration(headers: dict[str, str], caller: str) -> SchemathesisConfig:
    examples = EXAMPLES or (4 if caller == "admin" else 1)
    return SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": headers,
            "generation": {"max-examples": examples, "deterministic": not EXAMPLES, "database": "none"},
            "suppress-health-check": ["all"],
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
    sign_in: MakeHeaders,
    make_key: MakeKey,
    monkeypatch: pytest.MonkeyPatch,
    caller: str,
) -> None:
    monkeypatch.setattr(passwords, "RESET_SECONDS", 0)
    if caller == "nobody":
        headers = {}
    elif caller == "api key":
        headers = make_key(*KEY_SCOPES)
    else:
        headers = sign_in(Role(caller))
    store(api_services.database, *(make_assessment(place) for place in range(1, 4)))
    open_alert(api_services.database, 4)
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json", create_app(api_services), config=configuration(headers, caller)
    )
    found = failures(schema)
    assert found == [], "\n\n".join(found)
