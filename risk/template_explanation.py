"""The explanation that is always there: written from a dossier by rule, the same words for the same facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from risk.alerts import Disposition
from risk.assessment import Reason, RiskLevel
from risk.checklist import checks
from risk.dossier import Dossier
from risk.exhibits import Exhibits, describe
from risk.explain import Explanation, Sentence, Suggestion
from risk.mitigating import against
from risk.phrases import Telling
from risk.rules import Mode
from risk.typologies import resembles
from risk.wording import listed, moment, money, odds, plural, score, sentence

TEMPLATE_VERSION = "template-1"
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
    event, telling = d.assessment, Telling(d)
    said = [
        _say(
            f"{describe(d)} at {moment(event.occurred_at)} was scored {score(event.score)}, {event.level}",
            found.cite("event", "score"),
        )
    ]
    strong = [(place, one) for place, one in enumerate(d.reasons) if one.contribution >= TELLING][:2]
    if event.level is RiskLevel.LOW:
        said.append(_quiet(d, found, strong))
        return said
    if strong:
        clauses = [telling.clause(one) for _, one in strong]
        said.append(
            _say(
                f"what stands out is that {', and that '.join(clauses)}",
                found.cite(*(f"reason:{place}" for place, _ in strong)),
            )
        )
    kinds = [kind for kind in resembles(d) if _passage(d, kind.slug) is not None]
    if kinds:
        names = listed([kind.name for kind in kinds], "or")
        cites = [f"passage:{_passage(d, kind.slug)}" for kind in kinds]
        said.append(_say(f"taken together, this resembles {names}", found.cite(*cites, "event")))
    return said


def _quiet(d: Dossier, found: Exhibits, strong: list[tuple[int, Reason]]) -> Sentence:
    if not strong:
        return _ordinary(d, found)
    place, reason = strong[0]
    return _say(
        f"the one thing of note is that {Telling(d).clause(reason)}, and that alone does not make it risky"
        if len(d.reasons) == 1
        else f"most notable is that {Telling(d).clause(reason)}, which is not enough to make it risky",
        found.cite(f"reason:{place}", "score"),
    )


def _ordinary(d: Dossier, found: Exhibits) -> Sentence:
    """Why nobody looks twice, by what the past shows of it."""
    event, past = d.assessment, d.account
    known = []
    sums = past.money
    if sums is not None and event.amount is not None and sums.count > 2 and event.amount <= sums.largest:
        low, high = money(sums.least, sums.currency), money(sums.largest, sums.currency)
        known.append(f"the amount lies within the account's amounts of 30 days ({low} to {high})")
    if past.same_counterparty:
        often = "once" if past.same_counterparty == 1 else f"{past.same_counterparty:,} times"
        known.append(f"the account had dealt with {event.counterparty_id} {often} before")
    if known:
        return _say(f"nothing raised the score: {listed(known)}", found.cite("account", "event"))
    if not past.events:
        return _say(
            "it is the first event of this account, and nothing about it raised the score",
            found.cite("account", "score"),
        )
    return _say("nothing about it is unusual enough to raise the score", found.cite("score", "account"))


def _passage(d: Dossier, slug: str) -> int | None:
    return next((place for place, one in enumerate(d.passages) if one.document == slug), None)


def _why(d: Dossier, found: Exhibits) -> list[Sentence]:
    telling, said = Telling(d), []
    for place, reason in enumerate(d.reasons):
        clause = sentence(telling.clause(reason)).rstrip(".")
        more = "alone it multiplies the odds of fraud by" if place == 0 else "it multiplies the odds by"
        said.append(_say(f"{clause}; {more} {odds(reason.contribution)}", found.cite(f"reason:{place}")))
    said += _rules(d, found)
    event = d.assessment
    if event.base_score is not None and event.score - event.base_score >= 0.05:
        alone = score(event.base_score)
        lifted = f"the rules lifted the score from {alone}, which the scorer alone gave, to {score(event.score)}"
        said.append(_say(lifted, found.cite("score")))
    if not said:
        reasons = (
            f"the scorer, {event.scorer}, found nothing that raises the risk of this {telling.noun} above the ordinary"
        )
        said.append(_say(reasons, found.cite("score")))
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
            text = f"the live rule {rule.name} hit: {rule.description}"
        said.append(_say(text, found.cite(f"rule:{place}")))
    return said


def _suggestion(d: Dossier, found: Exhibits) -> Suggestion | None:
    """What labels say; else the score, corrected by how cases like this one were resolved."""
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
    because = [_belief(d, found)]
    if d.cases:
        because.append(_cases(d, found, risky, clean))
    if belief >= _SURE:
        return Suggestion(
            disposition=Disposition.CONFIRMED_RISK, confidence=round(min(_MOST, belief), 2), because=because
        )
    if belief <= 1 - _SURE:
        return Suggestion(
            disposition=Disposition.FALSE_POSITIVE, confidence=round(min(_MOST, 1 - belief), 2), because=because
        )
    undecided = _say("what is known here does not decide it either way; the checks above do", found.cite("score"))
    confidence = round(1 - abs(2 * belief - 1), 2)
    return Suggestion(disposition=Disposition.INCONCLUSIVE, confidence=confidence, because=[*because, undecided])


def _belief(d: Dossier, found: Exhibits) -> Sentence:
    value = d.assessment.score
    which = "fraud than not" if value >= 0.5 else "legitimate than not"
    return _say(f"by its score of {score(value)} alone, it is more likely {which}", found.cite("score"))


def _cases(d: Dossier, found: Exhibits, risky: int, clean: int) -> Sentence:
    cites = found.cite(*(f"case:{place}" for place in range(len(d.cases))))
    open_ended = len(d.cases) - risky - clean
    parts = [f"{risky} as confirmed risk"] if risky else []
    parts += [f"{clean} as false positive"] if clean else []
    parts += [f"{open_ended} as inconclusive"] if open_ended else []
    return _say(f"of {plural(len(d.cases), 'past case')} most like this one, {listed(parts)} were resolved", cites)
