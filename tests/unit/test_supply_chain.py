"""What is run and installed is what was looked at: pinned, and from one place each."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_every_action_is_pinned_to_a_commit_and_its_version_is_said() -> None:
    workflows = [*(PROJECT / ".github/workflows").glob("*.y*ml")]
    used = [line.strip() for path in workflows for line in path.read_text().splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert re.fullmatch(r"(- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v[\d.]+", line), line


def test_workflows_may_read_and_no_more() -> None:
    for path in (PROJECT / ".github/workflows").glob("*.y*ml"):
        text = path.read_text()
        assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE), path
        assert ": write" not in text
        assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_every_package_that_is_locked_has_a_hash() -> None:
    lock = tomllib.loads((PROJECT / "uv.lock").read_text())
    for package in lock["package"]:
        files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
        assert files or "editable" in package["source"] or "virtual" in package["source"], package["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), package["name"]
    packages = json.loads((PROJECT / "frontend/package-lock.json").read_text())["packages"]
    unhashed = [
        name
        for name, one in packages.items()
        if name and not (one.get("link") or one.get("inBundle")) and not one.get("inBundle") and "integrity" not in one
    ]
    assert unhashed == []


def test_images_name_a_version() -> None:
    for name in ("compose.yaml", "streaming/Dockerfile"):
        path = PROJECT / name
        if path.exists():
            images = re.findall(r"^\s*(?:image:|FROM)\s+(\S+)", path.read_text(), re.MULTILINE)
            assert not [one for one in images if one.endswith(":latest")], name
