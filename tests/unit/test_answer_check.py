"""An answer as it is checked: what is taken out is counted, and a disposition is the template's or none."""

from __future__ import annotations

import pytest

from risk.alerts.alert import Disposition
from risk.explanations.evidence import Evidence, EvidenceKind
from risk.explanations.explanation import Sentence, Suggestion
from risk.explanations.grounding.answer_check import Checking
from risk.explanations.grounding.checker import Fault, Grounds

GROUNDS = Grounds(
    [
        Evidence(
            id="E1", kind=EvidenceKind.REASON, title="amount", text="amount 840.00 EUR is 6.1× the 30-day mean of ada"
        ),
        Evidence(id="E2", kind=EvidenceKind.CASE, title="A case like it", text="It was resolved as false positive."),
    ]
)
GOOD = Sentence(text="The amount is 6.1× the 30-day mean.", cites=["E1"])
BAD = Sentence(text="The amount is 9.9× the 30-day mean.", cites=["E1"])
TEMPLATE = Suggestion(
    disposition=Disposition.FALSE_POSITIVE,
    confidence=0.7,
    because=[Sentence(text="A case like it was resolved as false positive.", cites=["E2"])],
)
BECAUSE = Sentence(text="A case like it was a false positive.", cites=["E2"])


def checking(*sentences: tuple[str, Sentence], suggestion: Suggestion | None = TEMPLATE) -> Checking:
    found = Checking(GROUNDS, suggestion)
    for part, sentence in sentences:
        found.take(part, sentence)
    return found


def test_what_is_taken_out_is_counted_with_its_reason() -> None:
    found = checking(("summary", GOOD), ("why", GOOD), ("why", BAD))
    assert found.explanation(None).why == [GOOD]
    assert [(one.part, one.text, one.fault) for one in found.removed] == [("why", BAD.text, Fault.NUMBER)]
    assert found.is_enough


def test_what_is_said_twice_is_shown_once_and_not_counted() -> None:
    found = checking(("summary", GOOD), ("summary", GOOD))
    assert found.explanation(None).summary == [GOOD]
    assert found.removed == []


@pytest.mark.parametrize(
    "sentences",
    [
        [],
        [("summary", BAD), ("why", GOOD)],
        [("summary", GOOD), ("why", BAD), ("why", BAD)],
        [("because", BECAUSE)],
    ],
)
def test_too_little_left_is_not_enough(sentences: list[tuple[str, Sentence]]) -> None:
    assert not checking(*sentences).is_enough


@pytest.mark.parametrize("disposition", Disposition)
def test_a_disposition_is_the_templates_with_the_templates_confidence(disposition: Disposition) -> None:
    found = checking(("summary", GOOD), ("because", BECAUSE))
    suggestion = found.explanation(disposition).suggestion
    assert suggestion is not None
    assert (suggestion.disposition, suggestion.confidence) == (TEMPLATE.disposition, TEMPLATE.confidence)
    agrees = disposition is TEMPLATE.disposition
    assert suggestion.because == ([BECAUSE] if agrees else TEMPLATE.because)
    assert [one.fault for one in found.removed] == ([] if agrees else [Fault.DISPOSITION])


@pytest.mark.parametrize("disposition", Disposition)
def test_where_the_template_suggests_nothing_nothing_is_suggested(disposition: Disposition) -> None:
    found = checking(("summary", GOOD), ("because", BECAUSE), suggestion=None)
    assert found.explanation(disposition).suggestion is None
    assert [one.fault for one in found.removed] == [Fault.DISPOSITION]
