"""An engine that passes events through unscored: the baseline of the latency bench.

Reading, look-ups, Postgres, the views and ``risk-updates`` are the engine's own; profiles, features, model, rules
and reasons are left out. It has no other use.
"""

from __future__ import annotations

import math
import sys
from typing import Any

import pathway as pw

from risk.features.catalog import FEATURES
from streaming.engine.graph import Numbered, Work
from streaming.engine.main import main
from streaming.engine.stages.batch import ItemKind, JudgedBy, Verdict
from streaming.engine.stages.drift import DriftCounts
from streaming.engine.stages.profile_cache import Known

_VECTOR = (math.nan,) * len(FEATURES)
_VERDICT = Verdict(0.0, 0, b"[]", (), 0.0)


def outputs(
    incoming: pw.Table[Any],
    policy: pw.Table[Any],  # noqa: ARG001
    numbered: Numbered,  # noqa: ARG001
    known: Known,  # noqa: ARG001
    drift: DriftCounts,  # noqa: ARG001
) -> pw.Table[Any]:
    """The batches, each event with the same verdict."""

    def pass_on(work: Work) -> Work:
        batch = work.value
        events = [item.kind is ItemKind.EVENT for item in batch.items]
        batch.vectors = [_VECTOR if event else None for event in events]
        batch.verdicts = [_VERDICT if event else None for event in events]
        batch.judged_by = JudgedBy("unscored", 0)
        return work

    passed: pw.Table[Any] = incoming.select(pw.this.number, work=pw.apply_with_type(pass_on, Work, pw.this.work))
    return passed


if __name__ == "__main__":
    sys.exit(main(outputs))
