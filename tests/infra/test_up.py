"""``risk up``, as a person or a script runs it: from nothing to live assessments, and back to nothing."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psutil
import pytest
from websockets.sync.client import ClientConnection, connect

from infra.local.stack.processes import answers
from tests.receiver import Receiver

pytestmark = pytest.mark.integration
READY_SECONDS = 240


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def dead(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@dataclass
class Up:
    """A ``risk up`` that is ready."""

    process: subprocess.Popen[str]
    stack: dict[str, Any]
    folder: Path
    family: list[int]

    def ports(self) -> list[int]:
        names = ("api", "ws", "endpoint", "engine", "database_url", "valkey_url")
        return [port for name in names if (port := urlsplit(self.stack[name]).port)]

    def left_nothing(self) -> bool:
        """No process that was ever seen, no port that answers, no temporary folder."""
        files = list((self.folder / "tmp").glob("*")) + list(self.folder.glob("stack.json"))
        return all(map(dead, self.family)) and not any(map(answers, self.ports())) and not files

    def token(self, role: str) -> str:
        login = httpx.post(f"{self.stack['api']}/api/v1/auth/login", json=self.stack["users"][role], timeout=30)
        assert login.status_code == 200, login.text
        return str(login.json()["access_token"])


@contextmanager
def up(folder: Path, *options: str) -> Iterator[Up]:
    command = [sys.executable, "-m", "infra.cli", "up", "--json", "--no-frontend", "--data-dir", str(folder), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        family = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
        yield Up(process, json.loads(line), folder, family)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(40)
        process.stdout.close()
        process.stderr.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Up]:
    with up(folder, "--no-simulator") as ready:
        yield ready


def open_socket(running: Up, token: str) -> ClientConnection:
    headers = {"Authorization": f"Bearer {token}"}
    ticket = httpx.post(f"{running.stack['api']}/api/v1/auth/ws-ticket", headers=headers, timeout=30).json()["ticket"]
    return connect(f"{running.stack['ws']}?ticket={ticket}", open_timeout=30)


def next_assessment(socket: ClientConnection, event_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        message = json.loads(socket.recv(timeout=20))
        if message["type"] == "assessments":
            for item in message["items"]:
                if item["event_id"] == event_id:
                    return dict(item)
    raise AssertionError(f"{event_id} never came")


def an_event() -> dict[str, Any]:
    return {
        "event_type": "payment",
        "occurred_at": datetime.now(UTC).isoformat(),
        "account_id": f"account-{uuid4().hex[:8]}",
        "counterparty_id": "shop-1",
        "amount": "12.50",
        "currency": "EUR",
    }


def test_an_event_posted_to_the_api_is_seen_live_within_a_second(running: Up) -> None:
    token = running.token("admin")
    headers = {"Authorization": f"Bearer {token}"}
    with (
        open_socket(running, token) as socket,
        httpx.Client(base_url=running.stack["api"], headers=headers, timeout=30) as client,
    ):
        took = []
        for _ in range(25):
            began = time.monotonic()
            answer = client.post("/api/v1/events", json=an_event())
            assert answer.status_code == 202, answer.text
            item = next_assessment(socket, answer.json()["event_id"])
            took.append(time.monotonic() - began)
            assert item["level"] in {"LOW", "MEDIUM", "HIGH", "CRITICAL"}
    # The first may pay for what is made on first use.
    assert statistics.quantiles(took[1:], n=20)[-1] < 1.0, took


def test_the_api_says_that_all_is_well(running: Up) -> None:
    health = httpx.get(f"{running.stack['api']}/api/v1/health", timeout=10)
    assert health.json() == {"status": "healthy", "database": "connected", "streaming": "active"}


def test_a_webhook_on_this_machine_is_told_of_an_alert_that_somebody_acts_on(running: Up) -> None:
    receiver = Receiver().up()
    headers = {"Authorization": f"Bearer {running.token('admin')}"}
    try:
        with httpx.Client(base_url=f"{running.stack['api']}/api/v1", headers=headers, timeout=30) as client:
            made = client.post("/webhooks", json={"name": "here", "url": receiver.url}).json()
            receiver.secret = made["secret"]
            assert client.post(f"/webhooks/{made['id']}/test").status_code == 202
            wait_for(lambda: len(receiver.taken) == 1, 30)
            policy = client.get("/config").json()
            policy["alert_policy"]["min_level"] = "LOW"
            change = {name: policy[name] for name in ("thresholds", "alert_policy")} | {"reason": "a test"}
            assert client.put("/config", json=change).status_code == 200
            time.sleep(2)  # until the engine judges by it
            client.post("/events", json=an_event())
            wait_for(lambda: [one.body["type"] for one in receiver.taken] == ["webhook.test", "alert.opened"], 30)
            alert = client.post("/alerts/next").json()
            client.post(f"/alerts/{alert['id']}/resolve", json={"disposition": "false_positive"})
            wait_for(lambda: receiver.taken[-1].body["type"] == "alert.resolved", 30)
            assert all(one.verified for one in receiver.taken)
            change["alert_policy"]["min_level"] = "HIGH"
            client.put("/config", json=change)
    finally:
        receiver.down()


def test_the_audit_log_is_signed_by_the_clock(running: Up) -> None:
    headers = {"Authorization": f"Bearer {running.token('admin')}"}
    url = f"{running.stack['api']}/api/v1/audit/checkpoint"

    def size() -> int:
        answer = httpx.get(url, headers=headers, timeout=30)
        return answer.json()["size"] if answer.status_code == 200 else -1

    before = size()  # and the sign-in above is a record more
    wait_for(lambda: size() > max(before, 0), 150)


def test_smoke_passes_here_and_says_what_to_do_where_someone_is_not_let_in(running: Up) -> None:
    command = [sys.executable, "-m", "infra.cli", "smoke", "--data-dir", str(running.folder)]
    good = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stdout + good.stderr
    checks = json.loads(good.stdout)["checks"]
    assert [check["passed"] for check in checks] == [True] * 7
    email = running.stack["users"]["admin"]["email"]
    bad = subprocess.run(
        [*command, "--email", email, "--password-stdin"], input="not it\n", capture_output=True, text=True, check=False
    )
    assert bad.returncode == 1
    assert "FAILED  sign in: the address or the password is wrong" in bad.stdout
    assert "next: set a password" in bad.stdout
    assert "post an event: not tried" in bad.stdout


def test_requests_at_the_same_time_are_all_answered(running: Up) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(12) as pool:
        url = f"{running.stack['api']}/api/v1/health"
        codes = list(pool.map(lambda _: httpx.get(url, timeout=60).status_code, range(60)))
    assert set(codes) == {200}


def test_everything_listens_on_this_machine_only(running: Up) -> None:
    everyone = [psutil.Process(pid) for pid in running.family if psutil.pid_exists(pid)]
    listening = [
        connection
        for process in everyone
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 4
    assert {connection.laddr.ip for connection in listening} == {"127.0.0.1"}


def test_status_tells_what_runs(running: Up) -> None:
    command = [sys.executable, "-m", "infra.cli", "status", "--json", "--data-dir", str(running.folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    told = json.loads(done.stdout)
    assert told["well"]
    assert told["url"] == running.stack["url"]


def test_the_same_data_folder_is_refused_to_a_second_stack(running: Up) -> None:
    command = [sys.executable, "-m", "infra.cli", "up", "--json", "--data-dir", str(running.folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert not done.stdout
    assert "already runs" in done.stderr
    assert "--data-dir" in done.stderr


def test_an_engine_that_dies_is_started_again(running: Up) -> None:
    before = running.stack["pids"]["engine"]
    os.kill(before, signal.SIGKILL)

    def well() -> bool:
        try:
            return httpx.get(running.stack["engine"], timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    wait_for(lambda: not well(), 10)
    wait_for(well, 90)
    told = json.loads((running.folder / "stack.json").read_text())
    assert told["pids"]["engine"] != before
    running.family.append(told["pids"]["engine"])


@pytest.mark.timeout(READY_SECONDS * 2)
def test_killed_outright_it_leaves_nothing_and_starts_again_with_its_data(running: Up) -> None:
    headers = {"Authorization": f"Bearer {running.token('viewer')}"}
    query = f"{running.stack['api']}/api/v1/risk/history?limit=100"
    with open_socket(running, running.token("admin")) as socket:
        writer = {"Authorization": f"Bearer {running.token('admin')}"}
        answer = httpx.post(f"{running.stack['api']}/api/v1/events", json=an_event(), headers=writer, timeout=30)
        next_assessment(socket, answer.json()["event_id"])
    before = {item["event_id"] for item in httpx.get(query, headers=headers, timeout=30).json()["items"]}
    assert before
    running.process.kill()
    running.process.wait()
    wait_for(running.left_nothing, 20)

    began = time.monotonic()
    with up(running.folder, "--no-simulator") as again:
        assert time.monotonic() - began < READY_SECONDS
        headers = {"Authorization": f"Bearer {again.token('viewer')}"}
        query = f"{again.stack['api']}/api/v1/risk/history?limit=100"
        after = {item["event_id"] for item in httpx.get(query, headers=headers, timeout=30).json()["items"]}
        assert before <= after
        again.process.send_signal(signal.SIGINT)
        assert again.process.wait(40) == 0
        wait_for(again.left_nothing, 5)
        assert (running.folder / "postgres").exists()


@pytest.mark.parametrize("seconds", [0.2, 2.0, 4.0])
def test_stopped_while_it_starts_it_leaves_nothing(tmp_path: Path, seconds: float) -> None:
    command = [sys.executable, "-m", "infra.cli", "up", "--json", "--no-frontend", "--data-dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for((tmp_path / "lock").exists, 20)
    time.sleep(seconds)
    family = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=40)
    assert (process.returncode, out, errors) == (0, "", "")
    wait_for(lambda: all(map(dead, family)), 5)
    assert not list((tmp_path / "tmp").glob("*"))
