"""Health of the system."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

import anyio
from anyio import to_thread
from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from functions.api.http.dependencies import PUBLIC, ServicesDep
from functions.api.http.logs import logger
from functions.api.http.routing import PREFIX
from functions.api.http.services import Services
from risk.store.engine_state import leases, runs

SECONDS = 2.0

router = APIRouter(prefix=f"{PREFIX}/health", tags=["health"])


class Health(BaseModel):
    """Get the health of the system.

    ``degraded`` when no engine is scoring or it reports a problem, given in ``reason``; ``unhealthy`` without the
    database.
    """

    status: Literal["healthy", "degraded", "unhealthy"]
    database: Literal["connected", "disconnected"]
    streaming: Literal["active", "inactive", "unknown"]
    reason: str | None = None


def _look(services: Services) -> tuple[bool, str | None]:
    """Whether an engine is active, and the problem that it reports."""
    with services.database.connect() as connection:
        return leases.engine_is_active(connection), runs.notice(connection)


@router.get(
    "",
    dependencies=[PUBLIC],
    response_model_exclude_none=True,
    responses={503: {"model": Health, "description": "The database does not answer."}},
)
async def get_health(services: ServicesDep, response: Response) -> Health:
    """Query the database for its own health and the engine's last heartbeat."""
    try:
        with anyio.fail_after(SECONDS):
            # Abandoned when it hangs: a frozen server accepts connections and never answers.
            active, notice = await to_thread.run_sync(_look, services, abandon_on_cancel=True)
    except (SQLAlchemyError, TimeoutError) as error:
        logger.warning("the database does not answer", extra={"error": type(error).__name__})
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return Health(status="unhealthy", database="disconnected", streaming="unknown")
    if not active:
        return Health(status="degraded", database="connected", streaming="inactive", reason=notice)
    if notice:
        return Health(status="degraded", database="connected", streaming="active", reason=notice)
    return Health(status="healthy", database="connected", streaming="active")
