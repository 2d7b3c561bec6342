"""Shared by every alert action: audit, push to dashboards, and the labels that a resolution gives."""

from __future__ import annotations

from typing import Annotated

from fastapi import BackgroundTasks, Depends, Response
from sqlalchemy import Connection

from functions.api.http.access.request_audit import Said
from functions.api.http.conventions import etags
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep
from functions.api.http.push import push
from functions.api.http.services import Services
from functions.api.labels import service
from risk.adapters.stream_contracts import UpdateType
from risk.alerts.alert import Alert, AlertStatus
from risk.alerts.workflow import Act
from risk.domain.errors import InvalidInput
from risk.domain.permissions import Permission, allows
from risk.store.assessments import labels
from risk.store.identity import users


class Desk:
    """The context of one alert action: caller, transaction, clock and audit."""

    def __init__(
        self,
        user: CurrentUser,
        services: ServicesDep,
        connection: Database,
        now: Now,
        seen: etags.Seen,
        after: BackgroundTasks,
        response: Response,
        audit: AuditDep,
    ) -> None:
        self._audit = audit
        self._services: Services = services
        self._after = after
        self._response = response
        self.connection: Connection = connection
        self.act = Act(user.email, now, seen)

    def done(self, alert: Alert, note: str | None = None) -> Alert:
        """Push one changed alert after the commit; the response carries its new ``ETag``."""
        etags.show_version(self._response, alert.version)
        self.told([alert], note)
        return alert

    def told(self, alerts: list[Alert], note: str | None = None) -> None:
        """Audit changed alerts and, after the commit, push them to dashboards and send their labels to the engine."""
        self._audit.each(
            Said(
                f"alert:{alert.id}",
                personal={"note": note, "assignee": alert.assignee},
                details={
                    "status": alert.status.value,
                    "version": alert.version,
                    "disposition": alert.disposition.value if alert.disposition else None,
                },
            )
            for alert in alerts
        )
        if alerts:
            self._after.add_task(push, self._services, UpdateType.ALERT, *alerts)
        resolved = [
            alert for alert in alerts if alert.status is AlertStatus.RESOLVED and alert.resolved_at == self.act.at
        ]
        if resolved:
            events = labels.events_of_alerts(self.connection, [alert.id for alert in resolved])
            self._after.add_task(service.push, self._services, [(alert, events[alert.id]) for alert in resolved])

    def withdraw(self, resolved: list[Alert]) -> None:
        """Withdraw the labels that the resolutions of these alerts gave, after the commit."""
        if resolved:
            events = labels.events_of_alerts(self.connection, [alert.id for alert in resolved])
            told = [(alert, events[alert.id]) for alert in resolved]
            self._after.add_task(service.push, self._services, told, withdrawn=True)

    def person(self, name: str | None) -> str | None:
        """The address that ``name`` stands for: `me`, an address, or None for nobody.

        Only people who may act on alerts can be named.
        """
        if name is None:
            return None
        if name == "me":
            return self.act.by
        found = users.find_by_email(self.connection, name)
        if found is None or found.disabled or not allows(found.role, Permission.ALERTS_ACT):
            raise InvalidInput("this person may not act on alerts", field="assignee")
        return found.email


DeskDep = Annotated[Desk, Depends(Desk)]
