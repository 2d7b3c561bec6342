"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.services import Services, shared_services

# A test that forgets an endpoint must not reach a real account, nor read this machine's credentials.
os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1")
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "DATABASE_URL", "SECRET_KEY"):
    os.environ.pop(name, None)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Postgres, Valkey and the emulator; see ``tests/services.py``."""
    own = tmp_path_factory.mktemp("services")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    with shared_services((base.parent if worker else base) / "shared-services", own) as found:
        yield found
