"""The local services start, end, and come back after accidents."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from infra.local.services import postgres, valkey
from infra.local.stack.processes import Children, Guardian, LocalError, answers, free_port
from infra.local.stack.state import DataFolder, running, write_private

pytestmark = pytest.mark.integration

MakeChildren = Callable[[], Children]


@pytest.fixture
def make_children(tmp_path: Path) -> Iterator[MakeChildren]:
    made: list[Children] = []

    def make() -> Children:
        made.append(Children(tmp_path / "logs", Guardian()))
        return made[-1]

    yield make
    for children in made:
        children.stop_all()


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def dead(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_postgres_keeps_its_data_and_asks_for_its_password(make_children: MakeChildren, tmp_path: Path) -> None:
    children = make_children()
    server = postgres.start(children, tmp_path / "pg")
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create table kept (id int)")
        assert connection.execute("show synchronous_commit").fetchone() == ("on",)
        assert connection.execute("show fsync").fetchone() == ("on",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url().replace(server.password, "wrong"))
    assert (tmp_path / "pg" / "password").stat().st_mode & 0o777 == 0o600
    children.stop_all()
    assert not answers(server.port)

    again = postgres.start(make_children(), tmp_path / "pg")
    with psycopg.connect(again.url()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)


def test_postgres_starts_in_a_folder_whose_parents_are_closed(make_children: MakeChildren, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert answers(postgres.start(make_children(), closed / "pg").port)
    assert closed.stat().st_mode & 0o777 == 0o700


def test_postgres_starts_after_it_was_killed(make_children: MakeChildren, tmp_path: Path) -> None:
    first = postgres.start(make_children(), tmp_path / "pg")
    first.child.process.kill()
    first.child.process.wait()
    assert (tmp_path / "pg" / "data" / "postmaster.pid").exists()
    assert answers(postgres.start(make_children(), tmp_path / "pg").port)


def test_a_lock_file_with_the_id_of_another_program_does_not_keep_postgres_from_starting(
    make_children: MakeChildren, tmp_path: Path
) -> None:
    children = make_children()
    postgres.start(children, tmp_path / "pg")
    children.stop_all()
    (tmp_path / "pg" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
    assert answers(postgres.start(make_children(), tmp_path / "pg").port)


def test_an_orphaned_postgres_makes_way(make_children: MakeChildren, tmp_path: Path) -> None:
    orphan = postgres.start(make_children(), tmp_path / "pg")
    postgres.start(make_children(), tmp_path / "pg")
    assert orphan.child.process.wait(10) == 0


def test_valkey_keeps_nothing_on_disk(make_children: MakeChildren) -> None:
    import redis

    with redis.Redis.from_url(valkey.start(make_children()).url) as client:
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("appendonly") == {"appendonly": "no"}


def test_a_supervisor_killed_at_once_leaves_no_process_and_no_folder(tmp_path: Path) -> None:
    program = """
import sys, time
from pathlib import Path
from infra.local.stack.processes import Children, Guardian
folder = Path(sys.argv[1])
guardian = Guardian()
children = Children(folder, guardian)
guardian.tell(f"remove {folder / 'temporary'}")
(folder / "temporary").mkdir()
stubborn = "import signal,time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"
nest = f"import subprocess,sys; subprocess.Popen([sys.executable,'-c',{stubborn!r}]).wait()"
apart = f"import subprocess,sys,os; os.setsid() if os.getpid() != os.getsid(0) else 0; "
apart += f"subprocess.Popen([sys.executable,'-c',{stubborn!r}], start_new_session=True).wait()"
pids = [children.start(n, [sys.executable, "-c", c]).process.pid for n, c in [("nest", nest), ("apart", apart)]]
print(*pids, guardian._process.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        wait_for(lambda: all(psutil.Process(pid).children() for pid in pids[:2]))
        everyone = [child.pid for pid in pids[:2] for child in psutil.Process(pid).children()] + pids
        supervisor.kill()
    wait_for(lambda: all(dead(pid) for pid in everyone))
    assert not (tmp_path / "temporary").exists()


def test_a_child_that_fails_is_told_with_the_end_of_its_log(make_children: MakeChildren) -> None:
    children = make_children()
    with pytest.raises(LocalError, match=r"(?s)broken ended with code 3.*the reason.*Try again"):
        children.run("broken", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], hint="Try again.")


def test_a_child_that_dies_while_awaited_is_told_at_once(make_children: MakeChildren) -> None:
    children = make_children()
    child = children.start("short", [sys.executable, "-c", "print('no luck')"])
    began = time.monotonic()
    with pytest.raises(LocalError, match="no luck"):
        children.wait_until(child, lambda: False, seconds=60)
    assert time.monotonic() - began < 10


def test_stopping_ends_grandchildren_too(make_children: MakeChildren) -> None:
    children = make_children()
    nest = "import subprocess,sys; subprocess.Popen([sys.executable,'-c','import time; time.sleep(600)']).wait()"
    child = children.start("nest", [sys.executable, "-c", nest])
    wait_for(lambda: bool(psutil.Process(child.process.pid).children()))
    inner = psutil.Process(child.process.pid).children()[0].pid
    children.stop(child)
    wait_for(lambda: dead(inner))


def test_a_taken_port_gives_the_next_free_one() -> None:
    import socket

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        assert taken < free_port(taken) <= taken + 100


def test_a_data_folder_is_refused_while_another_stack_uses_it(tmp_path: Path) -> None:
    folder = DataFolder.take(tmp_path / "data")
    with pytest.raises(LocalError, match="already runs"):
        DataFolder.take(tmp_path / "data")
    folder.release()
    DataFolder.take(tmp_path / "data").release()


def test_a_data_folder_emptied_keeps_only_its_lock(tmp_path: Path) -> None:
    folder = DataFolder.take(tmp_path / "data")
    first = folder.users()
    assert folder.users() == first
    assert (folder.path / "users.json").stat().st_mode & 0o777 == 0o600
    (folder.path / "postgres" / "data").mkdir(parents=True)
    folder.empty()
    assert [entry.name for entry in folder.path.iterdir()] == ["lock"]
    assert folder.users() != first
    folder.release()


def test_a_stack_whose_supervisor_is_gone_does_not_run(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    write_private(tmp_path / "stack.json", {"pids": {"supervisor": gone.pid}})
    assert running(tmp_path) is None
    write_private(tmp_path / "stack.json", {"pids": {"supervisor": os.getpid()}})
    assert running(tmp_path) == {"pids": {"supervisor": os.getpid()}}


def test_a_signal_meant_for_the_guardian_does_not_end_it(tmp_path: Path) -> None:
    guardian = Guardian()
    time.sleep(0.5)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        guardian._process.send_signal(number)
    time.sleep(0.2)
    assert guardian._process.poll() is None
    guardian.dismiss()
