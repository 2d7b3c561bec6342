"""Check results, and how checks are run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.stages import Stage

_CONFIG = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "max_attempts": 2})


class Status(StrEnum):
    """The outcome of a check. ``unknown`` means that AWS denied access."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Result:
    """One finding: what was seen, and what to do if it is not healthy."""

    name: str
    status: Status
    seen: str
    next_step: str = ""

    def as_json(self) -> dict[str, Any]:
        """The result as a value for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Account:
    """The AWS account of a stage, reached with the environment's credentials."""

    stage: Stage

    def client(self, service: str, region: str = "") -> Any:
        """A client of boto3 in the region of the stage, or in ``region``."""
        return boto3.client(service, region_name=region or self.stage.region, config=_CONFIG)  # type: ignore[call-overload]


Check = Callable[[Account], Iterable[Result]]


def judge(name: str, well: bool, seen: str, next_step: str) -> Result:
    """A passed result, or a failed one with its next step."""
    return Result(name, Status.OK, seen) if well else Result(name, Status.FAILED, seen, next_step)


def run(checks: Iterable[Check], account: Account) -> Iterator[Result]:
    """Run each check; one that AWS denies is unknown, and the others continue."""
    for check in checks:
        name = check.__name__.removeprefix("check_").replace("_", " ")
        try:
            yield from check(account)
        except ClientError as error:
            code, operation = error.response.get("Error", {}).get("Code", "error"), error.operation_name
            yield Result(
                name, Status.UNKNOWN, f"{operation}: {code}", "Sign in as somebody who may call this operation."
            )
        except BotoCoreError as error:
            yield Result(name, Status.UNKNOWN, str(error), "Check the network and the region, then run it again.")
