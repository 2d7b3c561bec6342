"""A proxy in front of the Kinesis API that throttles, fails in part, expires iterators, and loses answers."""

from __future__ import annotations

import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

THROTTLE, PARTIAL, EXPIRE, LOSE_ANSWERS = "throttle", "partial", "expire", "lose answers"
_SHARE = 0.4
_PASSED_ON = ("content-type", "x-amz-target", "x-amz-date", "authorization", "user-agent", "x-amz-content-sha256")


class KinesisProxy(ThreadingHTTPServer):
    """Forwards everything to ``endpoint``, except the four of ten calls that ``fault`` spoils."""

    daemon_threads = True

    def __init__(self, endpoint: str, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoint = endpoint
        self.fault: str | None = None
        self.spoilt = 0
        self.chance = random.Random(seed)  # noqa: S311 - to be repeatable, not secret
        self.client = httpx.Client(timeout=60)
        threading.Thread(target=self.serve_forever, name="kinesis-proxy", daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def close(self) -> None:
        """End it."""
        self.shutdown()
        self.server_close()
        self.client.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignored: a killed client has left its connection open."""

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """The API's answer, or the fault's."""
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if self.fault is None or self.chance.random() >= _SHARE:
            return self._forward(headers, body)
        if self.fault == THROTTLE and action in ("GetRecords", "PutRecords", "GetShardIterator"):
            return self._refuse("ProvisionedThroughputExceededException", "Rate exceeded for shard")
        if self.fault == EXPIRE and action == "GetRecords":
            return self._refuse("ExpiredIteratorException", "Iterator expired")
        if self.fault == LOSE_ANSWERS and action == "PutRecords":
            self._forward(headers, body)
            self.spoilt += 1
            return 500, json.dumps({"__type": "InternalFailure", "message": "the answer was lost"}).encode()
        if self.fault == PARTIAL and action == "PutRecords":
            return self._in_part(headers, body)
        return self._forward(headers, body)

    def _forward(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        answer = self.client.post(self.endpoint, content=body, headers=headers)
        return answer.status_code, answer.content

    def _refuse(self, name: str, message: str) -> tuple[int, bytes]:
        self.spoilt += 1
        return 400, json.dumps({"__type": name, "message": message}).encode()

    def _in_part(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Put the first half of the records, and say that the rest was throttled."""
        request: dict[str, Any] = json.loads(body)
        records = request["Records"]
        half = len(records) // 2
        if half == 0:
            return self._forward(headers, body)
        self.spoilt += 1
        status, answered = self._forward(headers, json.dumps(request | {"Records": records[:half]}).encode())
        answer: dict[str, Any] = json.loads(answered)
        refused = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded"}
        answer["Records"] += [refused] * (len(records) - half)
        answer["FailedRecordCount"] = answer.get("FailedRecordCount", 0) + len(records) - half
        return status, json.dumps(answer).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: KinesisProxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: value for name in _PASSED_ON if (value := self.headers.get(name))}
        try:
            status, answer = self.server.answer(headers, body)
        except httpx.HTTPError as error:
            status, answer = 503, json.dumps({"__type": "ServiceUnavailable", "message": str(error)}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Silent: its requests are the load."""
