"""What packs there are, and their installation and removal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection

from functions.api.decisions.named_parts import lock_policy
from functions.api.packs.installer import Installer
from functions.api.packs.schemas import PackDetail, PackInstallation, PackOutcome, PackSummary
from risk.alerts.configuration import Configuration
from risk.domain.errors import Conflict, InvalidInput, NotFound
from risk.packs.folder import find_shipped, shipped
from risk.packs.pack import Pack
from risk.store.config import packs
from risk.store.config.packs import InstalledPack


def summaries(connection: Connection) -> list[PackSummary]:
    """Every pack that ships or is installed, by name."""
    installed = _installed(connection)
    names = sorted(shipped().keys() | installed.keys())
    return [_summary(_pack(name, installed.get(name)), installed.get(name)) for name in names]


def detail(connection: Connection, name: str) -> PackDetail:
    """A pack as it is installed, or as it ships; ``NotFound`` if it does neither."""
    installed = _installed(connection).get(name)
    pack = _pack(name, installed)
    return PackDetail(**_summary(pack, installed).model_dump(), pack=pack)


def installed(connection: Connection, name: str) -> Pack:
    """A pack as it is installed; ``NotFound`` if it is not."""
    found = _installed(connection).get(name)
    if found is None:
        raise NotFound(f"pack {name} is not installed")
    return Pack.of_stored(found.document)


def install(
    connection: Connection, name: str, wanted: PackInstallation, *, by: str, at: datetime, second_person: bool
) -> tuple[PackOutcome, Configuration | None]:
    """Install or upgrade a pack as far as it can go now; also the configuration, if it changed."""
    pack = wanted.pack or find_shipped(name)
    if pack.name != name:
        raise InvalidInput(f"the pack that was sent is called {pack.name}, not {name}", field="pack.name")
    packs.lock(connection)
    lock_policy(connection)
    before = packs.all_known(connection).get(name)
    if before is not None and before.removed_at is None and before.version > pack.version:
        raise Conflict(f"version {before.version} of {name} is installed, which is newer than {pack.version}")
    installer = Installer(
        connection,
        {} if before is None else before.owned,
        by=by,
        at=at,
        reason=wanted.reason or f"pack {name}, version {pack.version}",
        second_person=second_person,
    )
    with _tried(connection, dry_run=wanted.dry_run):
        installer.install(pack, wanted.rules)
        if installer.changes or before is None or before.removed_at is not None or before.version != pack.version:
            document = pack.model_dump(mode="json")
            now = InstalledPack(
                name=name,
                version=pack.version,
                document=document,
                owned=installer.owned,
                installed_at=at,
                installed_by=by,
            )
            packs.save(connection, now)
    return _outcome(pack, installer, dry_run=wanted.dry_run), None if wanted.dry_run else installer.configuration


def remove(
    connection: Connection, name: str, *, by: str, at: datetime, reason: str, dry_run: bool
) -> tuple[PackOutcome, Configuration | None]:
    """Remove what a pack made; also the configuration, if it changed."""
    packs.lock(connection)
    lock_policy(connection)
    pack = installed(connection, name)
    present = _installed(connection)[name]
    installer = Installer(connection, present.owned, by=by, at=at, reason=reason, second_person=False)
    with _tried(connection, dry_run=dry_run):
        installer.remove(pack)
        packs.note_removal(connection, name, by=by, at=at)
    return _outcome(pack, installer, dry_run=dry_run), None if dry_run else installer.configuration


@contextmanager
def _tried(connection: Connection, *, dry_run: bool) -> Iterator[None]:
    """What happens within is undone if it is only tried."""
    if not dry_run:
        yield
        return
    point = connection.begin_nested()
    try:
        yield
    finally:
        point.rollback()


def _outcome(pack: Pack, installer: Installer, *, dry_run: bool) -> PackOutcome:
    return PackOutcome(
        name=pack.name,
        version=pack.version,
        dry_run=dry_run,
        changes=installer.changes,
        unchanged=installer.unchanged,
        waiting=installer.waiting,
    )


def _installed(connection: Connection) -> dict[str, InstalledPack]:
    return {name: one for name, one in packs.all_known(connection).items() if one.removed_at is None}


def _pack(name: str, installed: InstalledPack | None) -> Pack:
    return find_shipped(name) if installed is None else Pack.of_stored(installed.document)


def _summary(pack: Pack, installed: InstalledPack | None) -> PackSummary:
    ships = shipped().get(pack.name)
    return PackSummary(
        name=pack.name,
        title=pack.title,
        description=pack.description,
        shipped_version=None if ships is None else ships.version,
        installed_version=None if installed is None else installed.version,
        installed_at=None if installed is None else installed.installed_at,
        installed_by=None if installed is None else installed.installed_by,
        has_page=pack.page is not None,
        contents={part: len(names) for part, names in pack.names().items()},
    )
