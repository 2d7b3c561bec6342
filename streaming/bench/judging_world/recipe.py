"""The parameters that differ from seed to seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

KINDS = (
    "device_farm",
    "account_takeover",
    "card_testing",
    "compromised_merchant",
    "mule_chain",
    "slow_small",
    "friendly",
)
_WEIGHTS = (0.19, 0.20, 0.20, 0.16, 0.09, 0.09, 0.07)


@dataclass(frozen=True)
class Recipe:
    """``frauds`` by kind, and probabilities from 0 to 1."""

    frauds: dict[str, int]
    careful: float
    """The share of careful fraudsters: own devices, near addresses, modest amounts, patience."""
    missing: float
    """How often an optional field is missing."""
    shops_without_device: float
    unreported: float
    travel: float
    new_phone: float


def draw(seed: int, payments: int) -> Recipe:
    """The recipe of a seed, for about ``payments`` payments."""
    rng = Random(f"recipe {seed}")  # noqa: S311
    share = rng.uniform(0.0052, 0.0078)
    weights = [weight * rng.uniform(0.7, 1.3) for weight in _WEIGHTS]
    return Recipe(
        frauds={
            kind: round(payments * share * weight / sum(weights)) for kind, weight in zip(KINDS, weights, strict=True)
        },
        careful=rng.uniform(0.2, 0.5),
        missing=rng.uniform(0.02, 0.08),
        shops_without_device=rng.uniform(0.15, 0.4),
        unreported=rng.uniform(0.08, 0.25),
        travel=rng.uniform(0.03, 0.08),
        new_phone=rng.uniform(0.05, 0.12),
    )
