"""Both emulators of AWS, for tests of what the system relies on. One that does not start fails them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from infra.local.services import localstack
from infra.local.services.emulator import REGION, client_config
from infra.local.stack.processes import Children, Guardian
from tests.services import Services

if TYPE_CHECKING:
    from mypy_boto3_kinesis.client import KinesisClient
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_secretsmanager.client import SecretsManagerClient
    from mypy_boto3_sqs.client import SQSClient


@dataclass(frozen=True)
class Cloud:
    """A running emulator, by the endpoint that its clients are given."""

    endpoint: str

    @property
    def kinesis(self) -> KinesisClient:
        found: KinesisClient = self.client("kinesis")
        return found

    @property
    def s3(self) -> S3Client:
        found: S3Client = self.client("s3")
        return found

    @property
    def secrets(self) -> SecretsManagerClient:
        found: SecretsManagerClient = self.client("secretsmanager")
        return found

    @property
    def queues(self) -> SQSClient:
        found: SQSClient = self.client("sqs")
        return found

    def stream(self, shards: int = 1) -> str:
        """Make an empty stream, and give its name."""
        name = f"test-{uuid.uuid4().hex[:12]}"
        self.kinesis.create_stream(StreamName=name, ShardCount=shards)
        self.wait(name)
        return name

    def wait(self, stream: str) -> None:
        """Wait until ``stream`` is active."""
        waiter = self.kinesis.get_waiter("stream_exists")
        waiter.wait(StreamName=stream, WaiterConfig={"Delay": 1, "MaxAttempts": 30})

    def client(self, service: Any) -> Any:
        """A client of one of its services."""
        options: Any = {"endpoint_url": self.endpoint, "region_name": REGION, "config": client_config()}
        return boto3.client(service, aws_access_key_id="test", aws_secret_access_key="test", **options)


@pytest.fixture(scope="session")
def local_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """LocalStack; its environment is made first if there is none yet."""
    folder = tmp_path_factory.mktemp("localstack")
    children = Children(folder / "logs", Guardian())
    try:
        yield Cloud(localstack.start(children, folder).endpoint)
    finally:
        children.stop_all()


@pytest.fixture(params=["default", "localstack"])
def cloud(request: pytest.FixtureRequest) -> Cloud:
    """Each emulator in turn."""
    if request.param == "localstack":
        found: Cloud = request.getfixturevalue("local_stack")
        return found
    services: Services = request.getfixturevalue("services")
    return Cloud(services.endpoint)
