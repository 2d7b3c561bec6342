"""The template explanation: written by rules from the context, deterministic and always available."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from risk.alerts.alert import Disposition
from risk.domain.assessment import RiskLevel
from risk.explanations.context import Dossier
from risk.explanations.counter_evidence import against
from risk.explanations.evidence_builder import Exhibits, describe, resolved
from risk.explanations.explanation import Explanation, Sentence, Suggestion
from risk.explanations.merged_reasons import Point, points
from risk.explanations.next_steps import checks, place_of
from risk.explanations.typologies import resembles
from risk.reason_text.formatting import listed, moment, money, odds, often, plural, score, sentence
from risk.rules.evaluator import Mode

TEMPLATE_VERSION = "template-2"
"""Rises when the template says something else of the same facts."""
TELLING = 0.3
"""Log-odds from which a reason is worth a place in the summary."""
_PRIOR = 4.0
"""How many resolved cases the score weighs as much as."""
_SURE, _MOST = 0.6, 0.95


def explain(dossier: Dossier, found: Exhibits) -> Explanation:
    """The explanation of ``dossier``, citing its evidence ``found``."""
    return Explanation(
        summary=_summary(dossier, found),
        why=_why(dossier, found),
        against=against(dossier, found),
        checks=checks(dossier, found),
        suggestion=_suggestion(dossier, found),
    )


def _say(text: str, cites: Iterable[str]) -> Sentence:
    return Sentence(text=sentence(text), cites=list(dict.fromkeys(cites)))


def _summary(d: Dossier, found: Exhibits) -> list[Sentence]:
    event = d.assessment
    said = [
        _say(
            f"{describe(d)} at {moment(event.occurred_at)} was scored {score(event.score)}, {event.level}",
            found.cite("event", "score"),
        )
    ]
    telling = [one for one in points(d) if one.unusual and one.added >= TELLING][:2]
    if event.level is RiskLevel.LOW:
        said.append(_quiet(d, found, telling))
        return said
    if telling:
        clauses = ", and that ".join(one.text for one in telling)
        cites = found.cite(*(one.key for one in telling))
        said.append(_say(f"what stands out is that {clauses}", cites))
    kinds = [(kind, place) for kind in resembles(d) if (place := place_of(d, kind.slug, kind.section))]
    if kinds:
        names = listed([kind.name for kind, _ in kinds], "or")
        said.append(_say(f"taken together, this resembles {names}", found.cite(*(place for _, place in kinds))))
    return said


def _quiet(d: Dossier, found: Exhibits, telling: list[Point]) -> Sentence:
    if not telling:
        return _ordinary(d, found)
    first = telling[0]
    alone = "alone that does" if len(telling) == 1 else "that does"
    return _say(
        f"most notable is that {first.text}; {alone} not lift it above {d.assessment.level}",
        found.cite(first.key, "score"),
    )


def _ordinary(d: Dossier, found: Exhibits) -> Sentence:
    """Why the event is unremarkable, from its history."""
    event, past = d.assessment, d.account
    known = []
    sums = past.money
    if sums is not None and event.amount is not None and sums.count > 2 and sums.least <= event.amount <= sums.largest:
        low, high = money(sums.least, sums.currency), money(sums.largest, sums.currency)
        known.append(f"the amount lies within the account's amounts of 30 days ({low} to {high})")
    if past.same_counterparty:
        known.append(
            f"the account had {d.telling.dealt} {event.counterparty_id} {often(past.same_counterparty)} before"
        )
    if known:
        return _say(f"nothing stands out: {listed(known)}", found.cite("account"))
    if not past.events:
        return _say(
            f"no earlier event of {event.account_id} is stored, so there is nothing to compare it with",
            found.cite("account"),
        )
    events = plural(past.month, "event")
    return _say(
        f"nothing about it stands out beside the {events} that {event.account_id} had in the 30 days before",
        found.cite("account"),
    )


def _why(d: Dossier, found: Exhibits) -> list[Sentence]:
    told = [one for one in points(d) if not one.slight]
    said = []
    for place, point in enumerate(one for one in told if one.unusual):
        effect = (
            f"; alone this makes the odds of fraud {odds(point.added)} as high"
            if place == 0
            else f" (odds {odds(point.added)} as high)"
        )
        said.append(_say(f"{sentence(point.text).rstrip('.')}{effect}", found.cite(point.key)))
    ordinary = [one for one in told if not one.unusual]
    if ordinary:
        clauses = "; ".join(f"{one.text} (odds {odds(one.added)} as high)" for one in ordinary)
        cites = found.cite(*(one.key for one in ordinary))
        said.append(_say(f"ordinary in itself, but counted by the model: {clauses}", cites))
    said += _rules(d, found)
    event = d.assessment
    if event.base_score is not None and event.score - event.base_score >= 0.05:
        alone = score(event.base_score)
        lifted = f"the rules lifted the score from {alone}, which the scorer alone gave, to {score(event.score)}"
        said.append(_say(lifted, found.cite("score")))
    if not said:
        said.append(_say(f"the scorer, {event.scorer}, gave no reason: nothing raised the score", found.cite("score")))
    return said


def _rules(d: Dossier, found: Exhibits) -> list[Sentence]:
    told = {reason.code for reason in d.reasons}
    said = []
    for place, rule in enumerate(d.rules):
        if rule.mode is Mode.SHADOW:
            text = f"rule {rule.name} would have hit too; it runs in shadow, so it changed nothing"
        elif any(rule.name in code for code in told) or (rule.points and rule.points < 0):
            continue
        else:
            text = f"the live rule {rule.name} hit" + (f": {rule.description}" if rule.description else "")
        said.append(_say(text, found.cite(f"rule:{place}")))
    return said


def _suggestion(d: Dossier, found: Exhibits) -> Suggestion | None:
    """What labels say; otherwise the score, corrected by the outcome of similar cases."""
    quiet = d.alert is None and not d.assessment.level.at_least(RiskLevel.MEDIUM)
    if quiet and not any(label.fraud for label in d.labels[:1]):
        return None
    if d.labels:
        fraud = d.labels[0].fraud
        label = _say(
            f"{d.labels[0].source} has said since {moment(d.labels[0].known_at)} that this event was "
            f"{'fraud' if fraud else 'not fraud'}",
            found.cite("label:0"),
        )
        disposition = Disposition.CONFIRMED_RISK if fraud else Disposition.FALSE_POSITIVE
        return Suggestion(disposition=disposition, confidence=_MOST, because=[label])
    outcomes = Counter(case.disposition for case in d.cases)
    risky, clean = outcomes[Disposition.CONFIRMED_RISK], outcomes[Disposition.FALSE_POSITIVE]
    belief = (d.assessment.score * _PRIOR + risky) / (_PRIOR + risky + clean)
    cases = [_say(resolved(d), found.cite("cases"))] if d.cases else []
    if 1 - _SURE < belief < _SURE:
        text = f"a score of {score(d.assessment.score)} settles it neither way; the checks can"
        if cases:
            text = f"with a score of {score(d.assessment.score)} that settles it neither way; the checks can"
        because = [*cases, _say(text, found.cite("score"))]
        confidence = min(_MOST, 1 - abs(2 * belief - 1))
        return Suggestion(disposition=Disposition.INCONCLUSIVE, confidence=round(confidence, 2), because=because)
    risk = belief >= _SURE
    return Suggestion(
        disposition=Disposition.CONFIRMED_RISK if risk else Disposition.FALSE_POSITIVE,
        confidence=round(min(_MOST, belief if risk else 1 - belief), 2),
        because=[_belief(d, found), *cases],
    )


def _belief(d: Dossier, found: Exhibits) -> Sentence:
    value = d.assessment.score
    which = "more" if value >= 0.5 else "less"
    return _say(f"by its score alone ({score(value)}), fraud is {which} likely than not", found.cite("score"))
