"""Ends the children of a supervisor that has died, even by ``kill -9``.

Run as a script by ``processes.Guardian`` with the standard library alone. It reads commands from its
standard input; when that pipe closes, for any reason, it ends every process group that is still
on its list, then any process that carries the run's mark, and removes the run's temporary files and folders.

Commands, one a line: ``watch <group> <signal>``, ``forget <group>``, ``remove <path>``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from pathlib import Path

GRACE_SECONDS = 5.0


def _send(group: int, number: int) -> bool:
    """Signal a process group; False once it is empty."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _gone(group: int) -> bool:
    """Whether the group has no live process; zombies do not count."""
    if not _send(group, 0):
        return True
    proc = Path("/proc")
    if not proc.is_dir():
        return False
    for stat in proc.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] != "Z":
                return False
    return True


def _end(groups: dict[int, int]) -> None:
    for group, number in groups.items():
        _send(group, number)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and not all(_gone(group) for group in groups):
        time.sleep(0.05)
    for group in groups:
        _send(group, signal.SIGKILL)


def _sweep(mark: str) -> None:
    """Kill all processes with this run's mark in their environment (Linux)."""
    wanted = f"RISK_RUN={mark}".encode()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if wanted in environment.read_bytes().split(b"\0"):
                os.kill(int(environment.parent.name), signal.SIGKILL)


def main(mark: str) -> None:
    """Follow the commands on standard input until it closes, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, int] = {}
    temporary: list[Path] = []
    for line in sys.stdin:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "watch":
            group, _, wish = rest.partition(" ")
            groups[int(group)] = int(wish)
        elif verb == "forget":
            groups.pop(int(rest), None)
        elif verb == "remove":
            temporary.append(Path(rest))
    _end(groups)
    _sweep(mark)
    for path in temporary:
        shutil.rmtree(path, ignore_errors=True)
        with contextlib.suppress(OSError):
            path.unlink()


if __name__ == "__main__":
    main(sys.argv[1])
