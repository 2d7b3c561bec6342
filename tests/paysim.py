"""A made-up file with PaySim's header and habits: many payers, accounts that are emptied, cash-outs after transfers."""

from __future__ import annotations

import random
from pathlib import Path

HEADER = (
    "step,type,amount,nameOrig,oldbalanceOrg,newbalanceOrig,nameDest,oldbalanceDest,newbalanceDest"
    ",isFraud,isFlaggedFraud"
)
_TYPES = ("PAYMENT", "CASH_OUT", "CASH_IN", "TRANSFER", "DEBIT")
_WEIGHTS = (34, 35, 22, 8, 1)
STEPS = 744
FRAUD_RATE = 0.012
"""More than PaySim's 0.0013, so that a small file has enough."""


def write_paysim(path: Path, rows: int, *, seed: int = 1) -> int:
    """Write ``rows`` rows in the order of their hours; gives how many are fraud."""
    chance = random.Random(seed)
    customers = [f"C{number}" for number in range(max(50, rows // 12))]
    merchants = [f"M{number}" for number in range(max(20, rows // 100))]
    mules = [f"C9{number}" for number in range(max(5, rows // 2_000))]
    frauds = 0
    with path.open("w") as file:
        file.write(HEADER + "\n")
        for number in range(rows):
            step = 1 + number * STEPS // rows
            fraud = chance.random() < FRAUD_RATE
            kind = chance.choice(("TRANSFER", "CASH_OUT")) if fraud else chance.choices(_TYPES, _WEIGHTS)[0]
            who = chance.choice(customers)
            amount = round(chance.lognormvariate(9.5 if fraud else 6.0, 0.7 if fraud else 1.1), 2)
            before = amount if fraud else round(amount * chance.uniform(1, 20), 2)
            to = chance.choice(mules if fraud else merchants if kind == "PAYMENT" else customers)
            there = round(chance.lognormvariate(8, 1), 2)
            frauds += fraud
            file.write(
                f"{step},{kind},{amount},{who},{before},{round(before - amount, 2)},{to},{there},"
                f"{round(there + amount, 2)},{int(fraud)},0\n"
            )
    return frauds
