"""Extracts text from uploaded documents, or says why they are refused.

A document is data. It is never run, rendered or followed: Markdown and plain text are read as they are, PDFs only for
their words, in a process that is limited in time and memory.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from typing import Any

from functions.api.http.conventions.problems import InvalidFields, TooLarge, UnsupportedContent
from functions.api.http.conventions.schemas import FieldError
from functions.api.knowledge.pdf_text import MAX_TEXT

MARKDOWN, PLAIN, PDF = "text/markdown", "text/plain", "application/pdf"
MAX_BYTES = 2 * 1024 * 1024
SECONDS = 20
"""How long a PDF may take to read; starting its process included."""
_LEAST_TEXT = 20
_ACTIVE = re.compile(
    r"<\s*(script|iframe|object|embed|svg|form|meta|link)\b|javascript\s*:|vbscript\s*:", re.IGNORECASE
)

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The document itself; at most 2 MB.",
        "content": {
            MARKDOWN: {"schema": {"type": "string"}, "example": "# Refunds\n\nAbove 500 EUR two people decide."},
            PLAIN: {"schema": {"type": "string"}},
            PDF: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


def read(raw: bytes, content_type: str) -> tuple[str, str]:
    """The type and text of an upload.

    Refused: other types, content that does not match its type, active content, and files that are too large.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in (MARKDOWN, PLAIN, PDF):
        raise UnsupportedContent(f"send {MARKDOWN}, {PLAIN} or {PDF}, not {kind or 'a body without Content-Type'}")
    if len(raw) > MAX_BYTES:
        raise TooLarge(f"a document may have {MAX_BYTES // 1024 // 1024} MB; send it in parts")
    text = _clean(_of_pdf(raw) if kind == PDF else _of_text(raw))
    if len(text) < _LEAST_TEXT:
        raise _refuse("there is no text in it; a scan has to be read by OCR first")
    if len(text) > MAX_TEXT:
        raise _refuse(f"it has more than {MAX_TEXT:,} characters of text; send it in parts")
    return kind, text


def _refuse(detail: str) -> InvalidFields:
    return InvalidFields([FieldError(field="body", detail=detail)])


def _of_text(raw: bytes) -> str:
    if raw.startswith(
        (b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8", b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF")
    ):
        raise _refuse("this is not a text; its Content-Type does not say what it is")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refuse(f"this is not UTF-8, at byte {error.start}; save it as UTF-8") from error
    if any(unicodedata.category(one) == "Cc" and one not in "\t\n\r\f" for one in text):
        raise _refuse("there are control characters in it; a text has none")
    if _ACTIVE.search(text):
        raise _refuse("there is HTML that could run in it; take scripts, frames and such links out")
    return text


def _of_pdf(raw: bytes) -> str:
    if not raw.startswith(b"%PDF-"):
        raise _refuse("this is not a PDF; its Content-Type does not say what it is")
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.defpath}
    command = [sys.executable, "-m", "functions.api.knowledge.pdf_text"]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, on data)
            command, input=raw, capture_output=True, timeout=SECONDS, check=False, env=environment
        )
        answer: dict[str, str] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise _refuse("it takes too long to read; export it as plain text and send that") from error
    except ValueError as error:
        # Killed at its limits, before it could report anything.
        raise _refuse("it takes more time or memory than a policy would; export it as plain text") from error
    if "refused" in answer:
        raise _refuse(answer["refused"])
    return answer["text"]


def _clean(text: str) -> str:
    """``text`` without invisible characters: zero-width and direction marks, surrogates, controls."""
    kept = (one for one in text.replace("\r\n", "\n").replace("\r", "\n") if _is_seen(one))
    return "".join(kept).strip()


def _is_seen(one: str) -> bool:
    return one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn")
