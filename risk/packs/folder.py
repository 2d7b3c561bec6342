"""Reads a pack from its folder, and lists those that ship.

A folder has ``pack.yaml`` (name, version, title, description) and any of the files of ``PARTS`` and ``knowledge/*.md``;
event types and definitions are written as ``risk event-types apply`` and ``risk definitions apply`` read them.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import ValidationError

from risk.domain.errors import InvalidInput, NotFound
from risk.domain.plain_messages import predicate
from risk.packs.pack import Pack

MANIFEST, KNOWLEDGE = "pack.yaml", "knowledge"
PARTS = {
    "event_types": "event-types.yaml",
    "definitions": "definitions.yaml",
    "rules": "rules.yaml",
    "lists": "lists.yaml",
    "scenario": "scenario.yaml",
    "page": "page.yaml",
}
"""The file of each part, besides the manifest and the documents."""
_FILES = {**PARTS, KNOWLEDGE: KNOWLEDGE}


def read_pack(folder: Traversable) -> Pack:
    """The pack in ``folder``. Raises ``InvalidInput`` that names the file, and what in it is wrong."""
    if not folder.joinpath(MANIFEST).is_file():
        raise InvalidInput(f"{folder.name} has no {MANIFEST}: it is no pack")
    known = {MANIFEST, KNOWLEDGE, *PARTS.values()}
    unknown = sorted(file.name for file in folder.iterdir() if file.name not in known and file.name[0] not in "._")
    if unknown:
        raise InvalidInput(f"{unknown[0]} is no part of a pack; there can be {', '.join(sorted(known))}")
    found = _yaml(folder, MANIFEST)
    if not isinstance(found, dict):
        raise InvalidInput(f"{MANIFEST}: must be an object with name, version, title and description")
    twice = sorted(found.keys() & _FILES.keys())
    if twice:
        raise InvalidInput(f"{MANIFEST}: {twice[0]} has a file of its own, {_FILES[twice[0]]}")
    for part, file in PARTS.items():
        if folder.joinpath(file).is_file():
            found[part] = _yaml(folder, file)
    found[KNOWLEDGE] = _documents(folder)
    return parse_pack(found)


def parse_pack(document: dict[str, Any]) -> Pack:
    """The pack that ``document`` is. Raises ``InvalidInput`` that names the file, and what in it is wrong."""
    try:
        return Pack.model_validate(document)
    except ValidationError as error:
        raise InvalidInput("\n".join(_message(dict(one)) for one in error.errors())) from error


def _message(error: dict[str, Any]) -> str:
    place, detail = [str(part) for part in error["loc"]], predicate(error)
    if not place:
        part, colon, rest = detail.partition(": ")
        return f"{_FILES[part]}: {rest}" if colon and part in _FILES else detail
    if place[0] in _FILES:
        return f"{_FILES[place[0]]}: {'.'.join(place[1:])}{' ' if len(place) > 1 else ''}{detail}"
    return f"{MANIFEST}: {'.'.join(place)} {detail}"


def _yaml(folder: Traversable, file: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(folder.joinpath(file).read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file}: is not UTF-8, at byte {error.start}") from error
    except yaml.YAMLError as error:
        raise InvalidInput(f"{file}: is not YAML: {' '.join(str(error).split())}") from error


def _documents(folder: Traversable) -> list[dict[str, str]]:
    documents = folder.joinpath(KNOWLEDGE)
    if not documents.is_dir():
        return []
    found = []
    for file in sorted(documents.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".md"):
            raise InvalidInput(f"{KNOWLEDGE}/{file.name}: a document is Markdown, with a name that ends in .md")
        try:
            found.append({"name": file.name.removesuffix(".md"), "text": file.read_text(encoding="utf-8")})
        except UnicodeDecodeError as error:
            raise InvalidInput(f"{KNOWLEDGE}/{file.name}: is not UTF-8, at byte {error.start}") from error
    return found


@cache
def shipped() -> dict[str, Pack]:
    """The packs of the product, by name."""
    folders = resources.files("risk.packs").joinpath("shipped").iterdir()
    packs = [read_pack(folder) for folder in folders if folder.joinpath(MANIFEST).is_file()]
    return {pack.name: pack for pack in sorted(packs, key=lambda one: one.name)}


def find_shipped(name: str) -> Pack:
    """A pack of the product, or ``NotFound``."""
    if name not in shipped():
        raise NotFound(f"no pack {name} ships; there are {', '.join(shipped())}")
    return shipped()[name]
