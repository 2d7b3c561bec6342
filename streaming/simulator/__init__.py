"""Simulated customers, counterparties and fraud from a seed: events to watch, test and train with.

Pure: no clock and no I/O, so that the same arguments always give the same records, however slowly
they are consumed. ``risk simulate`` paces and sends them.
"""

from streaming.simulator.fraud import FraudKind
from streaming.simulator.generator import Outcome, simulate, simulate_with_truth

DEMO_CUSTOMERS = 3_000
"""Of the demo's history, and of its live stream at an event a second."""

__all__ = ["DEMO_CUSTOMERS", "FraudKind", "Outcome", "simulate", "simulate_with_truth"]
