"""The WebSocket functions on a real Valkey and an HTTP server that answers as the ``@connections`` API does."""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import unquote

import pytest
import redis
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.broadcast import handler as broadcast
from functions.websocket import handler as websocket
from risk.adapters import valkey_live
from risk.domain.assessment import RiskLevel
from risk.domain.permissions import Role
from tests.integration.test_api.test_api_gateway import Context
from tests.services import Services as Shared

SLOW_SECONDS = 8.0


class Gateway(ThreadingHTTPServer):
    """Connections by name: ``gone…`` are gone, ``slow…`` answer too late, ``broken…`` fail; the rest are served."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.closed: list[str] = []
        self.down = False
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/live"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Gateway

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, kind: str = "") -> None:
        self.send_response(status)
        if kind:
            self.send_header("x-amzn-ErrorType", kind)
        self.send_header("content-length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        connection = unquote(self.path.rsplit("/", 1)[1])
        data = self.rfile.read(int(self.headers["content-length"]))
        if self.server.down or connection.startswith("broken"):
            self._answer(500, "InternalServerException")
        elif connection.startswith("gone"):
            self._answer(410, "GoneException")
        elif connection.startswith("slow"):
            self.server.stopping.wait(SLOW_SECONDS)
        else:
            self.server.received[connection].append(json.loads(data))
            self._answer(200)

    def do_DELETE(self) -> None:
        self.server.closed.append(unquote(self.path.rsplit("/", 1)[1]))
        self._answer(204)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.stopping.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def valkey_port(services: Shared) -> int:
    return services.valkey().port


@pytest.fixture
def store(valkey_port: int, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    """Valkey, empty, which the functions use as well."""
    monkeypatch.setenv("REDIS_PORT", str(valkey_port))
    monkeypatch.setenv("WS_MANAGEMENT_URL", gateway.url)
    cached = [broadcast.settings, broadcast.store, broadcast.sender, websocket.settings, websocket.store]
    for one in cached:
        one.cache_clear()
    client = valkey_live.connect("127.0.0.1", valkey_port)
    client.flushall()
    yield client
    broadcast.store().close()
    websocket.store().close()
    client.close()
    for one in cached:
        one.cache_clear()


def route(key: str, connection: str = "one", body: Any = None, ticket: str | None = None) -> int:
    """Call the websocket function as API Gateway does; its status."""
    event: dict[str, Any] = {
        "requestContext": {
            "routeKey": key,
            "connectionId": connection,
            "requestId": "r-1",
            "domainName": "abc.execute-api.eu-central-1.amazonaws.com",
            "stage": "live",
        },
        "isBase64Encoded": False,
    }
    if ticket is not None:
        event["queryStringParameters"] = {"ticket": ticket}
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    answer = websocket.handler(event, cast(LambdaContext, Context()))
    status: int = answer["statusCode"]
    return status


def records(*envelopes: bytes | dict[str, Any], age: float = 0.0) -> dict[str, Any]:
    """A batch as Lambda gets it from Kinesis."""
    data = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in envelopes]
    return {
        "Records": [
            {
                "eventSource": "aws:kinesis",
                "kinesis": {
                    "sequenceNumber": str(number),
                    "partitionKey": "k",
                    "data": base64.b64encode(one).decode(),
                    "approximateArrivalTimestamp": time.time() - age,
                },
            }
            for number, one in enumerate(data)
        ]
    }


def send(*envelopes: bytes | dict[str, Any], age: float = 0.0) -> list[str]:
    """Call the broadcast function; the sequence numbers it reports as failed."""
    answer = broadcast.handler(records(*envelopes, age=age), cast(LambdaContext, Context()))
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def assessed(*levels: RiskLevel) -> dict[str, Any]:
    return {"type": "assessments", "items": [{"event_id": str(n), "level": level} for n, level in enumerate(levels)]}


ALERT = {"type": "alert", "items": [{"id": "a", "version": 2}]}


def test_a_ticket_opens_one_connection_and_no_ticket_none(store: redis.Redis, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ticket = valkey_live.issue_ticket(store, "ada", Role.ANALYST)
    assert route("$connect", ticket=ticket) == 200
    assert valkey_live.connections(store) == [valkey_live.Connection("one", "ada", Role.ANALYST, RiskLevel.LOW)]
    assert route("$connect", "two", ticket=ticket) == 401
    assert route("$connect", "two") == route("$connect", "two", ticket="guess") == 401
    assert route("$disconnect") == 200
    assert valkey_live.connections(store) == []
    assert len(caplog.records) == 5
    assert ticket not in "".join(str(vars(record)) for record in caplog.records)


def test_what_a_client_says_is_answered_and_a_subscription_is_kept(store: redis.Redis, gateway: Gateway) -> None:
    route("$connect", ticket=valkey_live.issue_ticket(store, "ada", Role.VIEWER))
    for message in ({"action": "subscribe", "min_level": "HIGH"}, {"action": "ping"}, {"action": "dance"}):
        assert route("$default", body=message) == 200
    for body in ("{", "[]", "7", "x" * 5000, '{"action": "subscribe", "min_level": ["LOW"]}'):
        assert route("$default", body=body) == 200
    subscribed, pong, *errors = gateway.received["one"]
    assert subscribed == {"type": "subscribed", "items": [{"min_level": "HIGH"}]}
    assert pong == {"type": "pong", "items": []}
    assert [one["type"] for one in errors] == ["error"] * 6
    assert errors[0]["items"] == [{"detail": "action is subscribe or ping"}]
    assert [one.min_level for one in valkey_live.connections(store)] == [RiskLevel.HIGH]


def test_a_connection_that_valkey_forgot_is_closed_so_that_it_comes_back(store: redis.Redis, gateway: Gateway) -> None:
    assert route("$default", "stranger", {"action": "ping"}) == 200
    assert gateway.closed == ["stranger"]
    assert gateway.received == {}


def test_without_valkey_nobody_is_let_in_and_nothing_breaks(
    store: redis.Redis, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "store", lambda: valkey_live.connect("127.0.0.1", 1))
    assert route("$connect", ticket="any") == 503
    assert route("$default", body={"action": "ping"}) == 200
    assert gateway.received["one"][0]["type"] == "error"


def connect(store: redis.Redis, name: str, role: Role = Role.VIEWER, level: RiskLevel = RiskLevel.LOW) -> None:
    valkey_live.add_connection(store, valkey_live.Connection(name, "someone", role, level))


def test_each_connection_gets_what_it_asked_for_in_as_few_frames_as_fit(store: redis.Redis, gateway: Gateway) -> None:
    connect(store, "all")
    connect(store, "risky", level=RiskLevel.HIGH)
    calm, risky = [RiskLevel.LOW] * 30, [RiskLevel.CRITICAL] * 30
    assert send(assessed(*calm), ALERT, assessed(*risky), ALERT) == []
    assert [(frame["type"], len(frame["items"])) for frame in gateway.received["all"]] == [
        ("assessments", 60),
        ("alert", 2),
    ]
    assert [(frame["type"], len(frame["items"])) for frame in gateway.received["risky"]] == [
        ("assessments", 30),
        ("alert", 2),
    ]


@pytest.mark.parametrize(
    "poison",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        {"type": "gossip", "items": []},
        {"type": "alert"},
        {"type": "alert", "items": [1]},
        {"type": "alert", "items": [{"note": "x" * 40_000}]},
        {"type": "assessments", "items": [{"level": "SEVERE"}]},
    ],
)
def test_a_record_that_cannot_be_read_is_dropped_alone_and_never_retried(
    store: redis.Redis, gateway: Gateway, poison: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(store, "one")
    assert send(poison, ALERT) == []
    assert gateway.received["one"] == [ALERT]
    assert '"RecordsDropped":[1.0]' in capsys.readouterr().out


def test_a_slow_connection_holds_up_nobody_and_is_made_to_come_back(store: redis.Redis, gateway: Gateway) -> None:
    names = [f"fast-{number}" for number in range(20)]
    for name in ("slow-1", "slow-2", *names):
        connect(store, name)
    arrived: dict[str, float] = {}
    started = time.perf_counter()
    watcher = threading.Thread(target=_note_arrivals, args=(gateway, names, arrived, started))
    watcher.start()
    assert send(ALERT) == []
    took = time.perf_counter() - started
    watcher.join()
    assert max(arrived.values()) < 1.0
    assert took < SLOW_SECONDS / 2
    assert sorted(gateway.closed) == ["slow-1", "slow-2"]
    assert sorted(one.id for one in valkey_live.connections(store)) == sorted(names)


def _note_arrivals(gateway: Gateway, names: list[str], arrived: dict[str, float], started: float) -> None:
    while len(arrived) < len(names) and time.perf_counter() - started < SLOW_SECONDS:
        for name in names:
            if gateway.received.get(name):
                arrived.setdefault(name, time.perf_counter() - started)
        time.sleep(0.01)


def test_a_gone_connection_is_forgotten_but_not_one_that_is_just_being_opened(
    store: redis.Redis, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(store, "gone")
    connect(store, "here")
    now = [100.0]
    monkeypatch.setattr(broadcast.sender(), "_clock", lambda: now[0])
    assert send(ALERT) == []
    assert len(valkey_live.connections(store)) == 2
    now[0] += 6
    assert send(ALERT) == []
    assert [one.id for one in valkey_live.connections(store)] == ["here"]
    assert len(gateway.received["here"]) == 2


def test_what_reached_nobody_is_tried_again_while_fresh_and_dropped_when_stale(
    store: redis.Redis, gateway: Gateway
) -> None:
    connect(store, "one")
    gateway.down = True
    assert send(ALERT, ALERT) == ["0"]
    assert [one.id for one in valkey_live.connections(store)] == ["one"]
    gateway.down = False
    assert send(ALERT, ALERT) == []
    assert len(gateway.received["one"]) == 1
    gateway.down = True
    assert send(ALERT, age=60) == []
    assert valkey_live.connections(store) == []
    assert gateway.closed == ["one"]


def test_without_valkey_a_batch_is_tried_again_while_fresh(store: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "store", lambda: valkey_live.connect("127.0.0.1", 1))
    assert send(ALERT) == ["0"]
    assert send(ALERT, age=60) == []


@pytest.mark.parametrize("call", [lambda: send(ALERT), lambda: route("$disconnect")])
def test_every_invocation_logs_at_least_a_line(
    store: redis.Redis, call: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    call()
    assert {record.getMessage() for record in caplog.records} & {"broadcast", "websocket"}
