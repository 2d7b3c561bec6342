"""An OpenAI-compatible server for tests: chat with structured output and streaming, embeddings, and bad behaviour.

``honest`` chooses statements as it is asked to. Everything else is a ``Reply`` that a test prepares.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Document = dict[str, Any]
KEY = "sk-test"
PIECE = 24
"""Characters a chunk: sentences arrive in parts."""


@dataclass
class Reply:
    """How one request is answered: after ``delay`` seconds, with ``pause`` between chunks, perhaps not to the end."""

    content: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    pause: float = 0.0
    finish: str | None = "stop"
    broken_off: int | None = None
    usage: tuple[int, int] | None = (1_200, 300)


Script = Callable[[Document], Reply]


def honest(document: Document) -> Reply:
    """What a model that keeps to what it is asked chooses: the first two statements of each part."""
    return Reply(
        json.dumps(
            {
                part: [one["id"] for one in document["statements"] if one["parts"][0] == part][:2]
                for part in ("summary", "why", "against", "checks")
            }
        )
    )


class OpenAiServer:
    """Listens on a free port of 127.0.0.1; ``scripts`` answer one request each, then ``script`` answers.

    ``embed`` answers requests for embeddings, which are kept in ``embedded``.
    """

    def __init__(self) -> None:
        self.reset()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def document(self) -> Document:
        """What the last request was about."""
        found: Document = json.loads(self.requests[-1]["messages"][-1]["content"])
        return found

    def reset(self) -> None:
        self.script: Script = honest
        self.scripts: list[Script] = []
        self.requests: list[dict[str, Any]] = []
        self.embed: Script = embeddings
        self.embedded: list[dict[str, Any]] = []

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reply(self, request: dict[str, Any]) -> Reply:
        self.requests.append(request)
        script = self.scripts.pop(0) if self.scripts else self.script
        return script(json.loads(request["messages"][-1]["content"]))

    def vectors(self, request: dict[str, Any]) -> Reply:
        self.embedded.append(request)
        return self.embed(request)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if self.headers["authorization"] != f"Bearer {KEY}":
                    return self._fail(401, {})
                is_embedding = self.path.endswith("/embeddings")
                reply = server.vectors(request) if is_embedding else server.reply(request)
                time.sleep(reply.delay)
                if reply.status != 200:
                    return self._fail(reply.status, reply.headers)
                if is_embedding:
                    return self._send(200, reply.content.encode(), {})
                return self._stream(reply, request["model"])

            def _fail(self, status: int, headers: dict[str, str]) -> None:
                self._send(
                    status, json.dumps({"error": {"message": f"no: {status}", "type": "test"}}).encode(), headers
                )

            def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {"content-type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                with suppress(ConnectionError):  # who asked did not wait
                    self.wfile.write(data)

            def _stream(self, reply: Reply, model: str) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("connection", "close")
                self.end_headers()
                content = reply.content[: reply.broken_off]
                try:
                    for at in range(0, len(content), PIECE):
                        self._chunk(model, [{"delta": {"content": content[at : at + PIECE]}}])
                        time.sleep(reply.pause)
                    if reply.broken_off is not None:
                        return
                    self._chunk(model, [{"delta": {}, "finish_reason": reply.finish}])
                    if reply.usage is not None:
                        read, written = reply.usage
                        usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
                        self._chunk(model, [], usage)
                    self.wfile.write(b"data: [DONE]\n\n")
                except ConnectionError:
                    pass  # who asked did not wait

            def _chunk(self, model: str, choices: list[dict[str, Any]], usage: dict[str, int] | None = None) -> None:
                choices = [{"index": 0, "finish_reason": None, **one} for one in choices]
                chunk = {
                    "id": "chatcmpl-1",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": model,
                    "choices": choices,
                    "usage": usage,
                }
                self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
                self.wfile.flush()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def embeddings(request: Document) -> Reply:
    """A vector for each text: its words, each hashed to a place."""
    texts = [request["input"]] if isinstance(request["input"], str) else request["input"]
    size = request.get("dimensions", 1_536)
    data = []
    for index, text in enumerate(texts):
        vector = [0.0] * size
        for word in re.findall(r"\w+", text.lower()):
            vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % size] += 1.0
        length = sum(value * value for value in vector) ** 0.5 or 1.0
        data.append({"object": "embedding", "index": index, "embedding": [value / length for value in vector]})
    tokens = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return Reply(json.dumps({"object": "list", "data": data, "model": request["model"], "usage": usage}))
