"""The environment of an engine on this machine's services."""

from __future__ import annotations

from collections.abc import Mapping

from infra.local.services.valkey import Valkey


def engine_environment(
    aws: Mapping[str, str], database_url: str, cache: Valkey, *, stage: str, events: str, updates: str, epoch: str
) -> dict[str, str]:
    """The variables for an engine of ``stage`` between two streams; ``aws`` leads to the emulator."""
    user, password = cache.login("engine")
    return {
        **aws,
        "STAGE": stage,
        "DATABASE_URL": database_url,
        "DATABASE_SECRET": "",
        "REDIS_HOST": "127.0.0.1",
        "REDIS_PORT": str(cache.port),
        "REDIS_USERNAME": user,
        "REDIS_PASSWORD": password,
        "REDIS_TLS": "false",
        "EVENTS_STREAM": events,
        "UPDATES_STREAM": updates,
        "STREAM_EPOCH": epoch,
    }
