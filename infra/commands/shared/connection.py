"""How commands find the running local stack, and the API or stream to send to."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from infra.commands.shared.api_session import ApiSession
from infra.commands.shared.delivery import ApiTarget, KinesisTarget, Target
from infra.commands.shared.terminal import Destination
from infra.local.stack.state import running
from risk.domain.errors import InvalidInput

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

DEFAULT_STREAM = "risk-events"


class Login(BaseModel):
    """A user of the local stack."""

    model_config = ConfigDict(frozen=True)

    email: str
    password: SecretStr


class Stack(BaseModel):
    """What ``risk up`` writes about the stack it runs: addresses, and the demonstration's users by role."""

    model_config = ConfigDict(frozen=True)

    api: str
    kinesis: str
    database_url: SecretStr
    audit_database_url: SecretStr
    users: dict[str, Login] = {}


def read_stack(data_dir: Path) -> Stack | None:
    """The stack that runs with ``data_dir``, or None when none does."""
    found = running(data_dir)
    if found is None:
        return None
    try:
        return Stack.model_validate(found)
    except ValidationError as error:
        raise InvalidInput(f"{data_dir} was written by another version: stop its stack, start it again") from error


def kinesis_target(stack: Stack | None, *, endpoint_url: str | None, stream: str | None) -> KinesisTarget:
    """The stream at ``endpoint_url``, else of the local stack; ``stream`` alone means AWS."""
    endpoint = endpoint_url or (stack.kinesis if stack else None)
    if endpoint is None and stream is None:
        raise InvalidInput("no local stack runs here: start one with `risk up`, or give --endpoint-url, or --stream")
    return KinesisTarget(_kinesis_client(endpoint), stream or DEFAULT_STREAM)


def api_session(
    stack: Stack | None, *, api_url: str | None, token: str | None, may: str = "may write events"
) -> ApiSession:
    """The API at ``api_url`` with ``token``, else the local stack's, signed in as its Admin."""
    if api_url is not None:
        if token is None:
            raise InvalidInput(f"--api-url needs --token: an access token of a user that {may}")
        return ApiSession(api_url, token=token)
    if stack is None:
        raise InvalidInput("no local stack runs here: start one with `risk up`, or give --api-url and --token")
    admin = stack.users.get("admin")
    if token is None and admin is None:
        raise InvalidInput("the local stack names no admin: give --token")
    login = (admin.email, admin.password.get_secret_value()) if admin else None
    return ApiSession(stack.api, token=token, login=login)


def target_for(
    to: Destination,
    stack: Stack | None,
    *,
    endpoint_url: str | None = None,
    stream: str | None = None,
    brokers: str | None = None,
    topic: str | None = None,
    api_url: str | None = None,
    token: str | None = None,
) -> Target:
    """The target that ``to`` names with these options; ``InvalidInput`` says which option is missing."""
    if to is Destination.KINESIS:
        return kinesis_target(stack, endpoint_url=endpoint_url, stream=stream)
    if to is Destination.KAFKA:
        from infra.commands.shared.kafka import kafka_target

        return kafka_target(brokers=brokers, topic=topic)
    return ApiTarget(api_session(stack, api_url=api_url, token=token))


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _kinesis_client(endpoint: str | None) -> KinesisClient:
    config = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "max_attempts": 1})
    if endpoint is not None and _is_loopback(endpoint):
        # An emulator accepts any credentials, so do not send it real ones.
        return boto3.client(
            "kinesis",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  (what emulators expect)
            config=config,
        )
    return boto3.client("kinesis", endpoint_url=endpoint, config=config)
