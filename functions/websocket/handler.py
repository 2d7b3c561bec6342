"""The ``websocket`` Lambda: ``$connect``, ``$disconnect`` and client messages.

A ticket opens a connection, whose role decides what it may see. ``{"action": "subscribe", "min_level": …}`` selects
what it gets; ``{"action": "ping"}`` keeps it open.
"""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3
import redis
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from risk.adapters import valkey_live
from risk.config.settings import RealtimeSettings
from risk.domain.assessment import RiskLevel
from risk.domain.permissions import Permission, allows

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient

MAX_MESSAGE_BYTES = 4 * 1024
UNAVAILABLE = "the live store does not answer; try again in a moment"

logger = Logger(service="websocket")


class Refused(Exception):
    """An invalid message; the text says what is valid."""


class Removed(Exception):
    """The connection is no longer known: access has ended, or the live store was emptied."""


@cache
def settings() -> RealtimeSettings:
    """The settings of this process."""
    return RealtimeSettings()


@cache
def store() -> redis.Redis:
    """The connection to Valkey of this process."""
    return valkey_live.client_of(settings())


@cache
def management(url: str) -> ApiGatewayManagementApiClient:
    """The client of the ``@connections`` API at ``url``."""
    return boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=url,
        config=Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2}),
    )


def _status(status: HTTPStatus) -> dict[str, Any]:
    return {"statusCode": int(status)}


def _client(context: dict[str, Any]) -> ApiGatewayManagementApiClient:
    return management(settings().ws_management_url or f"https://{context['domainName']}/{context['stage']}")


def _connect(event: dict[str, Any]) -> HTTPStatus:
    ticket = (event.get("queryStringParameters") or {}).get("ticket")
    found = valkey_live.redeem_ticket(store(), ticket) if ticket else None
    if found is None:
        return HTTPStatus.UNAUTHORIZED
    if not allows(found.role, Permission.RISK_READ):
        return HTTPStatus.FORBIDDEN
    connection = valkey_live.Connection(event["requestContext"]["connectionId"], found.user_id, found.role)
    # A ticket does not outlive a sign-out or a change of role.
    added = valkey_live.add_connection(store(), connection, found.generation)
    return HTTPStatus.OK if added else HTTPStatus.UNAUTHORIZED


def _read(event: dict[str, Any]) -> dict[str, Any]:
    body = event.get("body") or ""
    if event.get("isBase64Encoded") or len(body) > MAX_MESSAGE_BYTES:
        raise Refused(f"send text of at most {MAX_MESSAGE_BYTES} bytes")
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:  # thousands of brackets within each other
        raise Refused("this is not JSON") from error
    if not isinstance(message, dict):
        raise Refused('send an object, such as {"action": "ping"}')
    return message


def _subscribe(connection: valkey_live.Connection, message: dict[str, Any]) -> dict[str, Any]:
    wanted = message.get("min_level", RiskLevel.LOW)
    if wanted not in list(RiskLevel):
        raise Refused(f"min_level is one of {', '.join(RiskLevel)}")
    level = RiskLevel(wanted)
    wanting = valkey_live.Connection(connection.id, connection.user_id, connection.role, level)
    if not valkey_live.change_connection(store(), wanting):
        raise Removed
    return {"type": "subscribed", "items": [{"min_level": level}]}


def _reply(connection: valkey_live.Connection, event: dict[str, Any]) -> dict[str, Any]:
    try:
        message = _read(event)
        action = message.get("action")
        if action == "subscribe":
            return _subscribe(connection, message)
        if action == "ping":
            return {"type": "pong", "items": []}
        raise Refused("action is subscribe or ping")
    except Refused as error:
        return {"type": "error", "items": [{"detail": str(error)}]}


def _message(event: dict[str, Any]) -> HTTPStatus:
    context = event["requestContext"]
    client, connection_id = _client(context), context["connectionId"]
    try:
        connection = valkey_live.find_connection(store(), connection_id)
        if connection is None:
            raise Removed
        reply = _reply(connection, event)
    except Removed:
        # Without its owner it gets nothing, so it has to reconnect.
        logger.warning("a connection is not known any more; it is closed")
        client.delete_connection(ConnectionId=connection_id)
        return HTTPStatus.OK
    except redis.RedisError:
        logger.exception("the live store does not answer")
        reply = {"type": "error", "items": [{"detail": UNAVAILABLE}]}
    try:
        client.post_to_connection(ConnectionId=connection_id, Data=json.dumps(reply).encode())
    except client.exceptions.GoneException:
        valkey_live.remove_connections(store(), [connection_id])
    return HTTPStatus.OK


def _answer(event: dict[str, Any]) -> HTTPStatus:
    context = event["requestContext"]
    try:
        if context["routeKey"] == "$connect":
            return _connect(event)
        if context["routeKey"] == "$disconnect":
            valkey_live.remove_connections(store(), [context["connectionId"]])
            return HTTPStatus.OK
        return _message(event)
    except redis.RedisError:
        logger.exception("the live store does not answer")
        return HTTPStatus.SERVICE_UNAVAILABLE
    except (ClientError, BotoCoreError):
        logger.exception("the connection could not be answered")
        return HTTPStatus.BAD_GATEWAY


@logger.inject_lambda_context(correlation_id_path="requestContext.requestId", clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Handle one ``$connect``, ``$disconnect`` or message; replies go through ``@connections``."""
    route = event["requestContext"]["routeKey"]
    status = _answer(event)
    # Never the query: it holds the ticket.
    logger.info("websocket", extra={"route": route, "status": int(status)})
    return _status(status)
