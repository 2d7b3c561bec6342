"""What the decision policy in force names can be neither archived nor deleted."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from risk.decisions.policy import PolicyRule
from risk.domain.errors import Conflict, InvalidExpression
from risk.features.catalog import Catalog
from risk.rules.cel import check
from risk.store.config import configurations
from risk.store.rules import definitions


def lock_policy(connection: Connection) -> None:
    """Have changes of the policy wait until this transaction ends. Call it before rules and lists are locked."""
    configurations.lock(connection)


def check_unnamed(
    connection: Connection,
    *,
    lists: Collection[str] = (),
    rules: Collection[str] = (),
    features: Collection[str] = (),
    catalog: Catalog | None = None,
) -> None:
    """Raise ``Conflict`` if the policy in force names one of these; ``catalog`` is the one that has ``features``."""
    present = configurations.current(connection)
    if present is None or not (lists or rules or features):
        return
    known = catalog or definitions.current(connection)
    for rule in present.decisions.rules:
        asked, read = _of_condition(rule, known)
        for kind, named, gone in (
            ("list", {*rule.lists, *asked}, lists),
            ("rule", {*rule.rules}, rules),
            ("feature", read, [f"features.{name}" for name in features]),
        ):
            if found := sorted(named.intersection(gone)):
                raise Conflict(
                    f"the decision policy in force names the {kind} {found[0]} (in its rule {rule.name}); put a policy "
                    "without it in force first, in Settings, Decisions or with PUT /api/v1/decisions/policy"
                )


def _of_condition(rule: PolicyRule, catalog: Catalog) -> tuple[frozenset[str], set[str]]:
    """The lists and the names that ``when`` reads; none if it does not compile, as the engine leaves it out."""
    if rule.when is None:
        return frozenset(), set()
    try:
        expression = check(rule.when, None, catalog)
    except InvalidExpression:
        return frozenset(), set()
    return expression.lists, set(expression.names)
