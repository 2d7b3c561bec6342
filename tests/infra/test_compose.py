"""``compose.yaml`` says what the rest of the project says. No container engine is needed, and none is run."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from infra import PROJECT
from infra.local.services import localstack


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]
    return found


def test_each_service_belongs_to_the_profile_it_should(services: dict[str, Any]) -> None:
    assert {name: one["profiles"] for name, one in services.items()} == {
        "postgres": ["services"],
        "valkey": ["services"],
        "localstack": ["localstack"],
        "app": ["app"],
    }


def test_every_port_is_of_this_machine_only(services: dict[str, Any]) -> None:
    ports = [port for one in services.values() for port in one.get("ports", [])]
    assert len(ports) == 3
    assert all(re.fullmatch(r"127\.0\.0\.1:\$\{\w+:-\d+\}:\d+", port) for port in ports)


def test_every_image_is_of_a_version(services: dict[str, Any]) -> None:
    images = [one["image"] for one in services.values() if "image" in one]
    assert len(images) == 3
    assert all(re.search(r":\d+\.\d+", image) for image in images)


def test_localstack_is_the_one_that_is_tested_and_serves_the_same(services: dict[str, Any]) -> None:
    (version,) = re.findall(r"^localstack-core==(.+)$", localstack.LOCK.read_text(), re.MULTILINE)
    assert services["localstack"]["image"] == localstack.IMAGE
    assert localstack.IMAGE.partition("@")[0] == f"localstack/localstack:{version}"
    assert services["localstack"]["environment"]["SERVICES"].split(",") == list(localstack.SERVICES)


def test_what_the_image_of_the_app_copies_is_there_and_let_through(services: dict[str, Any]) -> None:
    dockerfile = PROJECT / services["app"]["build"]["dockerfile"]
    lines = re.findall(r"^COPY (?:--\S+ )*(.+) \S+$", dockerfile.read_text(), re.MULTILINE)
    copied = {source for line in lines for source in line.split()}
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    assert copied
    assert {source for source in copied if not (PROJECT / source).exists()} == set()
    assert {source for source in copied if f"!{source}" not in ignored} == set()
