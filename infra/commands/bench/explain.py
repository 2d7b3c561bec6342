"""``risk bench explain``: grounding, recall, duration and cost of explanations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.commands.shared.terminal import AsJson, fail, progress
from risk.domain.errors import RiskError

# Everything else is imported when the command runs, so that the help of every command is quick.
if TYPE_CHECKING:
    from infra.commands.bench.explanations import ByModel, Figures

NO_KEY = (
    "No model was asked: set RAG_ENABLED=true and OPENAI_API_KEY (and OPENAI_BASE_URL, OPENAI_MODEL) to measure one."
)


def explain(
    data: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Transactions with the Handbook's columns, measured as well."),
    ] = None,
    events: Annotated[int, typer.Option(min=500, help="How many events are scored first, of each source.")] = 5_000,
    assessments: Annotated[int, typer.Option(min=10, help="How many of them are explained, of each source.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Score simulated payments (and those of --data) into a PostgreSQL of its own, and explain some of them.

    Half of those explained are the riskiest, half are spread over all. Each is asked a question whose answer is known:
    a fact, counted here by a query of its own, and something that a document of the knowledge base answers. The
    baseline is reading the assessment alone. Where a language model is set up (as for the API, in the environment or
    .env) it is asked the same, within its budget.

    For example: risk bench explain --data transactions.parquet --json
    """
    from infra.commands.bench.explanations import measure
    from infra.local.stack.processes import LocalError

    try:
        with progress("explaining", assessments * (1 if data is None else 2)) as (advance, say):
            found = measure(data, events, assessments, advance=advance, tell=say)
    except (LocalError, RiskError, OSError) as error:
        fail(str(error), code=1)
    for figures in found:
        _tell(figures)
    if not any(one.model for one in found):
        typer.echo(NO_KEY)
    if as_json:
        whole = {one.source: _as_json(one) for one in found}
        typer.echo(json.dumps({"bench": "explain", **whole, "ratio": round(found[0].ratio, 2)}))


def _tell(one: Figures) -> None:
    typer.echo(f"{one.source}: {one.explained:,} of {one.events:,} assessments explained")
    typer.echo(
        f"  template   {one.unsupported} of {one.sentences:,} sentences with a number that is not in what they cite; "
        f"{one.failures} failures"
    )
    typer.echo(
        f"  retrieval  hit rate at 5: {one.hits:.3f}; "
        f"the evidence holds the answer to a question of fact: {one.facts:.3f}"
    )
    typer.echo(
        f"  latency    explained p50 {one.explain_p50:.1f} ms, p95 {one.explain_p95:.1f} ms; "
        f"the assessment alone p50 {one.read_p50:.1f} ms, p95 {one.read_p95:.1f} ms; ratio {one.ratio:.1f}"
    )
    if one.model is not None:
        _tell_model(one.model)


def _tell_model(model: ByModel) -> None:
    typer.echo(
        f"  {model.name}: {model.answered} of {model.asked} answers stood; {model.removed} choices taken out, "
        f"{model.sentences} sentences shown; {model.right} answers right"
    )
    typer.echo(
        f"  {model.name}: p50 {model.p50:.0f} ms, p95 {model.p95:.0f} ms; {model.tokens:,} tokens, ${model.dollars:.4f}"
    )


def _as_json(one: Figures) -> dict[str, object]:
    def rounded(values: dict[str, object]) -> dict[str, object]:
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}

    model = None if one.model is None else rounded(one.model._asdict())
    return rounded(one._asdict() | {"ratio": one.ratio}) | {"model": model}
