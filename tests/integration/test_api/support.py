"""What the tests of the API share: a Kinesis that records, and rows as the engine writes them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import redis
from fastapi import FastAPI
from sqlalchemy import Connection, Engine, insert

from functions.api.http.access import tokens
from functions.api.http.app import create_app
from functions.api.http.services import Services
from risk.adapters import valkey_live
from risk.alerts.alert import Alert
from risk.alerts.grouping import Finding, raise_alert
from risk.config.settings import ApiSettings
from risk.domain.assessment import Assessment, Reason, Thresholds
from risk.domain.permissions import Role
from risk.features.catalog import FEATURE_SET, FEATURES
from risk.store.alerts.alerts import to_row
from risk.store.db import tables
from risk.store.identity import sessions
from tests import openai_server
from tests.openai_server import OpenAiServer

KEY = "0123456789abcdef0123456789abcdef"
PASSWORD = "correct horse battery"
PASSWORD_HASH = tokens.hash_password(PASSWORD)
NOW = datetime.now(UTC)


def app_on(services: Services) -> FastAPI:
    """The API on ``services``, with routes that all tests share: to make them takes half a second of processor."""
    app = create_app(services, [])
    app.router = _whole().router
    return app


@cache
def _whole() -> FastAPI:
    return create_app(Services(settings_for("", 1)))


@dataclass
class Recorder:
    """Stands for Kinesis: keeps what is put, and fails those records whose data holds a word of ``failing``."""

    puts: list[dict[str, Any]] = field(default_factory=list)
    failing: bytes | None = None
    error: Exception | None = None

    def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        if self.error:
            raise self.error
        results = []
        for record in Records:
            if self.failing is not None and self.failing in record["Data"]:
                results.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"})
            else:
                self.puts.append({"stream": StreamName, "key": record["PartitionKey"], "data": record["Data"]})
                results.append({"SequenceNumber": "1", "ShardId": "0"})
        return {"Records": results}

    def close(self) -> None:
        """As a client does."""


@dataclass
class Post:
    """Stands for SES: keeps what is sent."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    broken: bool = False

    def send(self, to: str, subject: str, text: str) -> None:
        if self.broken:
            raise RuntimeError("the post office is closed")
        self.sent.append((to, subject, text))

    def token(self) -> str:
        """The token in the last mail."""
        return self.sent[-1][2].split("#token=")[1].split()[0]


def settings_for(database_url: str, redis_port: int, **others: Any) -> ApiSettings:
    unlimited: dict[str, Any] = {"rate_limit_user": 0, "rate_limit_key": 0, "rate_limit_address": 0}
    given: dict[str, Any] = {
        "database_url": database_url,
        "redis_port": redis_port,
        "secret_key": KEY,
        "webhook_key": KEY[::-1],
        "label_key": KEY,
    }
    return ApiSettings(_env_file=None, **unlimited | given | others)


def set_up_model(services: Services, server: OpenAiServer, **more: Any) -> None:
    """Have ``services`` ask the models of ``server``."""
    given = {
        "rag_enabled": True,
        "openai_api_key": openai_server.KEY,
        "openai_base_url": server.url,
        "openai_model": "model-1",
        "openai_embedding_model": "vectors-1",
        "openai_seconds": 2.0,
        "rag_personal_data": False,
    }
    values = services.settings.model_dump() | given | more
    services.settings = type(services.settings)(_env_file=None, **values)
    vars(services).pop("answering", None)


@cache
def _valkey(port: int) -> redis.Redis:
    return valkey_live.connect("127.0.0.1", port)


def valkey_of(services: Services) -> redis.Redis:
    """The Valkey of ``services``, for who may do anything: what other parts do there, tests do so."""
    return _valkey(services.settings.redis_port)


def access_token(connection: Connection, user_id: UUID, role: Role) -> str:
    """A token of a session that lasts."""
    now = datetime.now(UTC)
    session_id = sessions.open_session(connection, user_id, now=now, expires_at=now + timedelta(days=1))
    return tokens.issue(KEY, user_id, role, session_id, now=now, minutes=5)


def make_assessment(sequence: int, score: float = 0.1, **changes: Any) -> Assessment:
    at = NOW + timedelta(milliseconds=sequence)
    values: dict[str, Any] = {
        "event_id": uuid4(),
        "sequence": sequence,
        "event_type": "payment",
        "occurred_at": at,
        "received_at": at,
        "scored_at": at,
        "account_id": "ada",
        "counterparty_id": "shop",
        "amount": "840.50",
        "currency": "EUR",
        "ip": "10.1.2.3",
        "attributes": {"basket": 3},
        "score": score,
        "level": Thresholds().level(score),
        "reasons": [Reason(code="amount", text="6.1 times the mean", contribution=1.5)],
        "features": [None, *(float(place) for place in range(1, len(FEATURES)))],
        "feature_set": FEATURE_SET,
        "scorer": "test",
        "config_version": 1,
    }
    return Assessment.model_validate(values | changes)


def store(engine: Engine, *found: Assessment) -> None:
    """As the engine stores them."""
    with engine.begin() as connection:
        for one in found:
            text, source = one.event_id.columns
            values = one.model_dump() | {
                "event_id": one.event_id.key,
                "sender_event_id": text,
                "event_source": source,
                "level": one.level.rank,
                "reasons": [asdict(reason) for reason in one.reasons],
                "decision": None if one.decision is None else one.decision.action.rank,
                "decision_because": None if one.decision is None else one.decision.because,
            }
            connection.execute(insert(tables.assessments).values(**values))
            connection.execute(
                insert(tables.assessment_keys).values(event_id=one.event_id.key, scored_at=one.scored_at)
            )


def open_alert(engine: Engine, sequence: int = 1, score: float = 0.9, **changes: Any) -> Alert:
    alert = raise_alert(finding(make_assessment(sequence, score, **changes)))
    with engine.begin() as connection:
        store_alert(connection, alert)
    return alert


def finding(assessment: Assessment) -> Finding:
    """``assessment`` as grouping takes it."""
    return Finding.model_validate(assessment.model_dump(include=set(Finding.model_fields)))


def store_alert(connection: Connection, alert: Alert) -> None:
    """An alert as the engine stores it, with what it is linked to."""
    connection.execute(insert(tables.alerts).values(**to_row(alert)))
    for key, value in (("account", alert.account_id), ("counterparty", alert.counterparty_id)):
        if value is not None:
            connection.execute(
                insert(tables.alert_links).values(
                    key=key,
                    value=value,
                    account_id=alert.account_id,
                    alert_id=alert.id,
                    event_count=alert.event_count,
                    last_occurred_at=alert.last_occurred_at,
                )
            )


def an_event(event_id: UUID | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": str(event_id or uuid4()),
        "event_type": "payment",
        "occurred_at": "2026-01-31T09:30:00Z",
        "account_id": "ada",
        "amount": "12.50",
        "currency": "EUR",
    } | changes
