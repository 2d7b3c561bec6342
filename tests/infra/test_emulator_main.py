"""What is changed in the emulator."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from ministack.services import lambda_svc  # type: ignore[import-untyped]

from infra.local.services.emulator_main import MOST_WORKERS, Mapping, SideBySide, change

SLOW, QUICK = (
    ("000000000000", "us-east-1", {"UUID": name, "EventSourceArn": f"arn:aws:kinesis:us-east-1:0:stream/{name}"})
    for name in ("slow", "quick")
)


def test_a_function_that_starts_slowly_holds_up_no_other_reader_of_streams() -> None:
    mappings = [SLOW, QUICK]
    released, polled = threading.Event(), threading.Event()

    def poll() -> bool:
        for *_, mapping in side_by_side.mappings():
            if mapping["UUID"] == "slow":
                released.wait(10)
            else:
                polled.set()
        return False

    def listed() -> Iterator[Mapping]:
        return iter(list(mappings))

    side_by_side = SideBySide(poll, listed)
    try:
        for _ in range(3):
            assert side_by_side.poll() is False
        assert polled.wait(5)
        assert len(list(side_by_side.mappings())) == 2, "queues are still polled by the first thread"
        threads = {each for each in threading.enumerate() if each.name.endswith("(_run)")}
        assert len(threads) == 2, "a mapping has one thread"
    finally:
        released.set()
        mappings.clear()
    deadline = time.monotonic() + 5
    while any(each.is_alive() for each in threads) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(each.is_alive() for each in threads), "the thread of a mapping that is gone ends"


def test_no_more_than_a_few_workers_are_started_for_many_requests_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    workers: list[object] = []

    def acquire(*_: object, max_concurrency: int | None = None) -> tuple[object | None, str]:
        if max_concurrency is not None and len(workers) >= max_concurrency:
            return (workers[0], "reused") if free.is_set() else (None, "func_cap")
        workers.append(object())
        return workers[-1], "spawn"

    free = threading.Event()
    for name in ("acquire_worker", "_iter_all_esms", "_poll_kinesis"):
        monkeypatch.setattr(lambda_svc, name, acquire if name == "acquire_worker" else getattr(lambda_svc, name))
    change()
    asking = [threading.Thread(target=lambda_svc.acquire_worker) for _ in range(3 * MOST_WORKERS)]
    for each in asking:
        each.start()
    time.sleep(1)
    free.set()
    for each in asking:
        each.join(10)
    assert len(workers) == MOST_WORKERS
