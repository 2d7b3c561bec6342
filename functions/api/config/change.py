"""A change of one part of the configuration that has routes of its own: event types, the decision policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypedDict

from fastapi import BackgroundTasks, Depends

from functions.api.http.conventions import etags
from functions.api.http.dependencies import CurrentUser, Database, Now, ServicesDep
from functions.api.http.push import push
from risk.adapters.stream_contracts import UpdateType
from risk.alerts.configuration import Configuration
from risk.decisions.policy import DecisionPolicy
from risk.domain.event_types import EventType
from risk.store.config import configurations


class Part(TypedDict, total=False):
    """What a change gives anew; the rest of the configuration stays as it is."""

    event_types: dict[str, EventType]
    decisions: DecisionPolicy


class _PartChange:
    """Locks the configuration, checks what the caller has seen, stores a new version and pushes it."""

    def __init__(
        self,
        user: CurrentUser,
        services: ServicesDep,
        connection: Database,
        now: Now,
        after: BackgroundTasks,
        if_match: etags.IfMatch = None,
    ) -> None:
        self._user, self._services, self._connection, self._now = user, services, connection, now
        self._after, self._if_match = after, if_match

    def __call__(self, edit: Callable[[Configuration], Part], reason: str) -> tuple[Configuration, Configuration]:
        """The configuration before and after; ``edit`` makes the part of the one in force, or raises."""
        configurations.ensure_first(self._connection, self._services.settings.thresholds, now=self._now)
        present = configurations.lock(self._connection)
        assert present is not None
        etags.check(self._if_match, etags.tag("configuration", present.version))
        changed = configurations.add_version(
            self._connection,
            present.thresholds,
            present.alert_policy,
            **edit(present),
            changed_at=self._now,
            changed_by=self._user.email,
            reason=reason,
        )
        self._after.add_task(push, self._services, UpdateType.CONFIG, changed)
        return present, changed


PartChange = Annotated[_PartChange, Depends()]
