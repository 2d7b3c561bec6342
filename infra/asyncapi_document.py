"""The AsyncAPI document of the WebSocket: how to connect, the messages in both directions, and the close codes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from functions.broadcast.frames import NEEDED
from functions.websocket.handler import MAX_MESSAGE_BYTES
from risk.adapters.stream_contracts import (
    MAX_FRAME_BYTES,
    MAX_ITEMS,
    DriftAlarm,
    EngineStats,
    ExplanationPart,
    ImportProgress,
    ModelMoved,
    UpdateType,
)
from risk.adapters.valkey_live import TICKET_SECONDS
from risk.alerts.alert import Alert
from risk.alerts.configuration import Configuration
from risk.domain.assessment import AssessmentSummary, RiskLevel
from risk.domain.decisions import Overturn
from risk.store.alerts.webhook_deliveries import Delivery

VERSION = "1.0.0"
ITEMS: dict[UpdateType, tuple[type[BaseModel], ...]] = {
    UpdateType.ASSESSMENTS: (AssessmentSummary,),
    UpdateType.ALERT: (Alert,),
    UpdateType.CONFIG: (Configuration,),
    UpdateType.STATS: (EngineStats,),
    UpdateType.MODEL: (ModelMoved, DriftAlarm),
    UpdateType.DELIVERY: (Delivery,),
    UpdateType.EXPLANATION: (ExplanationPart,),
    UpdateType.IMPORT: (ImportProgress,),
    UpdateType.OVERTURN: (Overturn,),
}
"""The schema of the items of each update type."""
_SUMMARIES = {
    UpdateType.ASSESSMENTS: "Scored events of the level subscribed to and above; drop an `event_id` seen before.",
    UpdateType.ALERT: "Alerts that are new or changed; drop a `version` that is not newer.",
    UpdateType.CONFIG: "The configuration that holds from now on.",
    UpdateType.STATS: "The state of the engine, once a second.",
    UpdateType.MODEL: "Another model scores, or a feature has drifted.",
    UpdateType.DELIVERY: "A message to a webhook was queued again by a person.",
    UpdateType.EXPLANATION: "A sentence of an explanation that you asked for, as it is written.",
    UpdateType.IMPORT: "An import got further, about once a second.",
    UpdateType.OVERTURN: "A decision was overturned, or that was undone (`undone_at`).",
}
CLOSING_CODES = {
    "1000": "Closed by you.",
    "1001": "Ten minutes without a message, or two hours in all: connect again with a new ticket.",
    "1003": "You sent binary data; send text.",
    "1006": "Lost without a closing frame, or access has ended (signed out, role changed, account closed).",
    "1008": "You sent too many messages.",
    "1009": "You sent a frame of more than 32 KB.",
    "1011": "A fault of the gateway: connect again.",
    "1012": "The gateway restarts: connect again.",
}
DESCRIPTION = f"""
Connect to `/ws/risk-stream?ticket=…` within {TICKET_SECONDS} seconds of `POST /api/v1/auth/ws-ticket`. A ticket
is good for one connection, and for nothing once its person has signed out or has another role. 401 as an answer to the
handshake: the ticket is missing, used, or too old. 403: the role may not read risk data. 503: try again in a moment.

