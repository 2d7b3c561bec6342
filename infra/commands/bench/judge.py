"""``risk bench judge``: what a model finds in a world it was not trained on, beside a plain baseline."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from infra.commands.shared.policy import offline_policy
from infra.commands.shared.terminal import AsJson, fail, progress
from risk.domain.errors import RiskError

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from streaming.bench.judge.cases import Cases
    from streaming.bench.judge.verdict import Flagged, Ranking

BARS = {"HIGH": ("HIGH", "CRITICAL"), "CRITICAL": ("CRITICAL",)}


class _Engine(NamedTuple):
    """Level and score of each case, and the model's version."""

    levels: NDArray[np.object_]
    scores: NDArray[np.float64]
    scorer: str


def judge(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines of risk bench world.")],
    truth: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The truth. Default: FILE.truth.jsonl.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Score by the model in this folder (risk train).")
    ] = None,
    database_url: Annotated[
        str | None, typer.Option(help="Judge by the rules, lists, thresholds and champion of this database.")
    ] = None,
    train_days: Annotated[
        int, typer.Option(min=1, help="Days that the baseline learns from; what comes later is judged.")
    ] = 42,
    as_json: AsJson = False,
) -> None:
    """Score a file by the engine as it would have come, and compare with its truth: by kind, at HIGH and at CRITICAL.

    The baseline is LightGBM on counts of account, counterparty, device, address and card, fitted on the first days and
    what was known at their end. Where it is compared by kind, it flags as many payments as the engine does.
    """
    import numpy as np

    from streaming.bench.judge import baseline, cases, verdict
    from streaming.bench.judging_world.world import truth_file

    if model is not None and database_url is not None:
        fail("Give either --model or --database-url: a database names its champion itself.")
    began = time.monotonic()
    try:
        with progress("counting", None) as (advance, _):
            known = cases.read(file, truth or truth_file(file), baseline.Counts(), advance)
        until = int(known.at[0]) // 86_400 * 86_400 + train_days * 86_400
        test = verdict.tested(known, until)
        engine = _score(file, known, model, database_url)
        with progress("fitting the baseline", baseline.SETTINGS.rounds) as (advance, _):
            plain = baseline.scores(known, until, advance)
    except (RiskError, OSError) as error:
        fail(str(error), code=1)
    ranked = {"engine": verdict.ranking(known, test, engine.scores), "baseline": verdict.ranking(known, test, plain)}
    typer.echo(
        f"{int(test.sum()):,} payments of the days after the first {train_days}, "
        f"{int(known.fraud[test].sum()):,} of them frauds; {engine.scorer}"
        f"\nengine    {_words(ranked['engine'])}\nbaseline  {_words(ranked['baseline'])}"
    )
    summary = {
        "bench": "judge",
        "scorer": engine.scorer,
        "payments": int(test.sum()),
        "frauds": int(known.fraud[test].sum()),
        **{name: {key: round(value, 4) for key, value in asdict(one).items()} for name, one in ranked.items()},
        "ratio": round(ranked["engine"].ap / ranked["baseline"].ap, 4),
    }
    for bar, levels in BARS.items():
        raised = np.isin(engine.levels, levels)
        ours = verdict.flagged(known, test, raised)
        others = verdict.flagged(known, test, _first(plain, test, int(raised[test].sum())))
        typer.echo("\n".join(_lines(bar, ours, others)))
        summary[bar] = {"engine": asdict(ours), "baseline": asdict(others)}
    if as_json:
        typer.echo(json.dumps({**summary, "seconds": round(time.monotonic() - began, 1)}))


def _score(file: Path, known: Cases, model: Path | None, database_url: str | None) -> _Engine:
    """The engine's result for each case; a case that could not be scored counts as 0 and LOW."""
    import numpy as np
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types

    from streaming.importing.source import read_records
    from streaming.offline.score_file import write_scores

    now, policy = datetime.now(UTC), offline_policy(model, database_url)
    with tempfile.TemporaryDirectory(prefix="risk-judge-") as folder, progress("scoring", None) as (advance, _):
        out = Path(folder) / "scores.parquet"
        write_scores(read_records(file, now), policy, out, now=now, advance=advance)
        table = pq.read_table(out, columns=["event_id", "score", "level"]).to_pydict()
    said = dict(zip(table["event_id"], zip(table["score"], table["level"], strict=True), strict=True))
    found = [said.get(one, (0.0, "LOW")) for one in known.ids]
    return _Engine(
        np.array([level for _, level in found], object),
        np.array([score for score, _ in found], np.float64),
        policy.champion.version,
    )


def _first(scores: NDArray[np.float64], test: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    """The ``count`` highest test scores."""
    import numpy as np

    chosen = np.zeros(len(scores), bool)
    places = np.flatnonzero(test)
    chosen[places[np.argsort(-scores[places], kind="stable")[:count]]] = True
    return chosen


def _words(ranking: Ranking) -> str:
    return (
        f"AUC {ranking.auc:.3f}  AP {ranking.ap:.3f}  at 100 alerts a day: precision {ranking.precision:.3f}, "
        f"recall {ranking.recall:.3f}"
    )


def _lines(bar: str, ours: Flagged, plain: Flagged) -> list[str]:
    lines = [
        f"{bar}: recall {ours.recall:.3f}, precision {ours.precision:.3f}, false positives {ours.false_positives:.4%}"
        f"   (baseline, as many flagged: {plain.recall:.3f}, {plain.precision:.3f}, {plain.false_positives:.4%})"
    ]
    lines += [f"  {kind:22} {share:6.1%}   ({plain.by_kind[kind]:6.1%})" for kind, share in ours.by_kind.items()]
    if ours.by_lookalike:
        lines.append("  honest, and flagged: " + ", ".join(f"{n} {s:.2%}" for n, s in ours.by_lookalike.items()))
    return lines
