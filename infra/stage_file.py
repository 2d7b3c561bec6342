"""The settings of a deployed stage: its defaults, then its file, then the command line.

A stage file is ``stages/<name>.toml`` in the project's folder: settings of ``infra.stages.Stage`` by name, one a line::

    engine_tag = "3f9c2a1"
    alarm_email = "duty@example.com"
    oidc_group_roles = { risk-admins = "admin" }

Every command reads it (``cdk``, ``risk doctor``, ``risk stack``), so that no deployment falls back to a default.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from infra import PROJECT
from infra.stages import DEV_STAGE, STAGES, Stage

FOLDER = PROJECT / "stages"
_FIXED = {"name", "target", "emulated"}


class StageError(ValueError):
    """An invalid stage setting; the message names it."""


def read_file(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The settings in the file of a stage; none without one. ``StageError`` if it is not TOML."""
    path = folder / f"{name}.toml"
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StageError(f"{path}: {error}") from None


def configured(context: Mapping[str, Any], folder: Path = FOLDER) -> Stage:
    """The stage named in the context (default ``dev``), with the settings of its file and of the context.

    Values from the command line are text. ``StageError`` names an unknown stage, setting or value.
    """
    name = context.get("stage") or DEV_STAGE.name
    if name not in STAGES:
        raise StageError(f"-c stage={name}: there is no such stage; there are {', '.join(STAGES)}")
    base = STAGES[name]
    settings = [one.name for one in fields(base) if one.name not in _FIXED]
    on_line = {key: value for key, value in context.items() if _is_setting(key)}
    in_file = {key: value for key, value in read_file(name, folder).items() if key not in on_line}
    given = {**in_file, **on_line}
    said = {key: f"-c {key}={value}" for key, value in on_line.items()}
    said |= {key: f"{folder.name}/{name}.toml: {key} = {value}" for key, value in in_file.items()}
    for key in given.keys() - set(settings):
        near = difflib.get_close_matches(key, settings, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(settings)}"
        raise StageError(f"{said[key]}: there is no such setting; {hint}")
    values = {**asdict(base), "target": base.target, **{key: _read(key, value) for key, value in given.items()}}
    try:
        return TypeAdapter(Stage).validate_python(values)
    except ValidationError as error:
        raise StageError("\n".join(_say(one, said) for one in error.errors())) from None


def _is_setting(key: str) -> bool:
    """Whether a context key is one of ours: the CDK's own have an @, a colon or a dash in them."""
    return key != "stage" and not key.startswith(("@", "aws")) and ":" not in key and "-" not in key


def _read(key: str, value: Any) -> Any:
    if key != "oidc_group_roles" or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise StageError(f"-c {key}={value}: this is not JSON, such as " + '{"risk-admins": "admin"}') from None


def _say(error: Any, said: Mapping[str, str]) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    text = error["msg"].removeprefix("Value error, ")
    return f"{said[name]}: {text}" if name in said else text
