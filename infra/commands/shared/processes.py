"""The option for the number of scoring processes."""

from __future__ import annotations

from typing import Annotated

import typer

MOST = 8
"""Pathway's limit without a licence key."""

Processes = Annotated[
    int, typer.Option(min=1, max=MOST, help="Processes that share the scoring, each with a part of the accounts.")
]
