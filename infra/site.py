"""Builds the dashboard for deployment, cached under the hash of its sources."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from infra import PROJECT

_NOT_SOURCES = {"node_modules", "dist"}


class SiteError(Exception):
    """The dashboard could not be built; the message says why."""


def build(*, project: Path = PROJECT) -> Path:
    """The folder of the built dashboard, built if missing. Needs the npm packages."""
    cache = project / "cdk.out" / "sites"
    final = cache / _fingerprint(project / "frontend")
    if final.exists():
        return final
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".building-") as scratch:
        draft = Path(scratch) / "site"
        command = [sys.executable, "-m", "infra.local.frontend", "run", "build", "--", "--outDir", str(draft)]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode or not (draft / "index.html").exists():
            raise SiteError(
                f"The dashboard was not built:\n{done.stdout}{done.stderr}\nInstall what it needs: make setup"
            )
        try:
            draft.rename(final)
        except OSError:
            if not final.exists():  # otherwise another process was faster
                raise
    return final


def _fingerprint(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and name.parts[0] not in _NOT_SOURCES:
            whole.update(f"{name.as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return whole.hexdigest()[:20]
