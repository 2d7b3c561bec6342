"""The import diagram in docs/architecture.md (Mermaid), generated from the code.

``python -m infra.import_diagram`` regenerates it; with ``--check`` it fails if the page is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import grimp

from infra import PROJECT

PAGE = PROJECT / "docs" / "architecture.md"
BEGIN, END = "<!-- imports: begin -->", "<!-- imports: end -->"
_ROOTS = ("risk", "streaming", "functions", "infra")


def package_of(module: str) -> str:
    """The box of a module: its second-level package, or its root package."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] in {"risk", "streaming", "functions"} else parts[0]


def edges(imports: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Imports between packages, without those implied by another path (transitive reduction)."""
    found = {(package_of(a), package_of(b)) for a, b in imports} - {(name, name) for name in _ROOTS}
    found = {(a, b) for a, b in found if a != b and "." in b}
    below: dict[str, set[str]] = {}
    for a, b in found:
        below.setdefault(a, set()).add(b)

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        return any(
            step == goal or (step not in seen and reaches(step, goal, seen | {step})) for step in below.get(start, ())
        )

    return sorted(
        (a, b) for a, b in found if not any(reaches(other, b, {a, other}) for other in below[a] if other != b)
    )


def mermaid(pairs: Iterable[tuple[str, str]]) -> str:
    """A Mermaid flowchart with one arrow per import; packages of one root share a box."""
    pairs = list(pairs)
    names = sorted({name for pair in pairs for name in pair})
    lines = ["```mermaid", "flowchart TD"]
    for root in _ROOTS:
        inside = [name for name in names if name.split(".")[0] == root]
        if inside:
            lines += [f"  subgraph {root}", *(f"    {_id(name)}[{name.split('.')[-1]}]" for name in inside), "  end"]
    lines += [f"  {_id(a)} --> {_id(b)}" for a, b in pairs]
    return "\n".join([*lines, "```"])


def draw() -> str:
    """The diagram of the current code."""
    graph = grimp.build_graph(*_ROOTS, cache_dir=None)
    return mermaid(edges((a, b) for a in graph.modules for b in graph.find_modules_directly_imported_by(a)))


def main(page: Path = PAGE) -> None:
    """Write the diagram into the page, or check it."""
    text = page.read_text()
    head, rest = text.split(BEGIN, 1)
    current = f"{head}{BEGIN}\n{draw()}\n{END}{rest.split(END, 1)[1]}"
    if "--check" not in sys.argv[1:]:
        page.write_text(current)
    elif current != text:
        sys.exit(f"{page.name} does not show the imports as they are. Draw them anew: python -m infra.import_diagram")


def _id(name: str) -> str:
    return name.replace(".", "_")


if __name__ == "__main__":
    main()
