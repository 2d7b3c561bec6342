"""An engine process other than the first: it scores its partition and does no I/O.

``python -m streaming.engine.partitions.worker``, started by the first process, with which it ends; or the engine's own
program under ``pathway spawn``. It knows no database and no stream: keys' states and the policy come with batches.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import Any

import pathway as pw

from streaming.engine.memory import spare_the_garbage_collector
from streaming.engine.partitions import graph


class _Unread(pw.io.python.ConnectorSubject):
    """The source, which only the first process reads."""

    deletions_enabled = False

    def run(self) -> None:
        """Give nothing."""


def _ignore(key: pw.Pointer[Any], row: dict[str, Any], time: int, is_addition: bool) -> None:
    """Ignored: results leave the graph in the first process."""


def run() -> None:
    """Build the same graph as the first process, and run it until that has ended."""
    incoming = pw.io.python.read(_Unread(), schema=graph.PartRow, autocommit_duration_ms=None)
    out = graph.outputs(incoming, int(os.environ["PATHWAY_PROCESSES"]))
    pw.io.subscribe(out, on_change=_ignore)
    spare_the_garbage_collector()
    pw.run(monitoring_level=pw.MonitoringLevel.NONE, default_logging=False, terminate_on_error=True)


def _end_with_parent() -> None:
    """Exit when standard input ends, that is, when the parent has ended."""
    # Not by ``sys.stdin``, whose lock would be held when this process ends of itself.
    os.read(0, 1)
    os._exit(1)


def main() -> None:
    """Run, ignoring signals to the group: the first process ends this one."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("pathway_engine").setLevel(logging.WARNING)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    run()


if __name__ == "__main__":
    main()