A connection gets what its role may read, assessments of every level until it subscribes to less. Send `ping` at least
every ten minutes. After a gap (a new connection) read `GET /api/v1/risk/live` once. Frames hold up to {MAX_ITEMS} items
and {MAX_FRAME_BYTES // 1024} KB.
""".strip()


def document() -> dict[str, Any]:
    """The AsyncAPI 3.0 document, from the code's own models."""
    models = list(dict.fromkeys(model for models in ITEMS.values() for model in models))
    _, defined = models_json_schema(
        [(model, "serialization") for model in models], ref_template="#/components/schemas/{model}"
    )
    messages = _from_clients() | _answers() | {kind.value: _update(kind) for kind in UpdateType}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Real-time risk stream", "version": VERSION, "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {
            "site": {
                "host": "{site}",
                "pathname": "/ws",
                "protocol": "wss",
                "description": "The dashboard's own address; on the local stack ws, at the port that it prints.",
                "variables": {"site": {"description": "Host, and port if it is not 443.", "default": "localhost:5173"}},
                "security": [{"$ref": "#/components/securitySchemes/ticket"}],
            }
        },
        "channels": {
            "riskStream": {
                "address": "/risk-stream",
                "description": "One connection of one person.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"ws": {"method": "GET", "query": _TICKET, "bindingVersion": "0.1.0"}},
                "x-closing-codes": CLOSING_CODES,
            }
        },
        "operations": {
            "subscribe": _operation("receive", ["subscribe"], ["subscribed", "error"]),
            "ping": _operation("receive", ["ping"], ["pong", "error"]),
            "updates": _operation("send", [kind.value for kind in UpdateType]),
        },
        "components": {
            "messages": messages,
            "schemas": defined.get("$defs", {}),
            "securitySchemes": {
                "ticket": {"type": "httpApiKey", "in": "query", "name": "ticket", "description": "A single-use ticket."}
            },
        },
    }


_TICKET = {"type": "object", "properties": {"ticket": {"type": "string"}}, "required": ["ticket"]}
_CHANNEL = "#/channels/riskStream"


def _operation(action: str, messages: list[str], replies: list[str] | None = None) -> dict[str, Any]:
    def references(names: list[str]) -> list[dict[str, str]]:
        return [{"$ref": f"{_CHANNEL}/messages/{name}"} for name in names]

    made: dict[str, Any] = {"action": action, "channel": {"$ref": _CHANNEL}, "messages": references(messages)}
    if replies:
        made["reply"] = {"channel": {"$ref": _CHANNEL}, "messages": references(replies)}
    return made


def _message(name: str, summary: str, payload: dict[str, Any], *examples: dict[str, Any]) -> dict[str, Any]:
    made = {"name": name, "title": name.capitalize(), "summary": summary, "payload": payload}
    return made | ({"examples": [{"payload": example} for example in examples]} if examples else {})


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _from_clients() -> dict[str, Any]:
    levels = {"type": "string", "enum": [level.value for level in RiskLevel]}
    subscribe = _object(action={"const": "subscribe"})
    subscribe["properties"]["min_level"] = levels | {"default": RiskLevel.LOW.value}
    summary = f"Assessments of this level and above from now on; text of at most {MAX_MESSAGE_BYTES} bytes."
    return {
        "subscribe": _message("subscribe", summary, subscribe, {"action": "subscribe", "min_level": "HIGH"}),
        "ping": _message("ping", "Keep the connection open.", _object(action={"const": "ping"}), {"action": "ping"}),
    }


def _answers() -> dict[str, Any]:
    def answer(kind: str, summary: str, item: dict[str, Any] | None) -> dict[str, Any]:
        items = {"type": "array", "maxItems": 0} if item is None else {"type": "array", "items": item, "minItems": 1}
        return _message(kind, summary, _object(type={"const": kind}, items=items))

    level = {"type": "string", "enum": [level.value for level in RiskLevel]}
    return {
        "subscribed": answer("subscribed", "What is subscribed to from now on.", _object(min_level=level)),
        "pong": answer("pong", "The answer to a ping.", None),
        "error": answer("error", "What was sent cannot be used; says what can.", _object(detail={"type": "string"})),
    }


def _update(kind: UpdateType) -> dict[str, Any]:
    found = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in ITEMS[kind]]
    item = found[0] if len(found) == 1 else {"anyOf": found}
    items = {"type": "array", "items": item, "minItems": 1, "maxItems": MAX_ITEMS}
    summary = f"{_SUMMARIES[kind]} Needs {NEEDED[kind]}."
    return _message(kind.value, summary, _object(type={"const": kind.value}, items=items))
