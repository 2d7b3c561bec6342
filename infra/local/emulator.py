"""The emulator of AWS (ministack) on a free port of 127.0.0.1. It starts empty and keeps nothing."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local.processes import Child, Children, answers, free_port

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


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    port: int
    child: Child

    @property
    def endpoint(self) -> str:
        """The URL that every AWS client is given."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to talk to the emulator, and to no real AWS account by mistake."""
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.endpoint, "AWS_EC2_METADATA_DISABLED": "true"}


def start(children: Children, temporary: Path) -> Emulator:
    """Start an emulator whose temporary files, code of Lambdas and all, are in a folder in ``temporary``."""
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
        "AWS_LAMBDA_RUNTIME_API": "",
        "PYTHONPATH": "",
    }
    # Not from the project's folder: a Lambda must find the project in its bundle only.
    command = [sys.executable, "-m", "infra.local.emulator_main"]
    # It has nothing to save, and waits for its clients' connections when asked kindly.
    child = children.start(
        "emulator", command, env=environment, cwd=temporary, stop_signal=signal.SIGKILL, service=True
    )
    children.wait_until(child, lambda: answers(port), seconds=60)
    return Emulator(port, child)


def client_config() -> Config:
    """Give settings for boto3 clients of the emulator: short waits, few retries."""
    from botocore.config import Config

    return Config(connect_timeout=3, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 3})
