"""The services that other tests stand on."""

from __future__ import annotations

import json

import psycopg
import pytest
import redis

from tests.services import Services

pytestmark = pytest.mark.integration


def test_each_test_has_a_database_of_its_own_with_the_newest_schema(services: Services) -> None:
    one, two = services.database(), services.database()
    with psycopg.connect(one, autocommit=True) as connection:
        connection.execute("create table only_here (id int)")
    with psycopg.connect(two) as connection:
        tables = {name for (name,) in connection.execute("select tablename from pg_tables")}
    assert {"users", "assessments", "alerts"} <= tables
    assert "only_here" not in tables


def test_a_stream_gives_back_what_was_put_into_it(services: Services) -> None:
    name = services.stream(shards=2)
    for key in ("a", "b", "c"):
        services.kinesis().put_record(StreamName=name, Data=json.dumps({"key": key}), PartitionKey=key)
    assert sorted(item["key"] for item in services.read(name)) == ["a", "b", "c"]


def test_each_valkey_is_empty(services: Services) -> None:
    for _ in range(2):
        with redis.Redis(port=services.valkey().port) as client:
            assert client.dbsize() == 0
            client.set("key", "value")
