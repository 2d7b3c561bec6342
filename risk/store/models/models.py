"""Models and their deployment stages. Both are append-only.

The shipped model and the scorecard have no row. A later release may ship another model, so
the one that a stage names is stored with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Row, Text, func, insert, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from risk.domain.errors import Conflict, NotFound
from risk.scoring.deployment import ModelStage
from risk.scoring.manifest import DEFAULT, MODEL_FILE, shipped
from risk.scoring.scorer import SCORECARD_VERSION
from risk.store.db.locks import Hold, hold
from risk.store.db.tables import model_stages, models

SYSTEM = "system"
NEVER = datetime.min.replace(tzinfo=UTC)


class ModelVersion(BaseModel):
    """A stored model; ``created_at`` is null for shipped ones."""

    version: str
    manifest: dict[str, Any]
    created_at: datetime | None
    created_by: str


class ModelStageChange(BaseModel):
    """A stage: who put it in force, when and why. ``back_to`` is the number of what a rollback restores.

    Number 0 is the initial stage: the shipped model, and no challenger.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    champion: str
    challenger: str | None
    back_to: int | None
    changed_at: datetime | None
    changed_by: str
    reason: str

    @property
    def stage(self) -> ModelStage:
        """The versions alone."""
        return ModelStage(champion=self.champion, challenger=self.challenger)


def _built_in() -> list[ModelVersion]:
    manifests: tuple[dict[str, Any], ...] = (shipped(), {"version": SCORECARD_VERSION})
    return [ModelVersion(version=one["version"], manifest=one, created_at=None, created_by=SYSTEM) for one in manifests]


def _first() -> ModelStageChange:
    version: str = shipped()["version"]
    return ModelStageChange(
        number=0,
        champion=version,
        challenger=None,
        back_to=None,
        changed_at=None,
        changed_by=SYSTEM,
        reason="first start: the model that ships",
    )


def add(connection: Connection, manifest: Mapping[str, Any], body: bytes, *, by: str, at: datetime) -> bool:
    """Store a model; False if the identical version is stored already."""
    added = connection.execute(
        upsert(models)
        .values(version=manifest["version"], manifest=dict(manifest), body=body, created_at=at, created_by=by)
        .on_conflict_do_nothing()
        .returning(models.c.version)
    )
    return added.one_or_none() is not None


def find(connection: Connection, version: str) -> ModelVersion:
    """One version, or ``NotFound``."""
    m = models.c
    query = select(m.version, m.manifest, m.created_at, m.created_by).where(m.version == version)
    row = connection.execute(query).one_or_none()
    if row is not None:
        return ModelVersion.model_validate(row._asdict())
    for one in _built_in():
        if one.version == version:
            return one
    raise NotFound(f"model {version} not found; GET /api/v1/models lists those that there are")


def body(connection: Connection, version: str) -> tuple[dict[str, Any], bytes] | None:
    """Manifest and ``model.txt`` of a stored version, or None when none has this name."""
    row = connection.execute(select(models.c.manifest, models.c.body).where(models.c.version == version)).one_or_none()
    return None if row is None else (row.manifest, bytes(row.body))


def page(
    connection: Connection, *, limit: int, after: tuple[datetime, str] = (datetime.max.replace(tzinfo=UTC), "")
) -> list[ModelVersion]:
    """At most ``limit`` versions, newest first, shipped ones last; ``after`` is (created, version).

    Manifests are returned without histograms, which are most of their size.
    """
    m = models.c
    histograms = literal(["reference", "reliability"], ARRAY(Text))
    brief = m.manifest.op("-", return_type=JSONB)(histograms).label("manifest")
    query = (
        select(m.version, brief, m.created_at, m.created_by)
        .where(tuple_(m.created_at, m.version) < tuple_(*after))
        .order_by(m.created_at.desc(), m.version.desc())
        .limit(limit)
    )
    found = [ModelVersion.model_validate(row._asdict()) for row in connection.execute(query)]
    names = [one.version for one in _built_in()]
    stored = set(connection.scalars(select(m.version).where(m.version.in_(names))))
    start = names.index(after[1]) + 1 if after[0] == NEVER and after[1] in names else 0
    return (found + [one for one in _built_in()[start:] if one.version not in stored])[:limit]


def revision(connection: Connection) -> int:
    """The number of the stage in force; it rises with every change."""
    return connection.scalar(select(func.max(model_stages.c.number))) or 0


def _change(row: Row[Any]) -> ModelStageChange:
    return ModelStageChange.model_validate(row._asdict())


def current(connection: Connection) -> ModelStageChange:
    """The stage in force."""
    query = select(model_stages).order_by(model_stages.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return _first() if row is None else _change(row)


def current_to_change(connection: Connection) -> ModelStageChange:
    """The stage in force; others who would change it wait until this transaction ends."""
    hold(connection, Hold.MODEL_STAGE)
    return current(connection)


def history(connection: Connection, *, limit: int, before: int | None = None) -> list[ModelStageChange]:
    """At most ``limit`` stages, newest first, from those with a number under ``before`` on."""
    query = select(model_stages).order_by(model_stages.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(model_stages.c.number < before)
    found = [_change(row) for row in connection.execute(query)]
    return found if len(found) == limit or before == 0 else [*found, _first()]


def change_stage(
    connection: Connection, present: ModelStageChange, stage: ModelStage, *, by: str, at: datetime, reason: str
) -> ModelStageChange:
    """Put ``stage`` in force (``present`` found to change); a rollback will restore ``present``."""
    return _add_stage(connection, present, stage, present.number, by=by, at=at, reason=reason)


def roll_back(
    connection: Connection, present: ModelStageChange, *, by: str, at: datetime, reason: str
) -> ModelStageChange:
    """Put the stage before ``present`` (found to change) in force again; ``Conflict`` if there is none."""
    if present.back_to is None:
        raise Conflict("there is nothing to go back to: no model was ever promoted")
    query = select(model_stages).where(model_stages.c.number == present.back_to)
    row = connection.execute(query).one_or_none()
    before = _first() if row is None else _change(row)
    return _add_stage(connection, present, before.stage, before.back_to, by=by, at=at, reason=reason)


def _add_stage(
    connection: Connection,
    present: ModelStageChange,
    stage: ModelStage,
    back_to: int | None,
    *,
    by: str,
    at: datetime,
    reason: str,
) -> ModelStageChange:
    if shipped()["version"] in (stage.champion, stage.challenger):
        add(connection, shipped(), (DEFAULT / MODEL_FILE).read_bytes(), by=SYSTEM, at=at)
    new = ModelStageChange(
        number=present.number + 1,
        **stage.model_dump(),
        back_to=back_to,
        changed_at=at,
        changed_by=by,
        reason=reason,
    )
    connection.execute(insert(model_stages).values(**new.model_dump()))
    return new
