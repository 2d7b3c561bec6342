"""A message goes to the address that was checked, under the receiver's own name, over TLS that is verified."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from functions.webhooks.sending import post

NAME = "hooks.example.com"


def certificate(folder: Path) -> Path:
    """A certificate of ``NAME`` and its key, in one file; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "receiver.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, list[str]]]:
    """A receiver over TLS on this machine, under whatever name: its port, and the names that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            asked.append(self.headers["host"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    file = certificate(tmp_path)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    def here(_: str, port: int, *__: Any, **___: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("functions.webhooks.sending.socket.getaddrinfo", here)
    yield server.server_address[1], asked
    server.shutdown()
    server.server_close()


def test_the_name_is_asked_for_and_verified_at_the_address_that_was_checked(hosts: tuple[int, list[str]]) -> None:
    port, asked = hosts
    assert post(f"https://{NAME}:{port}/x", b"{}", {}, timeout=5, private=True).taken
    assert asked == [f"{NAME}:{port}"]


def test_another_name_at_the_same_address_is_not_believed(hosts: tuple[int, list[str]]) -> None:
    port, asked = hosts
    answer = post(f"https://other.example.com:{port}/x", b"{}", {}, timeout=5, private=True)
    assert answer.error == "the receiver's certificate was not accepted"
    assert asked == []


def test_an_address_of_the_inside_is_not_even_tried(hosts: tuple[int, list[str]]) -> None:
    port, asked = hosts
    answer = post(f"https://{NAME}:{port}/x", b"{}", {}, timeout=5, private=False)
    assert (answer.status, answer.error) == (None, "the receiver's name leads to an address that is not public")
    assert asked == []
