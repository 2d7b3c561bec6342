"""Customers, counterparties and fraud, made up from a seed: events to watch, test and train with.

Pure: no clock and no I/O, so that the same arguments always give the same records, however slowly
they are consumed. ``risk simulate`` paces and sends them.
"""

from streaming.simulator.fraud import FraudKind
from streaming.simulator.generator import Outcome, simulate, simulate_with_truth

__all__ = ["FraudKind", "Outcome", "simulate", "simulate_with_truth"]
