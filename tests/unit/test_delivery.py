"""Sending: on time, again after trouble, and counted so that nothing is claimed that did not get through."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from infra.commands.replay import replay
from infra.commands.shared.api_session import ApiSession
from infra.commands.shared.connection import target_for
from infra.commands.shared.delivery import TICK, ApiTarget, Attempt, Delivery, paced
from infra.commands.shared.terminal import Destination, interruptible
from infra.commands.simulate import simulate as simulate_command
from risk.domain.errors import InvalidInput, Unavailable
from risk.domain.events import Event, Label
from streaming.importing.source import read_lines
from streaming.simulator import simulate

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
RECORDS = list(simulate(1, START, 5, label_delay=timedelta(seconds=5), seconds=120))
EVENTS = [record for record in RECORDS if isinstance(record, Event)]
LABELS = [record for record in RECORDS if isinstance(record, Label)]


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Flaky:
    """Takes nothing for the first ``down`` tries, then all but the last record, then everything."""

    def __init__(self, down: int) -> None:
        self.down = down
        self.taken: list[Event | Label] = []

    def send(self, records: Sequence[Event | Label]) -> Attempt:
        self.down -= 1
        if self.down >= 0:
            return Attempt(records, "connection refused")
        self.taken += records[:-1] if self.down == -1 else records
        return Attempt(records[-1:] if self.down == -1 else (), "throttled")

    def close(self) -> None:
        pass


def test_what_failed_is_sent_again_and_nothing_twice() -> None:
    target, time, said = Flaky(down=3), Time(), list[str]()
    delivery = Delivery(target, said.append, sleep=time.sleep, clock=time)
    delivery.send(EVENTS[:10])
    assert target.taken == EVENTS[:10]
    assert (delivery.events, delivery.failed) == (10, 0)
    assert "connection refused" in said[0]
    assert said[-1] == "sending works again"


def test_it_gives_up_when_nothing_gets_through_and_counts_what_is_left_as_failed() -> None:
    time = Time()
    delivery = Delivery(Flaky(down=1000), lambda _: None, sleep=time.sleep, clock=time)
    with pytest.raises(Unavailable, match=r"gave up after 120 s.*connection refused"):
        delivery.send(EVENTS[:10])
    assert (delivery.events, delivery.failed) == (0, 10)
    assert 120 < time.now < 150


def test_an_interruption_counts_what_was_not_confirmed_as_failed() -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    delivery = Delivery(Flaky(down=0), lambda _: None, sleep=interrupt)
    with pytest.raises(KeyboardInterrupt):
        delivery.send(EVENTS[:10])
    assert (delivery.events, delivery.failed) == (9, 1)


def test_pacing_keeps_to_the_schedule_without_drift() -> None:
    time, lateness = Time(), list[float]()
    for batch in paced(range(5000), lambda number: number / 1000, clock=time, sleep=time.sleep):
        lateness += [time.now - number / 1000 for number in batch]
        time.sleep(0.01)  # what sending takes
    assert len(lateness) == 5000
    assert min(lateness) >= 0
    assert max(lateness) < TICK + 0.02


def test_after_a_delay_what_is_overdue_comes_at_once() -> None:
    time, sent = Time(), list[tuple[float, int]]()
    for batch in paced(range(100), lambda number: number / 10, clock=time, sleep=time.sleep):
        sent += [(time.now, number) for number in batch]
        if batch[0] == 10:
            time.sleep(3)
    assert [number for _, number in sent] == list(range(100))
    assert sent[11][0] == sent[39][0] == pytest.approx(4.0)
    assert sent[99][0] == pytest.approx(9.9, abs=TICK)


def api(handler: Callable[[httpx.Request], httpx.Response], **options: str) -> ApiTarget:
    login = ("admin@example.com", "secret")
    transport = httpx.MockTransport(handler)
    return ApiTarget(ApiSession("http://api.test/base/", login=login, transport=transport, **options))


def accepted(request: httpx.Request) -> httpx.Response:
    items = [{"event_id": event["event_id"], "status": "accepted"} for event in json.loads(request.content)]
    return httpx.Response(202, json={"accepted": len(items), "rejected": 0, "items": items})


def test_the_api_is_signed_in_to_once_and_again_when_the_token_has_run_out() -> None:
    logins = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal logins
        if request.url.path == "/base/api/v1/auth/login":
            logins += 1
            return httpx.Response(200, json={"access_token": f"token-{logins}"})
        current = request.headers["authorization"] == "Bearer token-2"
        return accepted(request) if current else httpx.Response(401, json={"detail": "expired"})

    target = api(handler)
    for events in (EVENTS[:600], EVENTS[:1]):
        attempt = target.send(events)
        assert (len(attempt.again), len(attempt.refused)) == (0, 0)
    assert logins == 2


def test_a_token_that_may_not_write_is_an_error_that_says_so() -> None:
    target = api(lambda _: httpx.Response(403, json={"detail": "your role does not allow this"}), token="t")
    with pytest.raises(Unavailable, match="your role does not allow this"):
        target.send(EVENTS[:1])


def test_the_api_gets_no_labels_and_they_count_as_refused() -> None:
    delivery = Delivery(api(accepted, token="t"), lambda _: None)
    delivery.send([*EVENTS[:3], *LABELS[:2]])
    assert delivery.sent.total() == 3
    assert delivery.refused.total() == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_api_in_trouble_is_tried_again(status: int) -> None:
    target = api(lambda _: httpx.Response(status, json={"detail": "later"}), token="t")
    attempt = target.send(EVENTS[:600])
    assert list(attempt.again) == EVENTS[:600]
    assert attempt.trouble == f"{status} later"


def test_an_event_that_the_stream_did_not_take_is_sent_again() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        answer = json.loads(accepted(request).content)
        answer["items"][1] |= {"status": "failed", "detail": "throttled"}
        return httpx.Response(202, json=answer)

    attempt = api(handler, token="t").send(EVENTS[:5])
    assert list(attempt.again) == [EVENTS[1]]
    assert attempt.trouble == "throttled"


def test_one_bad_event_does_not_take_its_list_with_it() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        answer = json.loads(accepted(request).content)
        answer["items"][17] |= {"status": "refused", "field": "amount", "detail": "amount: too long"}
        return httpx.Response(202, json=answer)

    attempt = api(handler, token="t").send(EVENTS[:50])
    assert attempt.refused == [(EVENTS[17], "422 amount: too long")]
    assert not attempt.again


def test_a_list_that_is_too_large_is_sent_in_parts() -> None:
    sizes: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sizes.append(len(json.loads(request.content)))
        return accepted(request) if sizes[-1] <= 20 else httpx.Response(413, json={"detail": "too large"})

    attempt = api(handler, token="t").send(EVENTS[:50])
    assert (attempt.refused, list(attempt.again), sizes) == ([], [], [50, 25, 12, 13, 25, 12, 13])


def test_an_unreachable_api_is_trouble_not_a_traceback() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused", request=request)

    assert api(handler).send(EVENTS[:2]).trouble == "ConnectError: connection refused"


@pytest.mark.parametrize("to", list(Destination))
def test_with_no_local_stack_the_error_says_what_to_give(to: Destination) -> None:
    # The local stack has no Kafka: there it is the broker that has to be given.
    with pytest.raises(InvalidInput, match=r"--brokers" if to is Destination.KAFKA else r"risk up.*--"):
        target_for(to, None)


def test_an_interruption_waits_for_the_answer_to_what_is_being_sent() -> None:
    with interruptible() as interruption:
        signal.raise_signal(signal.SIGTERM)  # while sending: held back
        with pytest.raises(KeyboardInterrupt):
            interruption.sleep(60)


def test_a_second_interruption_does_not_wait() -> None:
    with interruptible():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def command(function: Callable[..., None], *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(function)
    return CliRunner().invoke(app, arguments)


def test_a_simulated_file_holds_what_the_summary_says(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    options = ["--to", "file", "--out", str(file), "--rate", "5", "--seconds", "120", "--label-delay", "20", "--json"]
    result = command(simulate_command, *options)
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    records = list(read_lines(file, datetime.now(UTC)))
    assert summary["events"] == sum(isinstance(record, Event) for record in records) == 600
    assert summary["labels"] == sum(isinstance(record, Label) for record in records) > 0
    assert sum(summary["fraud"].values()) > 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "file", "--out", "x.jsonl"], "--seconds"),
        (["--to", "file", "--seconds", "1"], "--out"),
        (["--start", "tomorrow"], "not a date"),
        (["--start", "2026-01-01T00:00:00"], "time zone"),
        (["--start", "2199-01-01T00:00:00Z"], "future"),
        (["--rate", "0"], "rate"),
        ([], "risk up"),
    ],
)
def test_a_wrong_command_ends_with_two_and_a_sentence(options: list[str], said: str, tmp_path: Path) -> None:
    result = command(simulate_command, *options, "--data-dir", str(tmp_path))
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_replaying_a_file_that_is_no_table_ends_with_two_and_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "broken.parquet"
    file.write_bytes(b"no table")
    result = command(replay, str(file), "--endpoint-url", "http://127.0.0.1:9", "--data-dir", str(tmp_path))
    assert result.exit_code == 2
    assert "not a parquet file" in result.stderr
