"""An assessment's reasons without repetition: comparisons of the same amount are merged."""

from __future__ import annotations

from typing import NamedTuple

from risk.domain.assessment import Reason
from risk.explanations.context import Dossier
from risk.reason_text.event_text import BASES, Telling
from risk.reason_text.feature_text import RATIOS, clause, compared
from risk.reason_text.formatting import listed, money
from risk.reason_text.risk_signals import is_unusual

SLIGHT = 0.15
"""Log-odds below which a reason is left out where there are others: the odds stay nearly what they are."""


ALIKE = 1.25
"""Of two comparisons whose ratios differ by no more than this factor one is told."""


class Point(NamedTuple):
    """A clause, the codes of the reasons that it tells, and what they add to the log-odds together.

    Its evidence is found by ``key``. It is ``unusual`` if somebody would wonder, ``slight`` if it hardly counts.
    """

    text: str
    key: str
    codes: tuple[str, ...]
    added: float
    unusual: bool
    slight: bool


def points(d: Dossier) -> list[Point]:
    """The merged reasons, in order."""
    amounts = [place for place, one in enumerate(d.reasons) if _compares(d.telling, one)]
    most = max((one.contribution for one in d.reasons), default=0.0)
    made = []
    for place, reason in enumerate(d.reasons):
        if place in amounts[1:]:
            continue
        together = [d.reasons[one] for one in amounts] if place in amounts else [reason]
        text = _comparison(d.telling, together) if len(together) > 1 else clause(d.telling, reason)
        added = sum(one.contribution for one in together)
        made.append(
            Point(
                text=text,
                key=f"reason:{place}",
                codes=tuple(one.code for one in together),
                added=added,
                unusual=any(is_unusual(d.telling, one) for one in together),
                slight=added < SLIGHT <= most,
            )
        )
    return made


def _compares(t: Telling, reason: Reason) -> bool:
    """Whether a reason compares the amount with the account's usual amounts."""
    if reason.feature == "amount":
        return any(t.value(ratio) is not None for ratio in RATIOS)
    return reason.feature in RATIOS and reason.value is not None and t.value(RATIOS[reason.feature]) is not None


def _same_base(t: Telling, reason: Reason, told: dict[str, float]) -> bool:
    return any(t.value(RATIOS[reason.feature or ""]) == t.value(RATIOS[one]) for one in told)


def _comparison(t: Telling, reasons: list[Reason]) -> str:
    """``the amount of 900.00 EUR is 9 times the account's 30-day mean and usual amount of 100.00 EUR``."""
    ratios: dict[str, float] = {}
    for one in reasons:
        value = one.value if one.feature in RATIOS else None
        if one.feature is None or value is None:
            continue
        # Nearly repeats what was said already.
        if all(max(value, said) > ALIKE * min(value, said) for said in ratios.values()) or _same_base(t, one, ratios):
            ratios[one.feature] = value
    if not ratios:
        return clause(t, reasons[0])
    names: dict[tuple[str, str], list[str]] = {}
    for feature, value in ratios.items():
        base = RATIOS[feature]
        of = money(t.value(base) or 0.0, t.event.currency)
        names.setdefault((compared(value, ""), of), []).append(BASES[base])
    whose = ["the account's", *["its"] * len(names)]
    parts = [
        f"{ratio}{holder} {listed(bases)} of {of}"
        for ((ratio, of), bases), holder in zip(names.items(), whose, strict=False)
    ]
    return f"{t.amount} is {listed(parts)}"
