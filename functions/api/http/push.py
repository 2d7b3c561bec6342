"""Pushes a change just made to connected browsers."""

from __future__ import annotations

from pydantic import BaseModel

from functions.api.http.logs import logger
from functions.api.http.services import Services
from risk.adapters.stream_contracts import UpdateType
from risk.adapters.updates import put_updates


def push(services: Services, kind: UpdateType, *items: BaseModel) -> bool:
    """Put ``items`` on ``risk-updates`` after the commit; returns whether it succeeded. Failures are logged."""
    packed = (item.model_dump_json().encode() for item in items)
    try:
        failures = put_updates(services.kinesis, services.settings.updates_stream, kind, packed, attempts=2)
    except Exception:
        logger.exception("an update was not pushed; browsers see the change when they next ask", extra={"kind": kind})
        return False
    for failure in failures:
        logger.error(
            "an update was not pushed; browsers see the change when they next ask", extra={"code": failure.code}
        )
    return not failures
