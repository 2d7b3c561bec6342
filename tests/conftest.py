"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.aws_calls import Recorder, recorded
from tests.services import Services, shared_services

# A test that forgets an endpoint must not reach a real account, nor read this machine's credentials.
os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1")
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "DATABASE_URL", "SECRET_KEY"):
    os.environ.pop(name, None)
# Tests run beside each other: LightGBM's threads would only wait, spinning, for cores that another test has.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# What starts something expensive once a worker (a stack with a browser, the CDK) stays on one worker.
_TOGETHER = {
    "tests/e2e/": "browser",
    "tests/infra/test_up.py": "stack",
    "tests/infra/test_edge_stack.py": "cdk",
    "tests/infra/test_stacks.py": "cdk",
    "tests/infra/test_first_deployment.py": "cdk",
    "tests/infra/test_networks.py": "cdk",
    "tests/infra/test_permissions.py": "cdk",
    "tests/contract/test_emulators.py": "emulators",
}


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each worker one test at a time, except for those that share what is expensive to start."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for path, group in _TOGETHER.items() if nodeid.startswith(path)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Postgres, Valkey and the emulator; see ``tests/services.py``."""
    own = tmp_path_factory.mktemp("services")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    with shared_services((base.parent if worker else base) / "shared-services", own) as found:
        yield found


@pytest.fixture(scope="session")
def aws_calls() -> Iterator[Recorder]:
    """Every call to AWS that functions and the engine make in this process."""
    with recorded() as recorder:
        yield recorder


@pytest.fixture(autouse=True)
def _calls_are_allowed(aws_calls: Recorder) -> Iterator[None]:
    """Fail a test in which code calls AWS beyond the permissions of its role."""
    yield
    denied, aws_calls.denied[:] = list(aws_calls.denied), []
    assert not denied, f"no role allows these calls (tests/aws_calls.py): {denied}"
