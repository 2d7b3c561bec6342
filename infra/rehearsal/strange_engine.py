"""An engine that dies at a given point, or whose clock is wrong: ``python -m infra.rehearsal.strange_engine``.

``REHEARSAL_DIE_AT`` is ``stored`` (committed, not shown yet), ``published`` (shown, no snapshot yet) or ``snapshot``
(while the profiles are stored); it dies there once, by SIGKILL, and leaves a file ``REHEARSAL_DIED``.
``REHEARSAL_CLOCK`` is by how many seconds its clock is wrong.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from streaming.engine import main as engine
from streaming.engine.sink import outbox as outbox_module
from streaming.engine.sink.outbox import Outbox
from streaming.engine.sink.snapshots import Snapshots

POINTS: dict[str, tuple[type, str, bool]] = {
    "stored": (Outbox, "_show", False),
    "published": (Outbox, "_show", True),
    "snapshot": (Snapshots, "_save", True),
}
"""Where it may die: the method, and whether before or after it."""
_CALLS = 3


class WrongClock(datetime):
    """``datetime`` whose ``now`` is wrong; returns plain datetimes, which orjson can serialize."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """The time by the wrong clock."""
        return datetime.now(tz) + timedelta(seconds=float(os.environ["REHEARSAL_CLOCK"]))


def die_at(point: str, died: Path) -> None:
    """Kill the engine there, on the third call."""
    owner, name, after = POINTS[point]
    method: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def dying(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        found = method(*given, **named) if after else None
        if calls == _CALLS:
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return found if after else method(*given, **named)

    setattr(owner, name, dying)


def main() -> int:
    """Run the strange engine."""
    point, died = os.environ.get("REHEARSAL_DIE_AT"), Path(os.environ.get("REHEARSAL_DIED", "/nonexistent"))
    if point and not died.exists():
        die_at(point, died)
    if os.environ.get("REHEARSAL_CLOCK"):
        for module in (engine, outbox_module):
            module.datetime = WrongClock  # type: ignore[attr-defined]
    return engine.main()


if __name__ == "__main__":
    sys.exit(main())
