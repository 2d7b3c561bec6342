"""The search over the knowledge base that is shipped, by full text alone and with a real embedding model.

The model is WordLlama: its weights are in its package, so that nothing is downloaded. Production embeds through an
OpenAI-compatible service; what is tested here is that vectors, fused with full text, do not make the search worse.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from risk.explanations.retrieval.chunking import MOST
from risk.store.db.engine import create_pool
from risk.store.explanations import knowledge
from risk.store.explanations.knowledge import Embedded, Hit
from tests.integration.retrieval_questions import ELSEWHERE, LAY, QUESTIONS
from tests.services import Services

pytestmark = pytest.mark.integration

MODEL = "wordllama-256"
Embed = Callable[[Sequence[str]], list[list[float]]]


@pytest.fixture(scope="module")
def connection(services: Services) -> Iterator[Connection]:
    pool = create_pool(services.database(), application="test")
    try:
        with pool.begin() as connection:
            assert knowledge.index_shipped(connection, datetime.now(UTC)) == len(knowledge.shipped())
            yield connection
    finally:
        pool.dispose()


@pytest.fixture(scope="module")
def embed() -> Embed:
    spec = importlib.util.find_spec("wordllama")
    assert spec is not None
    assert spec.origin is not None
    from wordllama import WordLlama  # type: ignore[import-untyped]  # it has no marker of its types

    # Where it looks for its tokenizer is not where its package has it; the cache's layout is that of the package.
    model = WordLlama.load(cache_dir=Path(spec.origin).parent, disable_download=True)
    return lambda texts: [[float(value) for value in row] for row in model.embed(list(texts), norm=True)]


def hit(found: list[Hit], document: str, section: str | None) -> bool:
    return any(one.passage.document == document and section in (None, one.passage.section) for one in found)


def rate(search: Callable[[str], list[Hit]], *, sections: bool) -> tuple[float, list[str]]:
    """Share of the questions whose document, or section, is among the five passages found, and the others."""
    missed = [
        question
        for question, document, section in QUESTIONS
        if not hit(search(question), document, section if sections else None)
    ]
    return 1 - len(missed) / len(QUESTIONS), missed


def test_there_are_sixty_questions_on_every_document(connection: Connection) -> None:
    assert len(QUESTIONS) == 60
    documents = knowledge.page(connection, limit=100)
    assert {document for _, document, _ in QUESTIONS} == {one.slug for one in documents}
    sections = {(one.slug, piece.section) for one in documents for piece in knowledge.pieces_of(connection, one.id)}
    assert {(slug, section) for _, slug, section in QUESTIONS if section} <= sections


def test_five_passages_hold_the_answer_to_nine_of_ten_questions_by_full_text_alone(connection: Connection) -> None:
    def search(question: str) -> list[Hit]:
        return knowledge.search(connection, question, limit=5)

    documents, missed = rate(search, sections=False)
    sections, missed_sections = rate(search, sections=True)
    print(f"full text alone: documents {documents:.3f}, sections {sections:.3f}; missed {missed_sections}")  # noqa: T201
    assert documents >= 0.9, missed
    assert sections >= 0.9, missed_sections


@pytest.mark.parametrize(("asked", "least"), [(LAY, 0.9), (ELSEWHERE, 0.75)], ids=["lay", "elsewhere"])
def test_who_does_not_know_the_words_of_the_trade_finds_the_document_too(
    connection: Connection, asked: tuple[tuple[str, str], ...], least: float
) -> None:
    missed = [
        question
        for question, document in asked
        if not hit(knowledge.search(connection, question, limit=5), document, None)
    ]
    print(f"full text alone: {1 - len(missed) / len(asked):.3f}; missed {missed}")  # noqa: T201
    assert len(missed) <= (1 - least) * len(asked), missed


def test_vectors_do_not_make_it_worse(connection: Connection, embed: Embed) -> None:
    waiting = knowledge.unembedded(connection, MODEL, limit=1_000)
    vectors = embed([text for _, text in waiting])
    knowledge.embed(connection, MODEL, list(zip((one for one, _ in waiting), vectors, strict=True)))
    assert knowledge.unembedded(connection, MODEL, limit=10) == []
    asked = dict(zip((question for question, _, _ in QUESTIONS), embed([one for one, _, _ in QUESTIONS]), strict=True))

    def fused(question: str) -> list[Hit]:
        return knowledge.search(connection, question, limit=5, embedded=Embedded(MODEL, asked[question]))

    def text(question: str) -> list[Hit]:
        return knowledge.search(connection, question, limit=5)

    for sections in (False, True):
        with_vectors, missed = rate(fused, sections=sections)
        alone, _ = rate(text, sections=sections)
        print(f"with vectors: {with_vectors:.3f}, full text alone: {alone:.3f}")  # noqa: T201
        assert with_vectors >= alone, missed


def test_vectors_of_another_model_are_not_compared(connection: Connection) -> None:
    found = knowledge.search(connection, "spoofing", limit=3, embedded=Embedded("another", [1.0, 0.0]))
    assert found == knowledge.search(connection, "spoofing", limit=3)


def test_what_a_query_holds_is_words_and_nothing_else(connection: Connection) -> None:
    for query in (
        "",
        "' OR 1=1 --",
        "a & | ! ( ) <-> :*",
        "\\'; DROP TABLE users",
        "x" * 5_000,
        "日本語",
        "%s %(a)s :most",
    ):
        knowledge.search(connection, query, limit=5)


def test_passages_are_bounded_and_name_their_source(connection: Connection) -> None:
    pieces = [
        piece
        for document in knowledge.page(connection, limit=100)
        for piece in knowledge.pieces_of(connection, document.id)
    ]
    assert len(pieces) > 60
    assert all(0 < len(piece.text) <= MOST for piece in pieces)
    regulatory = [piece for piece in pieces if "Regulation (EU)" in piece.text]
    assert regulatory
    assert all(piece.source is not None and piece.source.startswith("https://") for piece in regulatory)
