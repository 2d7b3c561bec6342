"""``risk pack``: event types, definitions, rules, lists and knowledge of a domain, installed together."""

from __future__ import annotations

import json
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.shared.terminal import AsJson, fail

if TYPE_CHECKING:
    from infra.commands.shared.api_session import ApiSession
    from risk.packs.pack import Pack

Url = Annotated[str, typer.Option(envvar="RISK_URL", help="The REST API.")]
Email = Annotated[str, typer.Option(envvar="RISK_EMAIL", help="Who signs in: an administrator.")]
Password = Annotated[str, typer.Option(envvar="RISK_PASSWORD", prompt=True, hide_input=True)]
Named = Annotated[str, typer.Argument(metavar="NAME", help="A pack that ships, or the folder of one.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
Reason = Annotated[str | None, typer.Option(help="Kept with every stage.")]

app = typer.Typer(help="Packs: all that a domain needs, installed together.", no_args_is_help=True)
_PAUSE = 1.0


class Rules(StrEnum):
    """How far the rules of a pack are taken."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"


@app.command("list")
def list_packs(url: Url, email: Email, password: Password, as_json: AsJson = False) -> None:
    """List the packs that ship or are installed.

    Example:

      risk pack list --url http://127.0.0.1:8000 --email ada@example.com
    """
    with _session(url, email, password) as session:
        items = _ask(session, "GET", "packs")["items"]
    if as_json:
        typer.echo(json.dumps(items))
        return
    for one in items:
        typer.echo(f"{one['name']}: {one['title']}; {_state(one)}")


@app.command()
def check(pack: Named, as_json: AsJson = False) -> None:
    """Check a pack, without sending it anywhere.

    Example:

      risk pack check ./my-pack
    """
    found = read(pack)
    contents = {part: len(names) for part, names in found.names().items()}
    if as_json:
        typer.echo(json.dumps({"name": found.name, "version": found.version, "contents": contents}))
        return
    typer.echo(f"{found.name}, version {found.version}: {_counts(contents)}; valid")


@app.command()
def show(pack: Named, as_json: AsJson = False) -> None:
    """Show what a pack brings.

    Example:

      risk pack show card-payments
    """
    found = read(pack)
    if as_json:
        typer.echo(found.model_dump_json())
        return
    typer.echo(f"{found.title} ({found.name}, version {found.version})\n{found.description}")
    for part, names in found.names().items():
        if names:
            typer.echo(f"  {part.replace('_', ' ')}: {', '.join(names)}")


@app.command()
def install(
    pack: Named,
    url: Url,
    email: Email,
    password: Password,
    rules: Annotated[Rules, typer.Option(help="How far its rules are taken. What is live stays live.")] = Rules.SHADOW,
    wait: Annotated[int, typer.Option(min=0, help="Seconds to wait for backfills, before it says what waits.")] = 120,
    dry_run: DryRun = False,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """Install a pack or upgrade it: all of it, or nothing. Done again, it changes nothing, or goes on where it waited.

    Definitions are backfilled by the running engine first. Where a second person is needed, they install it again.

    Example:

      risk pack install card-payments --url http://127.0.0.1:8000 --email ada@example.com
    """
    found = read(pack)
    body: dict[str, Any] = {"rules": rules.value, "dry_run": dry_run, "reason": reason}
    body["pack"] = found.model_dump(mode="json")
    changes: list[dict[str, Any]] = []
    with _session(url, email, password) as session:
        until = time.monotonic() + wait
        while True:
            outcome = _ask(session, "PUT", f"packs/{found.name}", json=body)
            changes += outcome["changes"]
            backfilling = any("is being backfilled" in one for one in outcome["waiting"])
            if dry_run or not backfilling or time.monotonic() >= until:
                break
            time.sleep(_PAUSE)
    _report(outcome | {"changes": changes}, as_json)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="An installed pack.")],
    url: Url,
    email: Email,
    password: Password,
    dry_run: DryRun = False,
    reason: Reason = None,
    as_json: AsJson = False,
) -> None:
    """Remove what a pack made. Rules and definitions are archived; lists with entries of others are kept.

    Example:

      risk pack remove card-payments --url http://127.0.0.1:8000 --email ada@example.com
    """
    wanted = {"dry_run": str(dry_run).lower()} | ({} if reason is None else {"reason": reason})
    with _session(url, email, password) as session:
        outcome = _ask(session, "DELETE", f"packs/{name}", params=wanted)
    _report(outcome, as_json)


def read(pack: str) -> Pack:
    """The pack that ships under this name, or the one in this folder; ends the command if there is neither."""
    from risk.domain.errors import RiskError
    from risk.packs.folder import find_shipped, read_pack

    try:
        return read_pack(Path(pack)) if Path(pack).is_dir() else find_shipped(pack)
    except RiskError as error:
        fail(str(error))


def _session(url: str, email: str, password: str) -> ApiSession:
    from infra.commands.shared.api_session import ApiSession

    return ApiSession(url, login=(email, password))


def _ask(session: ApiSession, method: str, path: str, **options: Any) -> Any:
    from infra.commands.shared.api_session import problem_text

    answer = session.request(method, path, **options)
    if answer.is_error:
        fail(problem_text(answer))
    return answer.json()


def _report(outcome: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(outcome))
        return
    tried = " (nothing was changed)" if outcome["dry_run"] else ""
    typer.echo(
        f"{outcome['name']}, version {outcome['version']}: {len(outcome['changes'])} changes, "
        f"{outcome['unchanged']} parts unchanged{tried}"
    )
    for one in outcome["changes"]:
        typer.echo(f"  {one['kind']} {one['name']}: {one['change']}")
    for one in outcome["waiting"]:
        typer.echo(f"  waiting: {one}")


def _state(one: dict[str, Any]) -> str:
    installed, ships = one["installed_version"], one["shipped_version"]
    if installed is None:
        return f"version {ships}, not installed"
    newer = f"; version {ships} ships" if ships is not None and ships > installed else ""
    return f"version {installed}, installed by {one['installed_by']}{newer}"


def _counts(contents: dict[str, int]) -> str:
    return ", ".join(f"{count} {part.replace('_', ' ')}" for part, count in contents.items() if count)
