"""``risk dead-letters``: review of records that could not be scored, through the API."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.shared.terminal import ApiUrl, DataDir, Token, fail
from risk.domain.errors import RiskError

if TYPE_CHECKING:
    from infra.commands.shared.api_session import ApiSession

PAGE = 100


class Status(StrEnum):
    """Which dead letters to list."""

    OPEN = "open"
    REPLAYED = "replayed"
    DISMISSED = "dismissed"
    ALL = "all"


Number = Annotated[int, typer.Argument(min=1, help="The dead letter's number, as `list` shows it.")]
Numbers = Annotated[list[int], typer.Argument(min=1, help="The dead letters' numbers, as `list` shows them.")]
WhichStatus = Annotated[Status, typer.Option(help="Those to be worked off, those that were, or all.")]
Reason = Annotated[str | None, typer.Option(help="Only those refused for this reason, such as invalid.")]
RefusedField = Annotated[str | None, typer.Option("--field", help="Only those refused for this field.")]
Source = Annotated[str | None, typer.Option(help="Only those of this stream, shard or partition.")]
Since = Annotated[
    str | None, typer.Option("--from", metavar="MOMENT", help="Received then or later: 2026-01-31, or with a time.")
]
Until = Annotated[str | None, typer.Option("--to", metavar="MOMENT", help="Received before then.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, a line for each.")]

app = typer.Typer(
    help="""Records that could not be scored: see why, correct them and replay them, or dismiss them.

    A record that the engine refuses is kept whole, with the reason, the field and where it came from. Work through them
    like this:

      risk dead-letters list                             # what waits, newest first

      risk dead-letters show 17                          # why, and the record as it came

      risk dead-letters replay 17 --set currency=EUR     # correct it and put it on the stream again

      risk dead-letters dismiss 18 19 --reason "a load test"

    A replay keeps the event's id, so that it is scored once however often it is sent. All of it is in the audit log. It
    needs an Admin: the local stack's, or the one that --token belongs to.
    """,
    no_args_is_help=True,
)


@app.command("list")
def list_dead_letters(
    status: WhichStatus = Status.OPEN,
    reason: Reason = None,
    field: RefusedField = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    api_url: ApiUrl = None,
    token: Token = None,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """List dead letters, newest first; by default those still open.

    Examples:

      risk dead-letters list --reason invalid --field currency

      risk dead-letters list --status all --from 2026-01-31 --json
    """
    wanted = _filter(status, reason, field, source, since, until)
    with _api(data_dir, api_url, token) as api:
        found, more = _pages(api, wanted, limit)
        open_now = _ask(api, "GET", "dead-letters/stats")["open"]
    if as_json:
        for letter in found:
            typer.echo(json.dumps(letter))
        return
    _show_table(found)
    typer.echo(f"{len(found):,} shown{', there are more: --limit' if more else ''}; {open_now:,} open in all")


@app.command()
def show(
    number: Number,
    api_url: ApiUrl = None,
    token: Token = None,
    data_dir: DataDir = Path(".risk"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Show why a record was refused, and the original record.

    Example:

      risk dead-letters show 17
    """
    with _api(data_dir, api_url, token) as api:
        letter = _ask(api, "GET", f"dead-letters/{number}")
    if as_json:
        typer.echo(json.dumps(letter))
        return
    typer.echo(f"dead letter {letter['number']}: {letter['detail']}\n")
    facts = ("reason", "field", "event_id", "source", "position", "received_at", "outcome", "closed_at", "closed_by")
    for name in (*facts, "note"):
        if letter[name] is not None:
            typer.echo(f"  {name:<12} {letter[name]}")
    cut = ", cut: replaying it needs --file with the whole record" if letter["cut"] else ""
    typer.echo(f"\nrecord ({letter['raw_bytes']:,} bytes, {letter['raw_encoding']}{cut})\n{_pretty(letter['raw'])}")


@app.command()
def export(
    out: Annotated[Path | None, typer.Option(help="File to write. Default: standard output.")] = None,
    status: WhichStatus = Status.OPEN,
    reason: Reason = None,
    field: RefusedField = None,
    source: Source = None,
    since: Since = None,
    until: Until = None,
    api_url: ApiUrl = None,
    token: Token = None,
    data_dir: DataDir = Path(".risk"),
) -> None:
    """Write matching dead letters with their records as JSON lines, at most the newest 5,000.

    Example:

      risk dead-letters export --reason invalid --out refused.jsonl
    """
    wanted = _filter(status, reason, field, source, since, until)
    with _api(data_dir, api_url, token) as api:
        content = _answer(api, "GET", "dead-letters/export", params=wanted).content
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}", code=1)
    typer.echo(f"{len(content.splitlines()):,} dead letters in {out}")


