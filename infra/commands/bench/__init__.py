"""``risk bench``: benchmarks, each with a baseline in the same run."""

from __future__ import annotations

import typer

from infra.commands.bench.audit import audit
from infra.commands.bench.coldstart import coldstart
from infra.commands.bench.dashboard import dashboard
from infra.commands.bench.detection import detection
from infra.commands.bench.explain import explain
from infra.commands.bench.explain_templates import explain_templates
from infra.commands.bench.fanout import fanout
from infra.commands.bench.judge import judge
from infra.commands.bench.latency import latency
from infra.commands.bench.load import overload, soak
from infra.commands.bench.memory import memory
from infra.commands.bench.pack import pack
from infra.commands.bench.search import search
from infra.commands.bench.store import store
from infra.commands.bench.throughput import throughput
from infra.commands.bench.world import world

app = typer.Typer(help="Measure this system, each figure against a baseline in the same run.", no_args_is_help=True)
app.command()(audit)
app.command()(coldstart)
app.command()(detection)
app.command()(explain)
app.command()(throughput)
app.command()(latency)
app.command()(memory)
app.command()(overload)
app.command()(soak)
app.command()(dashboard)
app.command()(fanout)
app.command()(explain_templates)
app.command()(world)
app.command()(judge)
app.command()(pack)
app.command()(search)
app.command()(store)
