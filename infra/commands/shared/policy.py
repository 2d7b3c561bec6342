"""The scoring policy of commands that run without an engine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from risk.domain.errors import InvalidInput

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from streaming.engine.policy import Policy


def offline_policy(model: Path | None, database_url: str | None) -> Policy:
    """The policy of a database, or the default configuration without rules and ``model`` (the shipped one if None).

    Raises ``InvalidInput`` when the database has no configuration.
    """
    from risk.alerts.configuration import Configuration
    from risk.rules.evaluator import RuleSet
    from risk.scoring.lightgbm_model import Model
    from risk.scoring.manifest import DEFAULT
    from risk.store.config import configurations
    from risk.store.db.engine import create_pool
    from streaming.engine.model_loader import Scorers
    from streaming.engine.policy import Policy, read_policy

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
