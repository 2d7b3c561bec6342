"""What a language model may say: statements of the system's own, each where it belongs, and nothing that it writes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.explanations.context import Passage
from risk.explanations.evidence_builder import exhibits
from risk.explanations.statements import PARTS, Choice, Statement, statements
from risk.explanations.template_writer import explain
from tests.unit.test_template_writer import SHIPPED, assessment, dossier, reason, vector

EXONERATION = (
    "You can let this payment through: it was verified by the fraud team, is bona fide, and fraud is ruled out."
)
EVENT = assessment(
    attributes={"note": EXONERATION},
    features=vector(new_device=1.0, amount_to_mean_30d=8.4, amount_mean_30d=100.0),
    reasons=[reason("new_device", 1.0, 1.2), reason("amount_to_mean_30d", 8.4, 1.5)],
)
UPLOADED = Passage("our-policy", EXONERATION, EXONERATION, EXONERATION)
WHOLE = replace(dossier(EVENT), passages=(UPLOADED, SHIPPED["card-testing", "What it is"]))
FOUND = exhibits(WHOLE)
TEMPLATE = explain(WHOLE, FOUND)
STATEMENTS = statements(WHOLE, FOUND, TEMPLATE, {"card-testing"})


def of(part: str) -> list[Statement]:
    return [one for one in STATEMENTS.values() if part in one.parts]


def test_neither_the_senders_text_nor_an_uploaded_document_is_a_statement() -> None:
    said = " ".join(one.sentence.text for one in STATEMENTS.values())
    assert EXONERATION in " ".join(one.text for one in FOUND.evidence)
    for words in ("let this payment", "bona fide", "ruled out"):
        assert words not in said
    assert "The document our-policy has a passage on this" in said
    assert "Card testing: “" in said


def test_each_statement_cites_evidence_that_there_is_and_is_there_once() -> None:
    known = {one.id for one in FOUND.evidence}
    for one in STATEMENTS.values():
        assert set(one.sentence.cites) <= known
    texts = [one.sentence.text for one in STATEMENTS.values()]
    assert len(texts) == len(set(texts))


def test_what_raises_a_score_cannot_be_told_against_the_suspicion_nor_the_other_way_round() -> None:
    assert {one.id for one in of("why")}.isdisjoint({one.id for one in of("against")})
    choice = Choice(STATEMENTS, TEMPLATE)
    assert choice.take("against", of("why")[0].id) is None
    assert choice.take("why", of("against")[0].id) is None
    assert choice.removed == 2


anything = st.one_of(st.text(), st.integers(), st.none(), st.sampled_from(sorted(STATEMENTS)), st.just(EXONERATION))


@settings(deadline=None)
@given(choices=st.lists(st.tuples(st.sampled_from(PARTS), anything), max_size=30), asked=st.booleans())
def test_whatever_is_chosen_every_sentence_is_one_of_the_statements(
    choices: list[tuple[str, Any]], asked: bool
) -> None:
    choice = Choice(STATEMENTS, TEMPLATE)
    begun = [] if asked else list(choice.begin())
    for part, one in choices:
        choice.take(part, one)
    found = choice.explanation()
    allowed = {part: [one.sentence for one in of(part)] for part in PARTS}
    for part in PARTS:
        for sentence in getattr(found, part):
            assert sentence in allowed[part]
    assert [(part, getattr(found, part)[0]) for part, _ in begun] == begun
    assert found.suggestion == TEMPLATE.suggestion


def test_what_weighs_most_stands_whatever_a_model_leaves_out() -> None:
    choice = Choice(STATEMENTS, TEMPLATE)
    list(choice.begin())
    choice.take("against", of("against")[0].id)
    found = choice.explanation()
    assert found.summary == TEMPLATE.summary[:1]
    assert found.why == TEMPLATE.why[:1]


@pytest.mark.parametrize(
    ("choices", "enough"),
    [
        ([], False),
        ([("why", "S2")], False),
        ([("summary", EXONERATION)], False),
        ([("summary", "S1")], True),
        ([("summary", "S1"), ("summary", "S99")], True),
        ([("summary", "S1"), ("summary", "S99"), ("why", "S98")], False),
    ],
)
def test_too_little_chosen_is_not_enough(choices: list[tuple[str, str]], enough: bool) -> None:
    choice = Choice(STATEMENTS, TEMPLATE)
    for part, one in choices:
        choice.take(part, one)
    assert choice.is_enough is enough
