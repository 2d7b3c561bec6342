"""A real HTTP receiver of webhooks: it verifies with the published library, and can be down, slow or odd."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from standardwebhooks import Webhook


@dataclass
class Received:
    """One request: its headers, and what it said."""

    headers: dict[str, str]
    body: dict[str, Any]
    raw: bytes
    verified: bool

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """Answers with ``status``, after ``delay`` seconds; ``secret`` is what signatures must be by."""

    secret: str | None = None
    status: int = 200
    delay: float = 0.0
    taken: list[Received] = field(default_factory=list)
    refused: list[Received] = field(default_factory=list)
    port: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=1"

    def up(self) -> Receiver:
        """Listen: on the port that it had, if it was up before."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                time.sleep(receiver.delay)
                headers = {name.lower(): value for name, value in self.headers.items()}
                status = receiver.status
                request = Received(headers, orjson.loads(raw), raw, receiver.verifies(raw, headers))
                (receiver.taken if 200 <= status < 300 else receiver.refused).append(request)
                self.send_response(status)
                if status == 302:
                    self.send_header("location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def down(self) -> None:
        """Stop listening: connections are refused."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def verifies(self, raw: bytes, headers: dict[str, str]) -> bool:
        """What the specification's own library says."""
        if self.secret is None:
            return False
        Webhook(self.secret).verify(raw, headers)
        return True

    def by_alert(self) -> dict[str, list[Received]]:
        """What was taken, by alert, in the order in which it came."""
        found: dict[str, list[Received]] = defaultdict(list)
        for one in self.taken:
            if "id" in one.body["data"]:
                found[one.body["data"]["id"]].append(one)
        return found
