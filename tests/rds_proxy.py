"""A stand-in for RDS Proxy on the wire, in front of a real Postgres: what it refuses is refused, what it pins is noted.

By AWS's pages "RDS Proxy limitations" and "Avoiding pinning": a connection with command-line options and a request to
cancel are refused; a session that sets, declares, prepares or locks something, or whose statement is longer than 16 KB,
keeps its connection of the database for itself. It does not pool, nor check certificates.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
from dataclasses import dataclass, field

_SSL, _GSS, _CANCEL = 80_877_103, 80_877_104, 80_877_102
_VERSION = 196_608  # 3.0
_LONG = 16 * 1024
_PINS = re.compile(
    r"^\s*(SET|RESET|DISCARD|PREPARE|DEALLOCATE|EXECUTE|LISTEN|LOAD|DECLARE)\b"
    r"|\bCREATE\s+(LOCAL\s+|GLOBAL\s+)?TEMP(ORARY)?\b"
    r"|\b(set_config|nextval|setval|currval|lastval)\s*\("
    r"|\bpg_(try_)?advisory_(lock|unlock)",
    re.IGNORECASE,
)


@dataclass
class RdsProxy:
    """Listens on a free port of 127.0.0.1. ``pins`` are the statements that would have pinned their session."""

    target: tuple[str, int]
    statement_ms: int = 10_000
    pins: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, name="rds-proxy", daemon=True).start()

    def close(self) -> None:
        """Take no more connections; those that are open end with their clients."""
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with client:
            try:
                startup = self._startup(client)
                if startup is None:
                    return
                with socket.create_connection(self.target) as database:
                    database.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    database.sendall(startup)
                    back = threading.Thread(target=_pump, args=(database, client), daemon=True)
                    back.start()
                    self._forward(client, database)
                    back.join(timeout=1)
            except OSError:
                return

    def _startup(self, client: socket.socket) -> bytes | None:
        while True:
            head = _exactly(client, 8)
            if head is None:
                return None
            length, code = struct.unpack("!II", head)
            if code in (_SSL, _GSS):
                client.sendall(b"N")
                continue
            if code == _CANCEL:
                self.refused.append("a request to cancel")
                return None
            body = _exactly(client, length - 8) or b""
            names = body.split(b"\0")[:-2:2]
            if b"options" in names:
                self.refused.append("command-line options")
                why = b"Feature not supported: RDS Proxy currently doesn't support command-line options."
                text = b"SFATAL\0C0A000\0M" + why + b"\0\0"
                client.sendall(b"E" + struct.pack("!I", len(text) + 4) + text)
                return None
            return self._with_session(body)

    def _with_session(self, body: bytes) -> bytes:
        """The start of a connection of the database, with what the initialization query sets (infra/stacks/data.py)."""
        session = f"-c statement_timeout={self.statement_ms} -c timezone=UTC"
        body = body[:-1] + b"options\0" + session.encode() + b"\0\0"
        return struct.pack("!II", len(body) + 8, _VERSION) + body

    def _forward(self, client: socket.socket, database: socket.socket) -> None:
        waiting = b""
        while received := client.recv(65_536):
            waiting += received
            start = 0
            while len(waiting) - start >= 5:
                (length,) = struct.unpack_from("!I", waiting, start + 1)
                end = start + 1 + length
                if len(waiting) < end:
                    break
                self._look(waiting[start : start + 1], waiting[start + 5 : end])
                start = end
            database.sendall(waiting[:start])
            waiting = waiting[start:]

    def _look(self, kind: bytes, body: bytes) -> None:
        name, text = b"", b""
        if kind == b"Q":
            text = body.rstrip(b"\0")
        elif kind == b"P":
            name, text, *_ = body.split(b"\0", 2)
        statement = text.decode(errors="replace")
        if name or len(text) > _LONG or _PINS.search(statement):
            self.pins.append(statement[:300])


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


def _exactly(source: socket.socket, count: int) -> bytes | None:
    data = b""
    while len(data) < count:
        more = source.recv(count - len(data))
        if not more:
            return None
        data += more
    return data
