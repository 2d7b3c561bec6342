"""Watches a stack that is up: starts again what may be restarted, gives up when a service is lost."""

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
    """Return when asked to stop; raise ``LocalError`` when a service that others need ends by itself.

    ``changed`` is called after a process was started again: its id is another one.
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
    """Start a process that has ended again: after 1, 2, 4… seconds while it keeps ending, at most 30.

    True if it was started just now.
    """
    now = time.monotonic()
    if part.child.alive:
        if part.failures and now - part.due > _STEADY_SECONDS:
            part.failures = 0
    elif part.dead is not part.child:
        backoff = min(2.0**part.failures, _LONGEST_BACKOFF)
        part.dead, part.due, part.failures = part.child, now + backoff, part.failures + 1
        children.stop(part.child)  # whoever is left of its group
        checklist.note(f"{part.child.obituary()}\n  It starts again in {backoff:.0f} s.")
    elif now >= part.due:
        part.child = part.launch()
        return True
    return False
