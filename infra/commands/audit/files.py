"""The files of an auditor: a checkpoint with what lies beside it, and an exported log."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from risk.checkpoint import VerifierKey
from risk.errors import InvalidInput
from risk.verification import LogCheck, Row

_LINES = 5_000


def leaves_file(checkpoint: Path) -> Path:
    """Where the leaf hashes of a checkpoint lie: 32 bytes a record, in order."""
    return checkpoint.with_name(f"{checkpoint.name}.leaves")


def key_file(checkpoint: Path) -> Path:
    """Where the public key lies that a checkpoint was signed with."""
    return checkpoint.with_name(f"{checkpoint.name}.vkey")


def public_key(given: str | None, checkpoint: Path) -> VerifierKey:
    """The key to verify with: as given, as a text or a file; else the one beside the checkpoint."""
    if given is not None and "+" in given and not Path(given).is_file():
        return VerifierKey.parse(given)
    path = key_file(checkpoint) if given is None else Path(given)
    try:
        return VerifierKey.parse(path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{path} cannot be read ({error}); give the log's public key with --public-key, as name+hash+base64"
        ) from error


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file in one step: it is there whole, or as it was before."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def line(row: Row, *, personal: bool) -> bytes:
    """A record as a line of an export. Its text is the very bytes that are proven."""
    assert row.leaf_hash is not None
    values: dict[str, Any] = {"seq": row.seq, "record": row.record.decode(), "leaf_hash": row.leaf_hash.hex()}
    if personal:
        values["personal"] = {
            name: {"salt": salt.hex(), "value": value} for name, (salt, value) in row.personal.items()
        }
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def _row(number: int, text: bytes) -> Row:
    try:
        values = orjson.loads(text)
        kept = values.get("personal") or {}
        personal = {name: (bytes.fromhex(one["salt"]), str(one["value"])) for name, one in kept.items()}
        leaf = values.get("leaf_hash")
        return Row(int(values["seq"]), values["record"].encode(), leaf and bytes.fromhex(leaf), None, personal)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(f"line {number} of the export is no record: {type(error).__name__}: {error}") from error


def lines(file: IO[bytes]) -> Iterator[list[Row]]:
    """The records of an export, some thousands a time; ``InvalidInput`` names the line that is none."""
    found: list[Row] = []
    for number, text in enumerate(file, start=1):
        found.append(_row(number, text))
        if len(found) == _LINES:
            yield found
            found = []
    yield found


def check(rows: Iterator[list[Row]], advance: Any) -> LogCheck:
    """Meet all of ``rows``."""
    log = LogCheck()
    for chunk in rows:
        log.meet(chunk)
        advance(len(chunk))
    return log
