"""Pushes a change just made to connected browsers."""

from __future__ import annotations

from pydantic import BaseModel

from functions.api.http.logs import logger
from functions.api.http.services import Services
from risk.adapters.kinesis import Record, put_records
from risk.adapters.stream_contracts import UpdateType, envelopes, partition_key


def push(services: Services, kind: UpdateType, *items: BaseModel) -> bool:
    """Put ``items`` on ``risk-updates`` after the commit; returns whether it succeeded. Failures are logged."""
    packed = envelopes(kind, (item.model_dump_json().encode() for item in items))
    records = [Record(partition_key(kind), envelope) for envelope in packed]
    try:
        failures = put_records(services.kinesis, services.settings.updates_stream, records, attempts=2)
    except Exception:
        logger.exception("an update was not pushed; browsers see the change when they next ask", extra={"kind": kind})
        return False
    for failure in failures:
        logger.error(
            "an update was not pushed; browsers see the change when they next ask", extra={"code": failure.code}
        )
    return not failures
