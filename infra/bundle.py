"""Builds the folder of a Lambda: pinned dependencies, ``risk`` and the function itself, nothing else.

A folder depends only on the lock file, the sources and the minor version of Python, byte for byte, so it is kept under
a name that is the hash of these, and building it again takes no time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from infra import PROJECT, bare, interpreters

EXTRAS = {
    "api": "api",
    "websocket": "realtime",
    "broadcast": "realtime",
    "webhooks": "webhooks",
    "maintenance": "maintenance",
}
"""Which extra of pyproject.toml each function takes its dependencies from."""

AWS_SERVICES = ("apigatewaymanagementapi", "kinesis", "kms", "s3", "secretsmanager", "sesv2")
"""The services whose botocore descriptions a bundle keeps. All of them would be most of its size."""
_UNUSED = (
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/utilities/auth_alpha",
    "aws_lambda_powertools/utilities/kafka",
    "aws_lambda_powertools/utilities/parser",
    "bazel-project",
    "bin",
    "boto3/data",
    "boto3/examples",
    "cel_expr_python/ext",
    "pycountry/locales",
    "sqlalchemy/testing",
)
_UNUSED_FILES = (".lock", "pycountry/databases/iso3166-2.json", "pycountry/databases/iso639-3.json")
_VARYING = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")  # in each *.dist-info
_MIGRATIONS = (
    "risk/store/db/migrations",
    "risk/store/db/migrate.py",
)  # these need Alembic, which only the maintenance function has
_REALTIME = ("broadcast", "websocket")
_NOT_REALTIME = (
    "risk/store",
    "risk/scoring/models",
    "risk/explanations/retrieval/knowledge",
    "risk/packs",
)  # they read none of these
_EPOCH = 315_532_800  # 1980-01-01, the earliest time that a zip file can store


@dataclass(frozen=True)
class Target:
    """The target of a bundle. ``platform`` is uv's name for it; None means this machine."""

    python: str
    platform: str | None


AWS = Target("3.13", "aarch64-manylinux_2_28")
LOCAL = Target(f"{sys.version_info.major}.{sys.version_info.minor}", None)


class BundleError(Exception):
    """A bundle could not be built; the message says why."""


def build(function: str, target: Target, *, project: Path = PROJECT, cache: Path | None = None) -> Path:
    """Return the folder of a function for a target; build it unless it is cached."""
    cache = cache or project / "cdk.out" / "bundles"
    if not (project / "functions" / function).is_dir():
        raise BundleError(f"There is no function {function!r} in {project / 'functions'}.")
    libraries = _libraries(EXTRAS[function], target, project, cache)
    sources = dict(_sources(function, project))
    key = _digest(libraries.name, *(f"{name}\0{_digest(path.read_bytes())}" for name, path in sources.items()))
    final = cache / f"{function}-{key}"
    if not final.exists():
        with tempfile.TemporaryDirectory(dir=cache, prefix=".building-") as scratch:
            draft = Path(scratch) / "bundle"
            shutil.copytree(libraries, draft, copy_function=os.link)
            for name, path in sources.items():
                (draft / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, draft / name)
            # Compile everything here; in AWS only what speeds up the start, because a bundle has a size limit.
            _compile(draft, sources if target.platform is None else _loaded(function, project, cache), target)
            _publish(draft, final)
    return final


def _digest(*parts: str | bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode() if isinstance(part, str) else part)
        whole.update(b"\0")
    return whole.hexdigest()[:20]


def _sources(function: str, project: Path) -> Iterator[tuple[str, Path]]:
    """List the project's own files of a function, in a fixed order."""
    unused = () if function == "maintenance" else _NOT_REALTIME if function in _REALTIME else _MIGRATIONS
    yield "functions/__init__.py", project / "functions" / "__init__.py"
    for folder in ("risk", f"functions/{function}"):
        for path in sorted((project / folder).rglob("*")):
            name = path.relative_to(project).as_posix()
            if path.is_file() and "__pycache__" not in path.parts and not name.startswith(unused):
                yield name, path


