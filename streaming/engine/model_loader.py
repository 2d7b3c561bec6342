"""Loads the deployed scorers from Postgres, validates and caches them."""

from __future__ import annotations

import logging

from sqlalchemy import Connection

from risk.domain.errors import InvalidInput
from risk.features.catalog import BUILT_IN, Catalog
from risk.scoring.deployment import ModelStage
from risk.scoring.lightgbm_model import Model
from risk.scoring.manifest import DEFAULT, shipped
from risk.scoring.scorecard import SCORECARD
from risk.scoring.scorer import Scorer
from risk.store.models import models
from streaming.engine import metrics

logger = logging.getLogger(__name__)


class Scorers:
    """Finds scorers by version. An unusable one is refused, logged and counted."""

    def __init__(self) -> None:
        self.loaded: dict[str, Scorer] = {SCORECARD.version: SCORECARD}
        self._catalog = BUILT_IN

    def in_force(
        self, connection: Connection, stage: ModelStage, present: Scorer | None, catalog: Catalog = BUILT_IN
    ) -> tuple[Scorer, Scorer | None]:
        """Champion and challenger of ``stage``.

        If the champion is refused, the ``present`` one stays; at the start, when there is none, it is the
        shipped model, or the scorecard if that is refused, too. Vectors are in the order of ``catalog``.
        """
        self._catalog = catalog
        champion = self._find(connection, stage.champion) or self._of(present)
        if champion is None and stage.champion != shipped()["version"]:
            champion = self._find(connection, shipped()["version"])
        champion = champion or SCORECARD
        challenger = None if stage.challenger is None else self._find(connection, stage.challenger)
        if challenger is champion:
            challenger = None
        named = [champion, SCORECARD] if challenger is None else [champion, challenger, SCORECARD]
        self.loaded = {one.version: one for one in named}
        return champion, challenger

    def _find(self, connection: Connection, version: str) -> Scorer | None:
        if version not in self.loaded:
            try:
                self.loaded[version] = _load(connection, version)
            except InvalidInput as error:
                metrics.MODELS_REFUSED.inc()
                logger.error("model %s is refused: %s", version, error.detail)
        return self._of(self.loaded.get(version))

    def _of(self, scorer: Scorer | None) -> Scorer | None:
        """The scorer for vectors of the catalog; None if it would take a missing feature for 0."""
        try:
            return scorer.of(self._catalog) if isinstance(scorer, Model) else scorer
        except InvalidInput as error:
            metrics.MODELS_REFUSED.inc()
            logger.error("%s", error.detail)
            return None


def _load(connection: Connection, version: str) -> Scorer:
    stored = models.body(connection, version)
    if stored is not None:
        return Model.read(*stored)
    if version == shipped()["version"]:
        return Model.load(DEFAULT)
    raise InvalidInput("the database does not have this model")
