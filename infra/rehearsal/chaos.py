"""Chaos: a steady load, one fault after another, and after each a check that nothing was lost or duplicated."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from infra.rehearsal.faults import FAULTS, Fault, Target
from infra.rehearsal.kinesis_proxy import KinesisProxy
from infra.rehearsal.ledger import Auditor, Ledger, told
from infra.rehearsal.rig import Rig

PATIENCE = 90.0


@dataclass
class Outcome:
    """The outcome of a fault; ``recovery`` is in seconds, from its end until an event sent then is scored."""

    fault: str
    events: int
    recovery: float
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was lost, duplicated or computed differently."""
        return not self.faults


@dataclass
class Run:
    """Every fault with its outcome, and the faults found by the final check."""

    outcomes: list[Outcome] = field(default_factory=list)
    events: int = 0
    labels: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether all of it went well."""
        return not self.faults and all(outcome.ok for outcome in self.outcomes)


def run(
    rig: Rig,
    seconds: float,
    seed: int,
    *,
    faults: Mapping[str, Fault] = FAULTS,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> Run:
    """Inject faults in a random order until the time is up; every fault at least once."""
    chance = random.Random(seed)  # noqa: S311 - to be repeatable, not secret
    proxy = KinesisProxy(rig.cloud.endpoint, seed)
    engine = rig.engine(AWS_ENDPOINT_URL=proxy.url)
    database, found = rig.pool(), Run()
    ledger = Ledger(rig.kinesis_at(proxy.url), rig.events, seed)
    auditor = Auditor(database, ledger)
    try:
        engine.start()
        engine.wait_until_healthy()
        ledger.start()
        began, first = time.monotonic(), True
        while first or time.monotonic() - began < seconds:
            order = list(faults)
            chance.shuffle(order)
            for name in order:
                if not first and time.monotonic() - began >= seconds:
                    break
                time.sleep(chance.uniform(0.3, 1.5))
                outcome = _break(name, faults[name], Target(rig, engine, proxy, chance), auditor)
                found.outcomes.append(outcome)
                tell(outcome)
            first = False
        ledger.stop()
        if not auditor.settle(PATIENCE):
            found.faults.append("not everything that was sent is stored")
        found.faults += auditor.faults() + auditor.missing()
        engine.stop()
        untold = ledger.sent.keys() - told(rig.kinesis(), rig.environment["UPDATES_STREAM"])
        if untold:
            found.faults.append(f"{len(untold)} assessments were never published")
        found.events, found.labels = len(ledger.sent), ledger.labels
    finally:
        ledger.stop()
        engine.stop()
        proxy.close()
        database.dispose()
    return found


def _break(name: str, fault: Fault, target: Target, auditor: Auditor) -> Outcome:
    before, wrong = len(auditor.ledger.sent), list[str]()
    try:
        fault(target)
    except Exception as error:
        wrong.append(f"could not be injected: {error!r}")
    healed = time.monotonic()
    if not _recovered(auditor, healed + PATIENCE):
        wrong.append(f"nothing was scored within {PATIENCE:.0f} s")
    recovery = time.monotonic() - healed
    if not wrong:
        wrong += auditor.faults()
    return Outcome(name, len(auditor.ledger.sent) - before, recovery, wrong)


def _recovered(auditor: Auditor, deadline: float) -> bool:
    """Whether an event sent after now is scored, and so all before it on its shard."""
    newest = _newest(auditor.ledger)
    while _newest(auditor.ledger) == newest and time.monotonic() < deadline:
        time.sleep(0.05)
    wanted = _newest(auditor.ledger)
    while time.monotonic() < deadline:
        if auditor.stored(wanted):
            return True
        time.sleep(0.05)
    return False


def _newest(ledger: Ledger) -> UUID:
    return next(reversed(ledger.sent))
