"""What each connection is sent: an explanation that is being written goes to whoever asked, and nobody else."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from functions.broadcast.frames import Updates
from risk.adapters.stream_contracts import ExplanationPart, UpdateType, envelopes
from risk.domain.assessment import RiskLevel
from risk.domain.errors import InvalidInput
from risk.domain.permissions import Role
from risk.explanations.explanation import Sentence

ME, SOMEBODY = uuid4(), uuid4()


def part(user_id: object = ME) -> ExplanationPart:
    sentence = Sentence(text="The amount is 6.1× the mean.", cites=["E2"])
    return ExplanationPart.model_validate(
        {"id": uuid4(), "event_id": uuid4(), "user_id": user_id, "part": "why", "sentence": sentence}
    )


def updates(*parts: ExplanationPart) -> Updates:
    found = Updates()
    for envelope in envelopes(UpdateType.EXPLANATION, (one.model_dump_json().encode() for one in parts)):
        found.add(envelope)
    return found


def test_sentences_go_to_whom_asked_in_their_order() -> None:
    mine, others = [part(), part()], [part(SOMEBODY)]
    found = updates(mine[0], *others, mine[1])
    (frame,) = found.frames(Role.ANALYST, RiskLevel.LOW, str(ME))
    assert json.loads(frame) == {"type": "explanation", "items": [one.model_dump(mode="json") for one in mine]}
    (frame,) = found.frames(Role.ADMIN, RiskLevel.CRITICAL, str(SOMEBODY))
    assert json.loads(frame)["items"] == [others[0].model_dump(mode="json")]
    assert found.frames(Role.ADMIN, RiskLevel.LOW, str(uuid4())) == []


def test_who_may_not_explain_any_more_gets_nothing() -> None:
    assert updates(part()).frames(Role.VIEWER, RiskLevel.LOW, str(ME)) == []


def test_a_sentence_of_nobody_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Updates().add(b'{"type":"explanation","items":[{"id":"1"}]}')
