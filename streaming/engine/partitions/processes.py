"""Starts the other processes of a partitioned graph, by the environment that ``pathway spawn`` gives its own.

The engine starts them itself because ``pathway spawn`` leaves its children behind when it is terminated: signals,
exit status and health are those of the first process, which needs no launcher.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from uuid import uuid4

logger = logging.getLogger(__name__)

MOST = 8
"""Workers that Pathway runs without a licence key."""
_END_SECONDS = 10
_PORTS = range(20_000, 30_000)


def launched() -> int | None:
    """This process's number under ``pathway spawn``; None otherwise."""
    number = os.environ.get("PATHWAY_PROCESS_ID")
    return None if number is None or "PATHWAY_PROCESSES" not in os.environ else int(number)


@contextmanager
def processes(count: int, died: Callable[[], None]) -> Iterator[int]:
    """Run all but the first of ``count`` processes; ``died`` is called when one ends prematurely.

    Yields their number; under ``pathway spawn`` those that it started.
    """
    if launched() is not None:
        yield int(os.environ["PATHWAY_PROCESSES"])
        return
    if count == 1:
        yield 1
        return
    common = {
        "PATHWAY_PROCESSES": str(count),
        "PATHWAY_THREADS": "1",
        "PATHWAY_FIRST_PORT": str(_free_ports(count)),
        "PATHWAY_RUN_ID": str(uuid4()),
        "PATHWAY_SUPPRESS_OTHER_WORKER_ERRORS": "1",
        "PATHWAY_START_TIMESTAMP_MS": str(int(time.time() * 1000)),
    }
    before = dict(os.environ)
    os.environ.update(common, PATHWAY_PROCESS_ID="0")
    started: list[subprocess.Popen[bytes]] = []
    ending = threading.Event()
    try:
        for number in range(1, count):
            environment = os.environ | {"PATHWAY_PROCESS_ID": str(number)}
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "streaming.engine.partitions.worker"],
                    env=environment,
                    stdin=subprocess.PIPE,
                )
            )
        for process in started:
            threading.Thread(target=_watch, args=(process, ending, died), daemon=True).start()
        yield count
        _wait(started)
    finally:
        ending.set()
        for process in started:
            process.kill()
            process.wait()
            if process.stdin is not None:
                with suppress(OSError):
                    process.stdin.close()
        for name in (*common, "PATHWAY_PROCESS_ID"):
            os.environ.pop(name, None)
            if name in before:
                os.environ[name] = before[name]


def _wait(started: list[subprocess.Popen[bytes]]) -> None:
    """Wait for the processes, which end with the graph."""
    for process in started:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)


def _watch(process: subprocess.Popen[bytes], ending: threading.Event, died: Callable[[], None]) -> None:
    status = process.wait()
    if status and not ending.is_set():
        logger.error("process %d of the engine ended by itself, with status %d", process.pid, status)
        died()


def _free_ports(count: int) -> int:
    """The first of ``count`` consecutive free ports."""
    first = _PORTS.start + os.getpid() * MOST % (len(_PORTS) - MOST)
    starts: list[int] = [*range(first, _PORTS.stop - MOST, MOST), *range(_PORTS.start, first, MOST)]
    for start in starts:
        if all(_is_free(port) for port in range(start, start + count)):
            return start
    raise OSError(f"no {count} free ports in a row from {_PORTS.start} to {_PORTS.stop}")


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
