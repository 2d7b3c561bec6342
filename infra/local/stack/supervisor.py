"""Watches a stack that is up: restarts what can be restarted, and gives up when a service is lost."""

from __future__ import annotations

import time
from collections.abc import Callable

from infra.local.stack.console import Checklist
from infra.local.stack.glance import Glance
from infra.local.stack.processes import Children, LocalError
from infra.local.stack.up import Restartable, Stack

_LONGEST_BACKOFF = 30.0
_STEADY_SECONDS = 60.0
_LOOK_SECONDS = 0.5


def watch(stack: Stack, children: Children, checklist: Checklist, changed: Callable[[], None]) -> None:
    """Return when asked to stop; ``LocalError`` when a service that others need ends by itself.

    ``changed`` is called after a restart, because the process id has changed.
    """
    glance = Glance(stack.engine.url)
    while not children.stopping.wait(_LOOK_SECONDS):
        for service in stack.services:
            if not service.alive:
                raise LocalError(f"{service.obituary()}\nStart again: risk up")
        for part in stack.restartable:
            if revive(part, children, checklist):
                changed()
        checklist.live(glance.line())


def revive(part: Restartable, children: Children, checklist: Checklist) -> bool:
    """Restart a process that has ended, with back-off: after 1, 2, 4… seconds, at most 30.

    True if it was restarted now.
    """
    now = time.monotonic()
    if part.child.alive:
        if part.failures and now - part.due > _STEADY_SECONDS:
            part.failures = 0
    elif part.dead is not part.child:
        backoff = min(2.0**part.failures, _LONGEST_BACKOFF)
        part.dead, part.due, part.failures = part.child, now + backoff, part.failures + 1
        children.stop(part.child)  # the rest of its process group
        checklist.note(f"{part.child.obituary()}\n  It starts again in {backoff:.0f} s.")
    elif now >= part.due:
        part.child = part.launch()
        return True
    return False
