"""The state folder of a local run: its lock, secrets and running processes."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil

from infra.local.stack.processes import LocalError

_PATIENCE_SECONDS = 10.0
ROLES = ("admin", "analyst", "viewer")


@dataclass
class DataFolder:
    """A data folder, locked until this process and its clean-up helper have ended."""

    path: Path
    lock: int

    @classmethod
    def take(cls, path: Path) -> Self:
        """Lock the folder, created if missing; ``LocalError`` if another stack runs in it."""
        path = path.expanduser().resolve()
        try:
            path.mkdir(parents=True, exist_ok=True)
            lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise LocalError(f"{path} cannot be written ({error}). Give another folder with --data-dir.") from error
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                holder = os.pread(lock, 20, 0).decode().strip()
                # The helper of a dead holder needs a moment to clean up.
                if (holder and psutil.pid_exists(int(holder))) or time.monotonic() > deadline:
                    os.close(lock)
                    message = f"A stack already runs in {path} (process {holder or 'unknown'}). "
                    raise LocalError(message + "Stop it, or give another folder with --data-dir.") from error
                time.sleep(0.1)
        os.truncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        return cls(path, lock)

    def release(self) -> None:
        """Release the folder."""
        with contextlib.suppress(OSError):
            os.close(self.lock)

    def empty(self) -> None:
        """Remove the data of earlier runs."""
        for entry in self.path.iterdir():
            if entry.name == "lock":
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def users(self) -> dict[str, dict[str, str]]:
        """The demo users by role. Their passwords are generated once and readable by the owner only."""
        file = self.path / "users.json"
        if not file.exists():
            drawn = {
                role: {"email": f"{role}@example.com", "password": f"{role}-{secrets.token_urlsafe(9)}"}
                for role in ROLES
            }
            write_private(file, drawn)
        users: dict[str, dict[str, str]] = json.loads(file.read_text())
        return users


def write_private(file: Path, content: Mapping[str, Any]) -> None:
    """Write JSON atomically, readable by its owner only."""
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=2))
    draft.replace(file)


def running(path: Path) -> dict[str, Any] | None:
    """The output of ``risk up --json`` for the stack that runs in a data folder; None if none does."""
    file = path.expanduser().resolve() / "stack.json"
    with contextlib.suppress(OSError, ValueError):
        stack: dict[str, Any] = json.loads(file.read_text())
        if psutil.pid_exists(stack["pids"]["supervisor"]):
            return stack
    return None
