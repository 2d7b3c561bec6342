"""Puts to Kinesis: refused records are tried again, those that entered are not."""

from __future__ import annotations

from random import Random
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from risk.adapters.kinesis import MAX_RECORDS, PutFailure, Record, put_records


class Flaky:
    """A Kinesis that refuses each record the first ``times`` times it sees it."""

    def __init__(self, times: int) -> None:
        self.times, self.seen, self.entered = times, dict[bytes, int](), list[bytes]()

    def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        results: list[dict[str, str]] = []
        for record in Records:
            tries = self.seen[record["Data"]] = self.seen.get(record["Data"], 0) + 1
            if tries <= self.times and record["Data"].endswith(b"7"):
                results.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"})
            else:
                self.entered.append(record["Data"])
                results.append({"SequenceNumber": "1", "ShardId": "0"})
        return {"Records": results}


class Gone:
    def put_records(self, **_: object) -> dict[str, Any]:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")


RECORDS = [Record(f"key {number}", b"%d" % number) for number in range(1_234)]


class Throttled:
    """A Kinesis that refuses records by chance, and goes on with those behind them, as the service does."""

    def __init__(self, seed: int, chance: float = 0.4) -> None:
        self.random, self.chance, self.entered, self.calls = Random(seed), chance, dict[str, list[bytes]](), 0

    def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        results: list[dict[str, str]] = []
        for record in Records:
            if self.random.random() < self.chance:
                results.append({"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"})
            else:
                self.entered.setdefault(record["PartitionKey"], []).append(record["Data"])
                results.append({"SequenceNumber": "1", "ShardId": "0"})
        return {"Records": results}


@pytest.mark.parametrize("attempts", [1, 2, 30])
@given(st.integers(0, 10_000), st.lists(st.sampled_from("abc"), max_size=40))
def test_records_of_one_key_enter_in_order_whatever_is_throttled(attempts: int, seed: int, keys: list[str]) -> None:
    records = [Record(key, b"%d" % number) for number, key in enumerate(keys)]
    kinesis = Throttled(seed)
    failures = put_records(cast(Any, kinesis), "stream", records, attempts=attempts, sleep=lambda _: None)
    failed = {failure.index for failure in failures}
    for key in set(keys):
        numbers = [number for number, record in enumerate(records) if record.key == key]
        entered = [int(data) for data in kinesis.entered.get(key, [])]
        assert entered == numbers[: len(entered)]
        assert set(numbers[len(entered) :]) == failed & set(numbers)


def test_records_without_an_order_between_them_go_together() -> None:
    kinesis = Throttled(1, chance=0)
    put_records(cast(Any, kinesis), "stream", [Record("key", b"", order=str(number)) for number in range(500)])
    assert kinesis.calls == 1


def test_no_request_begins_after_the_timeout() -> None:
    kinesis = Throttled(1, chance=0)
    failures = put_records(cast(Any, kinesis), "stream", [Record("key", b"1"), Record("key", b"2")], timeout=0)
    assert [failure.code for failure in failures] == ["OutOfTime", "OutOfTime"]
    assert kinesis.calls == 0


def test_what_is_refused_is_tried_again_and_enters_once() -> None:
    kinesis, waits = Flaky(2), list[float]()
    assert put_records(cast(Any, kinesis), "stream", RECORDS, sleep=waits.append) == []
    assert sorted(kinesis.entered) == sorted(record.data for record in RECORDS)
    assert len(waits) == 2
    assert waits[0] < waits[1] * 2


def test_what_stays_refused_is_reported_by_its_index() -> None:
    failures = put_records(cast(Any, Flaky(99)), "stream", RECORDS, sleep=lambda _: None)
    assert [failure.index for failure in failures] == [n for n in range(1_234) if n % 10 == 7]
    assert failures[0].code == "ProvisionedThroughputExceededException"


def test_a_stream_that_is_gone_fails_every_record_and_raises_nothing() -> None:
    failures = put_records(cast(Any, Gone()), "stream", RECORDS[:3], attempts=2, sleep=lambda _: None)
    assert failures == [PutFailure(n, "EndpointConnectionError", failures[0].message) for n in range(3)]


@mock_aws
def test_more_than_a_call_takes_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    client = boto3.client("kinesis", region_name="eu-central-1")
    client.create_stream(StreamName="stream", ShardCount=1)
    assert put_records(client, "stream", RECORDS[: 2 * MAX_RECORDS + 1]) == []
