"""Extracts the text of a PDF in a separate process with limits on time and memory.

``python -m functions.api.knowledge.pdf_text`` reads a file from standard input and writes JSON: ``{"text": …}`` or
``{"refused": …}``. An uploaded file may be crafted to run for ever or to use all memory; this process can be killed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

MAX_PAGES = 300
MAX_TEXT = 400_000
CPU_SECONDS = 10
MEMORY_BYTES = 768 * 1024 * 1024
_MAX_OBJECTS = 20_000
_ACTIVE = {
    "/JavaScript": "scripts",
    "/JS": "scripts",
    "/Launch": "actions that start programs",
    "/EmbeddedFiles": "other files",
    "/EmbeddedFile": "other files",
    "/RichMedia": "media that run",
    "/XFA": "forms that run",
}


class Refused(Exception):
    """The file is refused; the message says why, and what to send instead."""


def _bound() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _objects(root: Any) -> Iterator[tuple[str, Any]]:
    """Every key and value below ``root``; references are followed once each."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    seen: set[tuple[int, int]] = set()
    waiting = [root]
    count = 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        count += 1
        if count > _MAX_OBJECTS:
            raise Refused("it has more parts than a policy would; export it as plain text and send that")
        if isinstance(one, DictionaryObject):
            for key, value in one.items():
                yield str(key), value
                waiting.append(value)
        elif isinstance(one, ArrayObject):
            waiting.extend(one)


def read(data: bytes) -> str:
    """The text of a PDF; ``Refused`` if it is encrypted, active, too large, broken or without text."""
    from io import BytesIO

    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError, PyPdfError

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise Refused("it is encrypted; send it without a password")
        for key, value in _objects(reader.trailer):
            what = _ACTIVE.get(key) or (_ACTIVE.get(str(value)) if key == "/S" else None)
            if what:
                raise Refused(f"it holds {what}; print it to a new PDF, or send its text")
        if len(reader.pages) > MAX_PAGES:
            raise Refused(f"it has {len(reader.pages)} pages; at most {MAX_PAGES} are taken")
        parts, size = [], 0
        for page in reader.pages:
            parts.append(page.extract_text())
            size += len(parts[-1])
            if size > MAX_TEXT:
                raise Refused(f"it has more than {MAX_TEXT:,} characters of text; send it in parts")
    except LimitReachedError as error:
        raise Refused("it takes more memory than a policy would; export it as plain text and send that") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as error:
        raise Refused("it cannot be read; it is damaged, or no PDF") from error
    return "\n\n".join(parts)


def main() -> None:
    """Read one file."""
    import logging

    logging.disable()
    _bound()
    try:
        answer = {"text": read(sys.stdin.buffer.read())}
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except (MemoryError, RecursionError):
        answer = {"refused": "it takes more memory than a policy would; export it as plain text and send that"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
