"""The emulator of AWS (ministack) on a free port of 127.0.0.1. It starts empty and keeps nothing."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.stack.processes import Child, Children, answers, free_port

if TYPE_CHECKING:
    from botocore.config import Config

REGION = "us-east-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_SESSION_TOKEN": "",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
}


_NAMES = {"secretsmanager": "SECRETS_MANAGER"}


class Choice(StrEnum):
    """Which emulator of AWS to run on."""

    DEFAULT = "default"
    LOCALSTACK = "localstack"


@dataclass(frozen=True)
class Emulator:
    """A running emulator. ``elsewhere`` maps services that another emulator serves, such as ``s3``, to endpoints."""

    port: int
    child: Child
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """The endpoint URL of AWS clients."""
        return f"http://127.0.0.1:{self.port}"

    def endpoint_of(self, service: str) -> str:
        """The endpoint URL of clients of this service."""
        return self.elsewhere.get(service, self.endpoint)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that talks to the emulator, and never to a real AWS account by mistake."""
        return {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            **_endpoints(self.elsewhere),
        }


def start(children: Children, temporary: Path, elsewhere: Mapping[str, str] | None = None) -> Emulator:
    """Start an emulator whose temporary files, Lambda code included, are in a folder in ``temporary``.

    Its Lambdas, too, are told of the services that are served ``elsewhere``.
    """
    temporary = (temporary / f"emulator-{children.guardian.mark[:8]}").resolve()
    temporary.mkdir(parents=True)
    children.guardian.tell(f"remove {temporary}")
    port = free_port()
    environment = {
        **CREDENTIALS,
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "TMPDIR": str(temporary),
        "S3_DATA_DIR": str(temporary / "s3"),
        "STATE_DIR": str(temporary / "state"),
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "DOCKER_HOST": f"unix://{temporary}/no-docker",  # never look for one
        "LOG_LEVEL": "WARNING",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        **_endpoints(elsewhere or {}),
        "AWS_LAMBDA_RUNTIME_API": "",
        "PYTHONPATH": "",
    }
    # Not in the project's folder: a Lambda must find the project's code in its bundle only.
    command = [sys.executable, "-m", "infra.local.services.emulator_main"]
    # It has nothing to save, and a graceful stop would wait for its clients' connections.
    child = children.start(
        "emulator", command, env=environment, cwd=temporary, stop_signal=signal.SIGKILL, service=True
    )
    children.wait_until(child, lambda: answers(port), seconds=60)
    return Emulator(port, child, elsewhere or {})


def _endpoints(elsewhere: Mapping[str, str]) -> dict[str, str]:
    """The environment variables in which AWS SDKs look for the endpoints of single services."""
    names = {service: _NAMES.get(service, service.upper()) for service in elsewhere}
    return {f"AWS_ENDPOINT_URL_{names[service]}": url for service, url in elsewhere.items()}


def client_config() -> Config:
    """boto3 client settings for the emulator: short timeouts, few retries."""
    from botocore.config import Config

    return Config(connect_timeout=3, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 3})
