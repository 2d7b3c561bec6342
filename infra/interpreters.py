"""Finds another Python version: for LocalStack, and for compiling Lambda bytecode."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


class NoInterpreter(Exception):
    """No Python of the version was found or could be downloaded; the message says what to do."""


def find(version: str, named_in: str) -> Path:
    """A Python of ``version`` ("3.13"): this one, the one in the variable ``named_in``, one on this machine,
    or one that uv fetches.
    """
    name = f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [sys.executable, os.environ.get(named_in), shutil.which(name)]
    found += [str(path) for path in sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"), reverse=True)]
    for candidate in found:
        if candidate and _version(candidate) == version:
            return Path(candidate)
    return _fetched(version, named_in)


def _fetched(version: str, named_in: str) -> Path:
    from uv import find_uv_bin

    wanted = [find_uv_bin(), "python", "find", "--managed-python", version]
    with suppress(subprocess.SubprocessError, OSError):
        subprocess.run(  # noqa: S603
            [find_uv_bin(), "python", "install", version], check=True, capture_output=True, timeout=600
        )
        found = subprocess.run(wanted, check=True, capture_output=True, text=True)  # noqa: S603
        return Path(found.stdout.strip())
    raise NoInterpreter(
        f"Python {version} is needed: none is on this machine, and uv could not fetch one. "
        f"Install it and name it in {named_in}."
    )


def _version(python: str) -> str | None:
    """The version of an interpreter, None if it does not start."""
    command = [python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout.strip()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
