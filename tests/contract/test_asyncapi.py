"""The committed AsyncAPI document is what the code sends and takes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from jsonschema_rs import ValidationError, validator_for
from pydantic import BaseModel

from functions.broadcast.frames import Updates
from functions.websocket import handler
from infra.asyncapi_document import ITEMS, document
from risk.adapters import valkey_live
from risk.adapters.stream_contracts import (
    DriftAlarm,
    EngineStats,
    ExplanationPart,
    ImportProgress,
    ModelMoved,
    UpdateType,
    envelopes,
)
from risk.adapters.valkey_live import Connection
from risk.alerts.configuration import Configuration
from risk.domain.assessment import AssessmentSummary, RiskLevel
from risk.domain.decisions import DecisionAction, Overturn
from risk.domain.permissions import Role
from risk.explanations.explanation import Sentence
from risk.store.alerts.webhook_deliveries import Delivery, DeliveryStatus
from tests.integration.test_api.support import make_assessment

COMMITTED = Path(__file__).parents[2] / "docs" / "asyncapi.json"
DOCUMENT = document()
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
PERSON = uuid4()
CONNECTION = Connection("c", str(PERSON), Role.ADMIN)


def check(name: str, frame: bytes) -> None:
    schema = MESSAGES[name]["payload"] | {"components": DOCUMENT["components"]}
    validator_for(schema).validate(json.loads(frame))


def refuse(name: str, frame: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        check(name, json.dumps(frame).encode())


def test_the_committed_document_is_what_the_code_says() -> None:
    assert json.loads(COMMITTED.read_text()) == DOCUMENT, "write it anew: risk asyncapi --out docs/asyncapi.json"


def test_every_type_of_update_is_described_and_every_reference_leads_somewhere() -> None:
    assert {kind.value for kind in UpdateType} <= set(MESSAGES)
    assert set(ITEMS) == set(UpdateType)

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for part in value.values() for found in references(part)]
        return [found for part in value for found in references(part)] if isinstance(value, list) else []

    for reference in references(DOCUMENT):
        found = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


SUMMARY = AssessmentSummary.model_validate(make_assessment(1).model_dump(include=set(AssessmentSummary.model_fields)))
ITEMS_SENT: dict[UpdateType, list[BaseModel]] = {
    UpdateType.CONFIG: [Configuration(version=2, changed_at=NOW, changed_by="ada", reason="stricter")],
    UpdateType.STATS: [EngineStats(at=NOW, events_per_second=3.0, lag_ms=9.0, minute=NOW, by_level={RiskLevel.LOW: 3})],
    UpdateType.MODEL: [
        ModelMoved(number=2, champion="m", challenger=None, changed_at=NOW, changed_by="ada", reason="better"),
        DriftAlarm(scorer="m", feature="amount", psi=0.3, events=900, at=NOW),
    ],
    UpdateType.EXPLANATION: [
        ExplanationPart(
            id=uuid4(), event_id=uuid4(), user_id=PERSON, part="why", sentence=Sentence(text="It is.", cites=["E1"])
        )
    ],
    UpdateType.DELIVERY: [
        Delivery(
            id=uuid4(), webhook_id=uuid4(), sequence=1, event="alert.opened", alert_id=None,
            status=DeliveryStatus.PENDING, attempts=0, created_at=NOW, queued_at=NOW, next_attempt_at=NOW,
            last_attempt_at=None, response_status=None, error=None,
        )
    ],
    UpdateType.ASSESSMENTS: [SUMMARY],
    UpdateType.IMPORT: [ImportProgress(id=1, status="running", read_share=0.5, loaded=9_000, refused=3)],
    UpdateType.OVERTURN: [
        Overturn(
            id=uuid4(), event_source="stream", event_id=uuid4(), decided=DecisionAction.DECLINE,
            action=DecisionAction.APPROVE, reason="known customer", made_by="ada", made_at=NOW,
        )
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", ITEMS_SENT)
def test_what_a_client_is_sent_is_what_the_document_says(kind: UpdateType) -> None:
    updates = Updates()
    for envelope in envelopes(kind, (item.model_dump_json().encode() for item in ITEMS_SENT[kind])):
        updates.add(envelope)
    [frame] = updates.frames(Role.ADMIN, RiskLevel.LOW, str(PERSON))
    check(kind.value, frame)
    refuse(kind.value, {"type": kind.value, "items": [{"nothing": 1}]})


def test_what_the_document_lets_a_client_send_is_answered_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey_live, "change_connection", lambda *_: True)
    monkeypatch.setattr(handler, "store", lambda: None)

    def reply(message: object) -> bytes:
        return json.dumps(handler._reply(CONNECTION, {"body": json.dumps(message)})).encode()

    for operation in DOCUMENT["operations"].values():
        if operation["action"] == "receive":
            [sent] = [each["$ref"].rpartition("/")[2] for each in operation["messages"]]
            answered = operation["reply"]["messages"][0]["$ref"].rpartition("/")[2]
            [example] = [each["payload"] for each in MESSAGES[sent]["examples"]]
            check(sent, json.dumps(example).encode())
            check(answered, reply(example))
    for level in RiskLevel:
        check("subscribed", reply({"action": "subscribe", "min_level": level}))
    wrong_ones: tuple[object, ...] = ({"action": "subscribe", "min_level": "SEVERE"}, {"action": "shout"}, [], "text")
    for wrong in wrong_ones:
        check("error", reply(wrong))
    refuse("subscribe", {"action": "subscribe", "min_level": "SEVERE"})
