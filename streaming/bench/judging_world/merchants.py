"""The merchants of the world."""

from __future__ import annotations

from random import Random

from streaming.bench.judging_world.recipe import Recipe
from streaming.bench.judging_world.rows import COUNTRIES, Country, Merchant, token

# By category: sales channel, median amount in euros, spread, number of merchants.
CATEGORIES: dict[str, tuple[str, float, float, int]] = {
    "groceries": ("pos", 28.0, 0.7, 150),
    "restaurant": ("pos", 24.0, 0.6, 200),
    "fuel": ("pos", 52.0, 0.35, 60),
    "transport": ("app", 4.5, 0.7, 40),
    "pharmacy": ("pos", 14.0, 0.6, 70),
    "cash": ("atm", 90.0, 0.6, 80),
    "fashion": ("web", 48.0, 0.6, 140),
    "electronics": ("web", 95.0, 1.0, 90),
    "marketplace": ("web", 26.0, 0.9, 60),
    "gift_cards": ("web", 40.0, 0.6, 15),
    "gaming": ("app", 9.0, 0.9, 40),
    "donation": ("web", 12.0, 0.9, 30),
    "telecom": ("web", 19.0, 0.5, 25),
    "travel": ("web", 180.0, 0.9, 60),
    "streaming": ("web", 10.0, 0.3, 20),
    "crypto": ("app", 120.0, 1.1, 8),
    "utilities": ("web", 70.0, 0.5, 25),
    "services": ("pos", 60.0, 0.9, 90),
}
ONLINE = tuple(name for name, (channel, *_) in CATEGORIES.items() if channel in ("web", "app"))


def build(rng: Random, recipe: Recipe) -> dict[str, list[Merchant]]:
    """Merchants by category, the most popular first."""
    weights = [country.share for country in COUNTRIES]
    found: dict[str, list[Merchant]] = {}
    for category, (channel, median, spread, count) in CATEGORIES.items():
        places = [*COUNTRIES, *rng.choices(COUNTRIES, weights, k=max(0, count - len(COUNTRIES)))]
        found[category] = [_merchant(rng, recipe, category, channel, median, spread, place) for place in places]
    return found


def _merchant(
    rng: Random, recipe: Recipe, category: str, channel: str, median: float, spread: float, country: Country
) -> Merchant:
    online = channel in ("web", "app")
    return Merchant(
        token(rng, "m"),
        category,
        country,
        channel,
        median * rng.lognormvariate(0.0, 0.35),
        spread,
        sends_device=online and rng.random() >= recipe.shops_without_device,
        sends_ip=online and rng.random() >= recipe.shops_without_device / 2,
        sends_card=rng.random() < 0.85,
    )
