"""Rules that the engine suspends because they take longer than a rule may."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from risk.audit.record import ENGINE, Entry
from risk.rules.time_budget import Overrun
from risk.store.audit import audit_log

_SUSPEND = text("SELECT suspend_rule(:rule_id, :version, :why)")


def suspend(connection: Connection, overrun: Overrun, *, at: datetime) -> bool:
    """Take a version out of force, on record; False if somebody has done so before."""
    wanted = {"rule_id": overrun.rule_id, "version": overrun.version, "why": overrun.reason}
    if not connection.scalar(_SUSPEND, wanted):
        return False
    details = {"version": overrun.version, "seconds": round(overrun.seconds, 3), "budget_seconds": overrun.budget}
    audit_log.append(
        connection,
        [Entry(at, ENGINE, "suspend_rule", f"rule:{overrun.rule_id}", details={**details, "events": overrun.events})],
    )
    return True
