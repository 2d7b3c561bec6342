"""A real OpenID Connect provider on this machine, which can be made to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

CLIENT, SECRET = "risk dashboard", "s:cret/+"


@dataclass
class Issuer:
    """What it says of whoever comes; ``lie`` changes the claims, ``sign`` how they are signed."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    lie: dict[str, Any] = field(default_factory=dict)
    without: str = ""
    discovery: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[Issuer, dict[str, Any]], str] | None = None
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    rsa: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    ec: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    rsa_kid: str = "rsa"
    published: list[str] = field(default_factory=lambda: ["rsa", "ec"])

    def configuration(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        } | self.discovery

    def keys(self) -> dict[str, Any]:
        """The published keys."""
        found = {
            "rsa": RSAAlgorithm.to_jwk(self.rsa.public_key(), as_dict=True) | {"kid": self.rsa_kid, "alg": "RS256"},
            "ec": ECAlgorithm.to_jwk(self.ec.public_key(), as_dict=True) | {"kid": "ec", "alg": "ES256"},
        }
        return {"keys": [found[name] | {"use": "sig"} for name in self.published]}

    def rsa_public_pem(self) -> bytes:
        """What an attacker who takes public keys for secrets signs with."""
        return self.rsa.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes next: this provider asks nobody."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer to a code, or None to refuse it."""
        asked = self.codes.pop(form.get("code", ""), None)
        expected = base64.b64encode(b"risk%20dashboard:s%3Acret%2F%2B").decode()
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or authorization != f"Basic {expected}"
            or asked["code_challenge_method"] != "S256"
            or base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return None
        now = datetime.now(UTC)
        claims: dict[str, Any] = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "ada-1",
            "iat": now,
            "exp": now + timedelta(minutes=5),
            "nonce": asked["nonce"],
            **self.claims,
            **self.lie,
        }
        claims.pop(self.without, None)
        sign = self.sign or (lambda one, what: jwt.encode(what, one.rsa, "RS256", headers={"kid": one.rsa_kid}))
        return {"access_token": "unused", "token_type": "Bearer", "id_token": sign(self, claims)}


@contextmanager
def serve() -> Iterator[Issuer]:
    """Run a provider."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def say(self, status: int, body: object) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            issuer.asked.append(parts.path)
            if parts.path in issuer.broken:
                self.say(500, {})
            elif parts.path == "/.well-known/openid-configuration":
                self.say(200, issuer.configuration())
            elif parts.path == "/keys":
                self.say(200, issuer.keys())
            elif parts.path == "/authorize":
                self.send_response(302)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_header("location", issuer.authorize(query))
                self.end_headers()

        def do_POST(self) -> None:
            issuer.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if self.path in issuer.broken:
                self.say(500, {})
                return
            answer = issuer.token(form, self.headers.get("authorization", ""))
            self.say(200 if answer else 400, answer or {"error": "invalid_grant"})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