@app.command()
def replay(
    numbers: Numbers,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="Correct a field; FIELD:=JSON for a value that is not text; FIELD= takes it away. Again for another.",
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Send the record in this JSON file instead of the one that came.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="What was wrong, for those who come after.")] = None,
    api_url: ApiUrl = None,
    token: Token = None,
    data_dir: DataDir = Path(".risk"),
    as_json: AsJson = False,
) -> None:
    """Put records on the stream again, unchanged or corrected. The event id stays, so each is scored once.

    Ends with code 1 if any was not accepted; those stay open, and the reason is printed.

    Examples:

      risk dead-letters replay 17 --set currency=EUR --note "the sender wrote a sign"

      risk dead-letters replay 17 --set attributes.tries:=3 --set ip=

      risk dead-letters replay 17 --file corrected.json
    """
    if file is not None and (changes or len(numbers) > 1):
        fail("--file is the whole record of one dead letter: give one number, and no --set")
    from infra.commands.shared.record_changes import changed_record, parse_changes, read_record

    try:
        parsed = parse_changes(changes or [])
        whole = None if file is None else read_record(file)
    except RiskError as error:
        fail(error.detail)
    taken = 0
    with _api(data_dir, api_url, token) as api:
        for number in numbers:
            try:
                record = whole
                if parsed:
                    record = changed_record(_ask(api, "GET", f"dead-letters/{number}"), parsed)
                letter = _ask(api, "POST", f"dead-letters/{number}/replay", json={"record": record, "note": note})
            except RiskError as error:
                typer.echo(f"dead letter {number} is not replayed: {error.detail}", err=True)
                continue
            taken += 1
            typer.echo(json.dumps(letter) if as_json else f"dead letter {number} is on the stream again")
    if taken < len(numbers):
        raise typer.Exit(1)


@app.command()
def dismiss(
    numbers: Numbers,
    reason: Annotated[str, typer.Option(help="Why nothing is to come of them. It is kept with them.")],
    api_url: ApiUrl = None,
    token: Token = None,
    data_dir: DataDir = Path(".risk"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Dismiss dead letters with a reason. Those that are closed already stay as they are.

    Ends with code 1 if none of them was open.

    Example:

      risk dead-letters dismiss 18 19 --reason "a load test"
    """
    with _api(data_dir, api_url, token) as api:
        done = _ask(api, "POST", "dead-letters/dismiss", json={"numbers": numbers, "reason": reason})
    dismissed = done["dismissed"]
    typer.echo(json.dumps(done) if as_json else f"{dismissed:,} of {len(numbers):,} dismissed")
    if not dismissed:
        fail("none of them is open: see `risk dead-letters list --status all`", code=1)


@contextmanager
def _api(data_dir: Path, api_url: str | None, token: str | None) -> Iterator[ApiSession]:
    """Open an API session; an error inside ends the command with code 2 before a request, and with 1 after one."""
    from infra.commands.shared.connection import api_session, read_stack

    try:
        session = api_session(read_stack(data_dir), api_url=api_url, token=token, may="is an Admin")
    except RiskError as error:
        fail(error.detail)
    try:
        yield session
    except RiskError as error:
        fail(error.detail, code=1)
    finally:
        session.close()


def _answer(api: ApiSession, method: str, path: str, **options: Any) -> Any:
    """The API's answer, or ``RiskError`` with its error message."""
    import httpx

    from infra.commands.shared.api_session import problem_text

    try:
        answer = api.request(method, path, **options)
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise RiskError(f"the API does not answer: {error}") from error
    if not answer.is_success:
        raise RiskError(problem_text(answer))
    return answer


def _ask(api: ApiSession, method: str, path: str, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = _answer(api, method, path, **options).json()
    return found


def _pages(api: ApiSession, wanted: dict[str, str], limit: int) -> tuple[list[dict[str, Any]], bool]:
    """At most ``limit`` dead letters, page by page, and whether there are more."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while len(found) < limit:
        given = {**wanted, **cursor, "limit": str(min(PAGE, limit - len(found)))}
        page = _ask(api, "GET", "dead-letters", params=given)
        found += page["items"]
        if page["next_cursor"] is None:
            return found, False
        cursor = {"cursor": page["next_cursor"]}
    return found, True


def _filter(
    status: Status, reason: str | None, field: str | None, source: str | None, since: str | None, until: str | None
) -> dict[str, str]:
    """The filter as API parameters."""
    moments = {"from": _moment("--from", since), "to": _moment("--to", until)}
    given = {"status": status.value, "reason": reason, "field": field, "source": source, **moments}
    return {name: value for name, value in given.items() if value is not None}


def _moment(option: str, text: str | None) -> str | None:
    """A moment as RFC 3339; without an offset it is in this machine's time zone."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone().isoformat()
    except (ValueError, OverflowError):
        fail(f"{option} {text!r} is not a moment, such as 2026-01-31 or 2026-01-31T09:30:00Z")


def _pretty(raw: str) -> str:
    try:
        return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
    except ValueError:
        return raw


def _show_table(found: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not found:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("number", "received", "reason", "field", "state"):
        table.add_column(name, no_wrap=True)
    table.add_column("detail", overflow="fold")
    for letter in found:
        received = datetime.fromisoformat(letter["received_at"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        state = letter["outcome"] or "open"
        cells = (str(letter["number"]), received, letter["reason"], letter["field"] or "", state, letter["detail"])
        table.add_row(*(Text(cell) for cell in cells))
    Console(highlight=False).print(table)
