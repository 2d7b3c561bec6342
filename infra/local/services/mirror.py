"""Copies ``risk-updates`` from the emulator that serves Kinesis to the one that runs the Lambdas.

There, event source mappings invoke the Lambdas, as in AWS. Run as a program: ``mirror.py STREAM FROM TO``, with the
endpoints of both.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import boto3

from infra.local.services.emulator import CREDENTIALS, REGION, Emulator, client_config
from infra.local.stack.processes import Child, Children
from risk.adapters.kinesis import Record, put_records
from streaming.engine.sources.admission import RawRecord
from streaming.engine.sources.kinesis import KinesisReader

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

_POLL_SECONDS = 0.02


def start(children: Children, emulator: Emulator, stream: str) -> Child:
    """Start copying all records of ``stream``, from its beginning."""
    command = [
        sys.executable,
        "-m",
        "infra.local.services.mirror",
        stream,
        emulator.endpoint_of("kinesis"),
        emulator.endpoint,
    ]
    return children.start("mirror", command, env=CREDENTIALS, append=True)


def main(stream: str, source: str, target: str) -> None:
    """Copy until SIGTERM. Records that the target rejects are retried; a program that ends is started again."""
    logging.basicConfig(level=logging.WARNING)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    put_to = _client(target)

    def carry(shard: str, records: Sequence[RawRecord]) -> None:
        waiting = [Record(shard, record.data) for record in records]
        while not stop.is_set() and (failures := put_records(put_to, stream, waiting)):
            waiting = [waiting[failure.index] for failure in failures]

    KinesisReader(stream, {}, stop, poll_interval=_POLL_SECONDS, connect=lambda: _client(source)).run(carry)


def _client(endpoint: str) -> KinesisClient:
    return boto3.client("kinesis", endpoint_url=endpoint, region_name=REGION, config=client_config())


if __name__ == "__main__":
    main(*sys.argv[1:])
