"""Sends frames to many connections in parallel, so that a slow one does not delay the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from risk.adapters.valkey_live import Connection

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient

WORKERS = 32
SEND_SECONDS = 1
# A connection also counts as gone until its $connect has been answered: it is given this long.
GONE_SECONDS = 5.0

logger = Logger(service="broadcast", child=True)


def management_client(url: str) -> ApiGatewayManagementApiClient:
    """A client of the ``@connections`` API at ``url`` that gives up on a connection within two seconds."""
    return boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=url,
        config=Config(
            connect_timeout=SEND_SECONDS,
            read_timeout=SEND_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 2},
            max_pool_connections=WORKERS,
        ),
    )


@dataclass
class Outcome:
    """The outcome by connection id: served, gone, and not reached in time."""

    sent: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    frames: int = 0


class Sender:
    """Sends to connections in parallel, and remembers since when some are gone."""

    def __init__(self, client: ApiGatewayManagementApiClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="send")
        self._gone_since: dict[str, float] = {}

    def send(self, connections: Sequence[Connection], frames: Callable[[Connection], Sequence[bytes]]) -> Outcome:
        """Send each connection its ``frames`` in order; the first failure ends it for this batch."""
        outcome = Outcome()
        work = [(connection.id, frames(connection)) for connection in connections]
        results = self._pool.map(self._serve, *zip(*work, strict=True)) if work else []
        for (connection_id, its_frames), result in zip(work, results, strict=True):
            getattr(outcome, result).append(connection_id)
            if result == "sent":
                outcome.frames += len(its_frames)
        return outcome

    def _serve(self, connection_id: str, frames: Sequence[bytes]) -> str:
        try:
            for frame in frames:
                self._client.post_to_connection(ConnectionId=connection_id, Data=frame)
        except self._client.exceptions.GoneException:
            return "gone"
        except (ClientError, BotoCoreError) as error:
            logger.warning(
                "a connection was not reached", extra={"connection": connection_id, "error": type(error).__name__}
            )
            return "failed"
        return "sent"

    def surely_gone(self, outcome: Outcome) -> list[str]:
        """The gone connections that have been gone for a while."""
        now = self._clock()
        self._gone_since = {one: self._gone_since.get(one, now) for one in outcome.gone}
        return [one for one, since in self._gone_since.items() if now - since >= GONE_SECONDS]

    def close(self, ids: Sequence[str]) -> None:
        """Close connections that missed something: their browsers reconnect and read it through REST."""
        list(self._pool.map(self._close, ids))

    def _close(self, connection_id: str) -> None:
        try:
            self._client.delete_connection(ConnectionId=connection_id)
        except (ClientError, BotoCoreError) as error:
            # Removed in any case; it is closed at its next message.
            logger.warning(
                "a connection was not closed", extra={"connection": connection_id, "error": type(error).__name__}
            )
