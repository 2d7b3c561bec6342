"""The report as a self-contained HTML page with charts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from risk.domain.assessment import LEVELS
from streaming.importing.source import Counts
from streaming.reports.charts import Bar, columns, rows
from streaming.reports.facts import FIELDS, FLAGGED, Facts, Tally, now_text

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:780px;margin:2rem auto;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2.2rem 0 .6rem}figure{margin:1.2rem 0}
figcaption{font-weight:600;margin-bottom:.4rem}small,.muted{color:#5b6675;font-weight:400}svg{width:100%;height:auto}
rect{fill:#3b6fb6}.alert rect{fill:#b6433b}text{font-size:12px;fill:#1c2430}
.tick{text-anchor:middle}.name{text-anchor:end}
table{border-collapse:collapse;width:100%}td,th{text-align:right;padding:.25rem .5rem;border-bottom:1px solid #dde2e8}
td:first-child,th:first-child{text-align:left}
@media(prefers-color-scheme:dark){body{background:#12161c;color:#e6e9ee}text{fill:#e6e9ee}td,th{border-color:#2c343f}
rect{fill:#7aa7e0}.alert rect{fill:#e0857a}small,.muted{color:#9aa5b3}}
"""
SHARES = (0.001, 0.005, 0.01, 0.05)
MOST = 12


def page(name: str, facts: Facts, counts: Counts, notes: Sequence[str]) -> str:
    """The page about the file or files ``name``."""
    parts = [
        f"<h1>{escape(name)}</h1>",
        f'<p class="muted">{facts.all.events:,} events from {facts.first[:10]} to {facts.last[:10]}; '
        f"{counts.rows:,} rows, {counts.refused:,} refused. Made {now_text()}.</p>",
        *(f'<p class="muted">{escape(note)}</p>' for note in notes),
        "<h2>What the data looks like</h2>", _data(facts),
        f"<h2>What {escape(facts.scorer)} makes of it</h2>", _model(facts),
        "<h2>What rules would have caught</h2>", _rules(facts),
        "<h2>What single definitions would have caught</h2>", _definitions(facts),
    ]  # fmt: skip
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{escape(name)}: report</title><style>{_STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>"
    )


def _data(facts: Facts) -> str:
    months, currency = sorted(facts.months.items()), facts.currency or ""
    drawn = [columns("Events by month", [Bar(month, one.events, f"{one.events:,}") for month, one in months])]
    drawn.append(
        columns(
            "Amounts by month", [Bar(month, float(one.amount), _money(one.amount, currency)) for month, one in months]
        )
    )
    if facts.all.frauds:
        drawn.append(
            columns(
                "Share of fraud by month",
                [Bar(month, _share(one), f"{_share(one):.2%} ({one.frauds:,})") for month, one in months],
                alert=True,
            )
        )
    sizes = [
        Bar(f"{10 ** (size / 3):,.3g}", facts.amounts[size], f"{facts.amounts[size]:,}")
        for size in range(min(facts.amounts, default=0), max(facts.amounts, default=-1) + 1)
    ]
    drawn.append(columns(f"Amounts in {currency or 'no currency'}, from", sizes))
    total = facts.all.events or 1
    absent = [Bar(name, facts.missing[name], f"{facts.missing[name] / total:.0%} missing") for name in FIELDS]
    drawn.append(rows("Missing fields", sorted(absent, key=lambda bar: -bar.value)))
    drawn.append(rows("Types of event", [Bar(name, n, f"{n:,}") for name, n in facts.types.most_common(MOST)]))
    others = [f"{name or 'none'} ({number:,})" for name, number in facts.currencies.most_common() if name != currency]
    if others:
        drawn.append(
            f'<p class="muted">Money is counted in {currency}; other currencies: {escape(", ".join(others[:8]))}.</p>'
        )
    return "".join(drawn)


def _model(facts: Facts) -> str:
    currency, total = facts.currency or "", facts.all
    head = ("Level", "events", "share", "frauds", "precision", "fraud money")
    body = [
        (
            level.value, f"{one.events:,}", f"{one.events / (total.events or 1):.2%}", f"{one.frauds:,}",
            f"{_share(one):.1%}", _money(one.fraud_amount, currency),
        )
        for level in reversed(LEVELS)
        if (one := facts.levels[level]) is not None
    ]  # fmt: skip
    drawn = [_table(head, body)]
    auc = facts.auc()
    if auc is None:
        drawn.append('<p class="muted">No fraud is known in these events, so nothing says how good the scores are.</p>')
        return "".join(drawn)
    drawn.append(
        f"<p>{total.frauds:,} frauds of {_money(total.fraud_amount, currency)} are known; an event without a label "
        f"counts as legitimate. A fraud scores above a legitimate event {auc:.1%} of the time (AUC {auc:.3f}).</p>"
    )
    curve = [(share, caught) for share in SHARES if (caught := facts.caught_at(share)) is not None]
    drawn.append(
        rows(
            "Frauds among the highest scores",
            [
                Bar(f"{share:.1%} of legitimate events", caught, f"{caught:.0%} of frauds, {money:.0%} of money")
                for share, (caught, money, _) in curve
            ],
            alert=True,
        )
    )
    return "".join(drawn)


def _rules(facts: Facts) -> str:
    if not facts.hits:
        return '<p class="muted">No rule hit. The rules of a running stack are asked, or those of --database-url.</p>'
    found = sorted(facts.hits.items(), key=lambda one: -one[1].frauds)
    return _table(
        ("Rule", "hits", "frauds", "of all", "precision", "fraud money"),
        [
            (
                name, f"{one.events:,}", f"{one.frauds:,}", f"{one.frauds / (facts.all.frauds or 1):.1%}",
                f"{_share(one):.1%}", _money(one.fraud_amount, facts.currency or ""),
            )
            for name, one in found
        ],
    )  # fmt: skip


def _definitions(facts: Facts) -> str:
    found = facts.separating(MOST)
    if not found:
        return '<p class="muted">No fraud is known, or no definition finds any alone.</p>'
    said = f'<p class="muted">Each alone, above the value that {FLAGGED:.1%} of legitimate events exceed.</p>'
    head = ("Definition", "above", "frauds", "money", "precision")
    return said + _table(
        head,
        [
            (
                f"{one.name}: {one.meaning}",
                f"{one.threshold:,.4g}",
                f"{one.caught:.0%}",
                f"{one.money:.0%}",
                f"{one.precision:.1%}",
            )
            for one in found
        ],
    )


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    names = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in line)}</tr>" for line in body)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{lines}</tbody></table>"


def _share(tally: Tally) -> float:
    return tally.frauds / tally.events if tally.events else 0.0


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.0f} {currency}".strip()
