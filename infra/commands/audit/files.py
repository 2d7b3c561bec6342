"""An auditor's files: a checkpoint with its companion files, and an exported log."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from risk.audit.checkpoint import VerifierKey
from risk.audit.verification import Chunk, Kept, LogCheck, Row
from risk.domain.errors import InvalidInput

_LINES = 5_000


def leaves_file(checkpoint: Path) -> Path:
    """Path of a checkpoint's leaf hashes: 32 bytes per record, in order."""
    return checkpoint.with_name(f"{checkpoint.name}.leaves")


def key_file(checkpoint: Path) -> Path:
    """Path of the public key of a checkpoint."""
    return checkpoint.with_name(f"{checkpoint.name}.vkey")


def public_key(given: str | None, checkpoint: Path) -> VerifierKey:
    """The key to verify with: the given text or file, otherwise the one beside the checkpoint."""
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
    """Write a file atomically."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def export_lines(chunk: Chunk, *, personal: bool) -> Iterator[bytes]:
    """Records as lines of an export. The text of each is exactly the hashed bytes."""
    for seq, record, leaf, *_ in chunk.rows:
        values: dict[str, Any] = {"seq": seq, "record": record.decode(), "leaf_hash": leaf.hex() if leaf else None}
        if personal:
            kept = chunk.kept.get(seq, {})
            values["personal"] = {name: {"salt": salt.hex(), "value": value} for name, (salt, value) in kept.items()}
        yield orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def _parsed(number: int, text: bytes) -> tuple[Row, Kept]:
    try:
        values = orjson.loads(text)
        beside = values.get("personal") or {}
        kept = {name: (bytes.fromhex(one["salt"]), str(one["value"])) for name, one in beside.items()}
        leaf = values.get("leaf_hash")
        record: bytes = values["record"].encode()
        row = (int(values["seq"]), record, bytes.fromhex(leaf) if leaf else None, None, None, None, None, None, None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(f"line {number} of the export is no record: {type(error).__name__}: {error}") from error
    return row, kept


def read_export(file: IO[bytes]) -> Iterator[Chunk]:
    """Read the records of an export in chunks; ``InvalidInput`` names a line that is not a record."""
    rows: list[Row] = []
    kept: dict[int, Kept] = {}
    for number, text in enumerate(file, start=1):
        row, beside = _parsed(number, text)
        rows.append(row)
        if beside:
            kept[row[0]] = beside
        if len(rows) == _LINES:
            yield Chunk(rows, kept)
            rows, kept = [], {}
    yield Chunk(rows, kept)


def check(chunks: Iterator[Chunk], advance: Callable[[int], None]) -> LogCheck:
    """Check every record of ``chunks``."""
    log = LogCheck()
    for chunk in chunks:
        log.meet(chunk)
        advance(len(chunk.rows))
    return log
