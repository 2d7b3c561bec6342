"""Passwords (argon2id) and access tokens (JWT, HS256)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

import jwt
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from risk.access import Role
from risk.errors import NotAuthenticated

ISSUER = "realtime-risk"
AUDIENCE = "realtime-risk-api"
ALGORITHM = "HS256"
CLOCK_SKEW = timedelta(seconds=10)
_CLAIMS = ["iss", "aud", "iat", "exp", "sub", "role", "jti"]
_passwords = PasswordHash((Argon2Hasher(),))


@dataclass(frozen=True)
class Identity:
    """Whom a valid token speaks for, and the role at the time it was made."""

    user_id: UUID
    role: Role


def hash_password(password: str) -> str:
    """The argon2id hash of ``password``, salt and costs included."""
    return _passwords.hash(password)


@cache
def _nobody() -> str:
    return hash_password("the password of no account")


def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether ``password`` belongs to ``password_hash``; as slow for an unknown account (None) as for a known one."""
    nobody = _nobody()
    matches = _passwords.verify(password, password_hash or nobody)
    return matches and password_hash is not None


def issue(key: str, user_id: UUID, role: Role, *, now: datetime, minutes: int) -> str:
    """An access token for ``user_id``, valid from ``now`` for ``minutes``."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + timedelta(minutes=minutes),
        "sub": str(user_id),
        "role": role.value,
        "jti": str(uuid4()),
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def verify(key: str, token: str) -> Identity:
    """Whom ``token`` speaks for; ``NotAuthenticated`` unless every claim is there and right."""
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
        return Identity(UUID(claims["sub"]), Role(claims["role"]))
    except jwt.ExpiredSignatureError as error:
        raise NotAuthenticated("the access token has expired; sign in again") from error
    except (jwt.InvalidTokenError, ValueError) as error:
        raise NotAuthenticated("the access token is not valid; sign in again") from error
