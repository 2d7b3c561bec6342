"""Who may say where a label comes from: names with a colon are the system's own, and carry a proof.

Everybody who may write to the stream can send labels. The API alone has the key of the proof, so that nobody else says
something in the name of an analyst or an alert.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from risk.domain.events import Label

OUTSIDE_PATTERN = r"^[^\W_][\w .,/()&+#-]*$"
"""Names that anybody may use: without a colon, or what looks like one."""
_OUTSIDE = re.compile(OUTSIDE_PATTERN)


def is_outside(label: Label) -> bool:
    """Whether the source of ``label`` is one that anybody may name."""
    return _OUTSIDE.match(label.source) is not None


def prove(label: Label, key: str) -> Label:
    """The label with the proof that its source takes, if it takes one."""
    return label if is_outside(label) else label.model_copy(update={"proof": _proof(label, key)})


def is_genuine(label: Label, key: str) -> bool:
    """Whether the source of ``label`` is anybody's, or the holder of ``key`` sent it. Without a key nobody is."""
    if is_outside(label):
        return True
    return bool(key) and hmac.compare_digest((label.proof or "").encode(), _proof(label, key).encode())


def _proof(label: Label, key: str) -> str:
    told = label.model_dump_json(exclude={"proof"}, exclude_none=True)
    return hmac.new(key.encode(), f"label\0{told}".encode(), hashlib.sha256).hexdigest()
