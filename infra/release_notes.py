"""The part of the changelog that tells of one version, for the notes of its release."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def notes(changelog: str, version: str) -> str:
    """The section of ``version``; ``ValueError`` if there is none, or nothing in it."""
    for section in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        if title.split(" - ")[0].strip("[] ") == version and text.strip():
            return text.strip() + "\n"
    raise ValueError(f"the changelog tells nothing of {version}")


if __name__ == "__main__":
    sys.stdout.write(notes(Path(sys.argv[2]).read_text(encoding="utf-8"), sys.argv[1]))
