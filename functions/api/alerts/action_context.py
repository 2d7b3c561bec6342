"""What every alert action shares: audit, push, and labels from a resolution."""

from __future__ import annotations

from typing import Annotated

from fastapi import BackgroundTasks, Depends, Response
from sqlalchemy import Connection

from functions.api.http import etags
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, ServicesDep
from functions.api.http.push import push
from functions.api.http.request_audit import Said
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
    """One request of a person who acts on alerts."""

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
        """Tell of one changed alert once it is stored; its answer carries the new ``ETag``."""
        etags.show_version(self._response, alert.version)
        self.told([alert], note)
        return alert

    def told(self, alerts: list[Alert], note: str | None = None) -> None:
        """Log changed alerts, and tell of them once they are stored: open dashboards, the engine of labels."""
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
        """Take back the labels that the resolutions of these alerts gave, once what is done now is stored."""
        if resolved:
            events = labels.events_of_alerts(self.connection, [alert.id for alert in resolved])
            told = [(alert, events[alert.id]) for alert in resolved]
            self._after.add_task(service.push, self._services, told, withdrawn=True)

    def person(self, name: str | None) -> str | None:
        """The address of whom ``name`` (`me`, an address, or None for nobody) means; only who may act on alerts."""
        if name is None:
            return None
        if name == "me":
            return self.act.by
        found = users.find_by_email(self.connection, name)
        if found is None or found.disabled or not allows(found.role, Permission.ALERTS_ACT):
            raise InvalidInput("this person may not act on alerts", field="assignee")
        return found.email


DeskDep = Annotated[Desk, Depends(Desk)]
