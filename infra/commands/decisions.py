"""``risk decisions``: the decision policy, kept in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.kept_file import Email, Password, Url, ask, read_file, signed_in
from infra.commands.shared.terminal import AsJson, fail

if TYPE_CHECKING:
    from risk.decisions.policy import DecisionPolicy

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON: rules in order, and fallback.")]

app = typer.Typer(help="The decision policy, kept in a file.", no_args_is_help=True)


@app.command()
def check(file: File) -> None:
    """Check the policy of a file, without sending it anywhere. Lists and rules are checked when it is applied.

    Example:

      risk decisions check decisions.yaml
    """
    policy = _read(file)
    typer.echo(f"{len(policy.rules)} rules, then {policy.fallback}: valid")


@app.command()
def preview(
    file: File,
    url: Url,
    email: Email,
    password: Password,
    days: Annotated[int, typer.Option(min=1, max=31, help="How far back.")] = 7,
    as_json: AsJson = False,
) -> None:
    """Say what the policy of a file would have done to recent events, in money. Nothing is changed.

    Example:

      risk decisions preview decisions.yaml --url http://127.0.0.1:8000 --email ada@example.com
    """
    import json

    body = {"policy": _read(file).model_dump(mode="json"), "days": days}
    with signed_in(url, email, password) as session:
        found = ask(session, "POST", "decisions/preview", json=body)
    if as_json:
        typer.echo(json.dumps(found))
        return
    typer.echo(f"{found['events']:,} events of {days} days" + ("" if found["complete"] else ", the newest alone"))
    for line in found["text"]:
        typer.echo(f"  {line}")
    for rule in found["rules"]:
        typer.echo(f"  {rule['rule']}: {rule['events']:,} events worth {rule['value']:,.0f} {found['currency']}")


@app.command()
def apply(
    file: File,
    url: Url,
    email: Email,
    password: Password,
    reason: Annotated[str | None, typer.Option(help="Kept with the version.")] = None,
) -> None:
    """Put the policy of a file in force, as one version of the configuration. Needs an administrator.

    Example:

      risk decisions apply decisions.yaml --url http://127.0.0.1:8000 --email ada@example.com
    """
    policy = _read(file)
    body = {"policy": policy.model_dump(mode="json"), "reason": reason or f"applied from {file.name}"}
    with signed_in(url, email, password) as session:
        changed = ask(session, "PUT", "decisions/policy", json=body)
    typer.echo(f"version {changed['version']}: {len(policy.rules)} rules, then {policy.fallback}")


def _read(file: Path) -> DecisionPolicy:
    from risk.decisions.evaluation import DecisionSet
    from risk.decisions.policy import DecisionPolicy

    policy: DecisionPolicy = read_file(file, DecisionPolicy)
    # A condition may read features that users define, which this machine does not know.
    for name, why in DecisionSet(policy).refused.items():
        if "features." not in why:
            fail(f"{file.name}: {name}: {why}")
    return policy
