"""Passwords (argon2id), access tokens (JWT, HS256), and secrets stored as hashes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from risk.domain.errors import NotAuthenticated
from risk.domain.permissions import Role

ISSUER = "realtime-risk"
AUDIENCE = "realtime-risk-api"
ALGORITHM = "HS256"
CLOCK_SKEW = timedelta(seconds=10)
API_KEY_PREFIX = "rk_"
_SHOWN = len(API_KEY_PREFIX) + 8
_CLAIMS = ["iss", "aud", "iat", "nbf", "exp", "sub", "sid", "role", "jti"]
_passwords = PasswordHash((Argon2Hasher(),))


@dataclass(frozen=True)
class Identity:
    """The person, session and role that a valid access token stands for."""

    user_id: UUID
    role: Role
    session_id: UUID


def hash_password(password: str) -> str:
    """The argon2id hash of ``password``, including salt and costs."""
    return _passwords.hash(password)


@cache
def _nobody() -> str:
    return hash_password("the password of no account")


def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether ``password`` matches ``password_hash``; equally slow for an unknown account (None)."""
    nobody = _nobody()
    matches = _passwords.verify(password, password_hash or nobody)
    return matches and password_hash is not None


def new_secret(prefix: str = "") -> str:
    """256 random bits as text, after ``prefix``."""
    return prefix + secrets.token_urlsafe(32)


def secret_hash(secret: str) -> bytes:
    """The stored hash of a secret. The secret is random enough for a fast hash, by which it is looked up."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


def shown_part(api_key: str) -> str:
    """The prefix of an API key, by which people recognize it."""
    return api_key[:_SHOWN]


def issue(key: str, user_id: UUID, role: Role, session_id: UUID, *, now: datetime, minutes: int) -> str:
    """An access token for ``user_id``, valid from ``now`` for ``minutes`` while the session lasts."""
    import jwt  # only signed-in requests wait for the import of its cryptography

    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "nbf": now,
        "exp": now + timedelta(minutes=minutes),
        "sub": str(user_id),
        "sid": str(session_id),
        "role": role.value,
        "jti": str(uuid4()),
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def verify(key: str, token: str) -> Identity:
    """The claims of ``token``; ``NotAuthenticated`` unless all are present and valid."""
    import jwt

    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            audience=AUDIENCE,
            leeway=CLOCK_SKEW,
            options={"require": _CLAIMS, "strict_aud": True},
        )
        return Identity(UUID(claims["sub"]), Role(claims["role"]), UUID(claims["sid"]))
    except jwt.ExpiredSignatureError as error:
        raise NotAuthenticated("the access token has expired; sign in again") from error
    except (jwt.InvalidTokenError, ValueError, AttributeError) as error:
        raise NotAuthenticated("the access token is not valid; sign in again") from error