def _libraries(extra: str, target: Target, project: Path, cache: Path) -> Path:
    """Return the folder with the dependencies of an extra, exactly as uv.lock pins them."""
    lock = (project / "uv.lock").read_bytes()
    key = _digest(lock, (project / "pyproject.toml").read_bytes(), Path(__file__).read_bytes(), extra, repr(target))
    final = cache / f"libraries-{extra}-{key}"
    if final.exists():
        return final
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".building-") as scratch:
        draft, requirements = Path(scratch) / "libraries", Path(scratch) / "requirements.txt"
        options = ["--frozen", "--no-dev", "--extra", extra, "--no-emit-project", "--no-header"]
        _uv("export", *options, "--output-file", str(requirements), cwd=project)
        where = ["--python", sys.executable]
        if target.platform:
            where += ["--python-platform", target.platform, "--python-version", target.python, "--only-binary", ":all:"]
        _uv(
            "pip",
            "install",
            "--no-deps",
            "--require-hashes",
            "--requirements",
            str(requirements),
            "--target",
            str(draft),
            "--no-compile-bytecode",
            *where,
            cwd=project,
        )
        _strip(draft)
        if target.platform is None:
            _compile(draft, ["."], target)
        _publish(draft, final)
    return final


def _uv(*arguments: str, cwd: Path) -> None:
    from uv import find_uv_bin

    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(  # noqa: S603
        [find_uv_bin(), "--quiet", "--no-progress", *arguments],
        cwd=cwd,
        env={**environment, "UV_LINK_MODE": "copy"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BundleError(f"uv {arguments[0]} failed:\n{done.stderr.strip()}\nIs the package index reachable?")


def _strip(folder: Path) -> None:
    for name in _UNUSED:
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in (folder / "botocore" / "data").glob("*"):
        if path.is_dir() and path.name not in AWS_SERVICES:
            shutil.rmtree(path)
    for name in _UNUSED_FILES:
        (folder / name).unlink(missing_ok=True)
    for information in folder.glob("*.dist-info"):
        for name in _VARYING:
            (information / name).unlink(missing_ok=True)


def _loaded(function: str, project: Path, cache: Path) -> list[str]:
    """The files of a bundle that are loaded at start-up, for any of its possible first events."""
    here = build(function, LOCAL, project=project, cache=cache)
    environment = {**bare.ENVIRONMENT, "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
    try:
        found = bare.first_answer(
            f"functions.{function}.handler", bare.event_for(function), here, environment=environment
        )
    except bare.DoesNotStart as error:
        raise BundleError(str(error)) from error
    files = (Path(name) for name in found["files"])
    return [name.relative_to(here).as_posix() for name in files if name.is_relative_to(here) and name.suffix == ".py"]


def _compile(folder: Path, names: Iterable[str], target: Target) -> None:
    """Add unchecked bytecode: a Lambda cannot write its own, so without it every cold start compiles.

    Its file names are paths on the target, not paths on this machine.
    """
    listed = "\n".join(str(folder / name) for name in names if (folder / name).exists())
    where = ["-s", str(folder), "-p", "/var/task" if target.platform else "/"]
    compiler = [str(_interpreter(target)), "-I", "-m", "compileall", "-q", "-q", "-i", "-", *where]
    # Errors are ignored: some packages ship templates that are not valid Python.
    subprocess.run(  # noqa: S603
        [*compiler, "--invalidation-mode", "unchecked-hash"], input=listed, text=True, check=False, capture_output=True
    )


@cache
def _interpreter(target: Target) -> Path:
    try:
        return interpreters.find(target.python, "LAMBDA_PYTHON")
    except interpreters.NoInterpreter as error:
        raise BundleError(f"The bytecode of Lambdas: {error}") from error


def _publish(draft: Path, final: Path) -> None:
    """Give all files the same time and mode, then move the folder into place in one step."""
    for path in sorted(draft.rglob("*"), reverse=True):
        path.chmod(0o755 if path.is_dir() or path.suffix == ".so" or ".so." in path.name else 0o644)
        os.utime(path, (_EPOCH, _EPOCH))
    try:
        draft.rename(final)
    except OSError:
        if not final.exists():  # otherwise another process was faster
            raise
