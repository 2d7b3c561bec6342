"""The policy that a command judges by, when no engine runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from risk.errors import InvalidInput

# The rest is imported when it runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from streaming.policy import Policy


def offline_policy(model: Path | None, database_url: str | None) -> Policy:
    """The policy of a database, or the default configuration without rules and ``model`` (the shipped one if None).

    Raises ``InvalidInput`` when the database has no configuration.
    """
    from risk.configuration import Configuration
    from risk.manifest import DEFAULT
    from risk.model import Model
    from risk.rules import RuleSet
    from risk.store import configurations
    from risk.store.engine import create_pool
    from streaming.policy import Policy, read_policy
    from streaming.scorers import Scorers

    if database_url is None:
        first = Configuration(version=0, changed_at=datetime.now(UTC), changed_by="risk score", reason="the defaults")
        return Policy(first, 0, RuleSet.build([], []), Model.load(model or DEFAULT))
    engine = create_pool(database_url, application="risk score")
    try:
        with engine.connect() as connection:
            configuration = configurations.current(connection)
            if configuration is None:
                raise InvalidInput(
                    "this database has no configuration yet: start an engine on it once, or leave it out"
                )
            return read_policy(connection, configuration, Scorers())
    finally:
        engine.dispose()
