"""The parser beside the engine says what the one inside would, and does not outlive whom it works for."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from streaming.engine.sources.parsing import ParserProcess, Read, Unread, parse_all
from tests.streaming.engine import wait_for
from tests.streaming.events import events, label_record, record

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def records() -> list[bytes]:
    made = events(20, seed=91)
    event = json.loads(record(made[0]).data)
    later = (NOW + timedelta(days=1)).isoformat()
    odd = [
        event | {"currency": "gold"},
        event | {"occurred_at": later},
        event | {"attributes": {"a": None, "b": True, "c": 1.5, "d": "x", "e": 2**53}},
        {"event_id": event["event_id"], "text": "x" * 20_000},
        event | {"event_id": None},
    ]
    good = [record(one).data for one in made] + [label_record(made[1], days=2, fraud=True).data]
    return [*good, *(json.dumps(one).encode() for one in odd), b"{", b"", b"\xff", b"[1]"]


def test_both_parsers_say_the_same() -> None:
    parser = ParserProcess()
    try:
        assert parser([], NOW) == []
        said = parser(records(), NOW)
    finally:
        parser.close()
    assert said == parse_all(records(), NOW)
    assert sum(isinstance(one, Read) for one in said) == 21
    assert {one.reason for one in said if isinstance(one, Unread)} == {"invalid", "future", "oversized"}


def test_a_parser_that_is_gone_is_told_at_once() -> None:
    parser = ParserProcess()
    parser([], NOW)
    parser._process.kill()
    parser._process.wait()
    with pytest.raises(ChildProcessError):
        parser(records(), NOW)
    parser.close()


def test_a_parser_ends_with_whom_it_works_for() -> None:
    work = (
        "import os, signal\nfrom datetime import UTC, datetime\n"
        "from streaming.engine.sources.parsing import ParserProcess\n"
        "parser = ParserProcess()\nparser([], datetime.now(UTC))\n"
        "print(parser._process.pid, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", work], stdout=subprocess.PIPE, text=True, check=False)
    orphan = int(done.stdout)

    def ended() -> bool:
        return not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == psutil.STATUS_ZOMBIE

    wait_for(ended, 10)
