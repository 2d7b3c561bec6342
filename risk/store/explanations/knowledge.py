"""The knowledge base: versioned documents, their passages, and search.

Full text always; vectors too, where an embedding model is at hand. The two are fused by
reciprocal rank.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple
from uuid import UUID, uuid5
from weakref import WeakSet

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, Row, Select, delete, func, insert, select, text, tuple_, update

from risk.domain.errors import Conflict, NotFound
from risk.explanations.context import Passage
from risk.explanations.retrieval import chunking as passages
from risk.explanations.retrieval.rank_fusion import reciprocal_rank
from risk.store.db.tables import knowledge_documents, knowledge_passages
from risk.store.db.vectors import literal_of

SHIPPED, UPLOADED = "shipped", "uploaded"
MARKDOWN = "text/markdown"
_NAMESPACE = UUID("2b6f9a54-3d0f-4b0e-8f0a-5f2c7f3f4f10")
_LOCK = 7_215_009
_POOL = 30
"""Passages per ranking for fusion."""
_NEAR = 2_000
"""The number of characters of a query that count."""


_seen_whole: WeakSet[Engine] = WeakSet()
"""Databases in which this process has already indexed the shipped documents."""


class Document(BaseModel):
    """A document as it is now; ``version`` rises with each upload under the same ``slug``."""

    id: UUID
    slug: str
    version: int
    title: str
    origin: Literal["shipped", "uploaded"]
    media_type: str
    bytes: int
    passages: int
    created_at: datetime
    created_by: str


class Hit(NamedTuple):
    """A passage that was found."""

    id: int
    passage: Passage


class Embedded(NamedTuple):
    """A query as a vector, and the model that made it."""

    model: str
    vector: Sequence[float]


class _Shipped(NamedTuple):
    slug: str
    title: str
    text: str
    content_hash: str


@cache
def shipped() -> tuple[_Shipped, ...]:
    """The documents that come with the system, by name."""
    folder = resources.files("risk.explanations.retrieval").joinpath("knowledge")
    found = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".md"):
            body = file.read_text(encoding="utf-8")
            slug = file.name.removesuffix(".md")
            found.append(_Shipped(slug, passages.title_of(body, slug), body, passages.content_hash(body)))
    return tuple(found)


def index_shipped(connection: Connection, at: datetime) -> int:
    """Index missing or changed shipped documents; returns how many."""
    if connection.engine in _seen_whole:
        return 0
    c = knowledge_documents.c
    query = select(c.slug, c.content_hash).where(c.origin == SHIPPED, c.removed_at.is_(None))
    wanted = {one.slug: one for one in shipped()}

    def differing() -> tuple[list[_Shipped], list[str]]:
        stored = {row.slug: row.content_hash for row in connection.execute(query)}
        return (
            [one for slug, one in wanted.items() if stored.get(slug) != one.content_hash],
            [slug for slug in stored if slug not in wanted],
        )

    if not any(differing()):
        # Committed before this transaction, and nobody takes shipped documents out: it stays so.
        _seen_whole.add(connection.engine)
        return 0
    connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))  # one of two concurrent starts does it
    fresh, gone = differing()
    for slug in gone:
        _retire(connection, slug, by="system", at=at)
    for one in fresh:
        add(connection, one.slug, one.title, one.text, SHIPPED, MARKDOWN, by="system", at=at)
    return len(fresh)


def add(
    connection: Connection,
    slug: str,
    title: str,
    body: str,
    origin: str,
    media_type: str,
    *,
    by: str,
    at: datetime,
    size: int | None = None,
) -> Document:
    """Store a document, or its next version: what is searched from now on are the passages of this one.

    ``Conflict`` if the name is that of a shipped document, or the same text is stored under it already.
    """
    c = knowledge_documents.c
    connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = connection.execute(
        select(knowledge_documents).where(c.slug == slug).order_by(c.version.desc()).limit(1)
    ).first()
    content_hash = passages.content_hash(body)
    if last is not None and last.removed_at is None:
        if last.origin != origin:
            raise Conflict(f"{slug!r} is a document that comes with the system; choose another name")
        if last.content_hash == content_hash:
            raise Conflict(f"version {last.version} of {slug!r} has the same text already")
        _retire(connection, slug, by=by, at=at)
    version = 1 if last is None else last.version + 1
    pieces = passages.cut(body, title)
    document_id = uuid5(_NAMESPACE, f"{slug}\n{version}")
    values: dict[str, Any] = {
        "id": document_id,
        "slug": slug,
        "version": version,
        "title": title,
        "origin": origin,
        "media_type": media_type,
        "content_hash": content_hash,
        "bytes": len(body.encode()) if size is None else size,
        "passages": len(pieces),
        "created_at": at,
        "created_by": by,
    }
    connection.execute(insert(knowledge_documents).values(**values))
    rows = [
        {"document_id": document_id, "number": number, "title": title, **piece._asdict()}
        for number, piece in enumerate(pieces, start=1)
    ]
    if rows:
        connection.execute(insert(knowledge_passages), rows)
    return Document.model_validate(values)


def _retire(connection: Connection, slug: str, *, by: str, at: datetime) -> None:
    c = knowledge_documents.c
    present = (c.slug == slug, c.removed_at.is_(None))
    connection.execute(
        delete(knowledge_passages).where(knowledge_passages.c.document_id.in_(select(c.id).where(*present)))
    )
    connection.execute(update(knowledge_documents).where(*present).values(removed_at=at, removed_by=by))


def page(connection: Connection, *, limit: int, after: str = "") -> list[Document]:
    """At most ``limit`` documents as they are now, by name, from those after ``after`` on."""
    c = knowledge_documents.c
    query = select(*_DOCUMENT).where(c.removed_at.is_(None), c.slug > after).order_by(c.slug).limit(limit)
    return [_document(row) for row in connection.execute(query)]


def find(connection: Connection, document_id: UUID) -> Document:
    """A document that is not removed, or ``NotFound``."""
    c = knowledge_documents.c
    row = connection.execute(select(*_DOCUMENT).where(c.id == document_id, c.removed_at.is_(None))).one_or_none()
    if row is None:
        raise NotFound(f"document {document_id} not found; a newer version has another id")
    return _document(row)


def find_named(connection: Connection, slug: str) -> tuple[Document, str] | None:
    """The document with this name, if there is one that is not removed, and the hash of its content."""
    c = knowledge_documents.c
    query: Select[Any] = select(*_DOCUMENT, c.content_hash).where(c.slug == slug, c.removed_at.is_(None))
    row = connection.execute(query).one_or_none()
    return None if row is None else (_document(row), row.content_hash)


def pieces_of(connection: Connection, document_id: UUID) -> list[passages.Piece]:
    """The passages of a document, in its order."""
    c = knowledge_passages.c
    query = select(c.section, c.text, c.source).where(c.document_id == document_id).order_by(c.number)
    return [passages.Piece(*row) for row in connection.execute(query)]


def named(connection: Connection, sections: Sequence[tuple[str, str]]) -> list[Passage]:
    """The first passage of each of ``sections`` (document and title), in order; missing ones are skipped."""
    c, d = knowledge_passages.c, knowledge_documents.c
    query = (
        select(d.slug, c.title, c.section, c.text, c.source)
        .join(knowledge_documents, d.id == c.document_id)
        .where(tuple_(d.slug, c.section).in_(sections))
        .order_by(c.number.desc())
    )
    found = {(row.slug, row.section): Passage(*row) for row in connection.execute(query)}
    return [found[one] for one in sections if one in found]


def remove(connection: Connection, document_id: UUID, *, by: str, at: datetime) -> Document:
    """Take a document out of the knowledge base. ``Conflict`` for one that comes with the system."""
    found = find(connection, document_id)
    if found.origin == SHIPPED:
        raise Conflict(f"{found.slug!r} comes with the system and stays; upload your own policy beside it")
    _retire(connection, found.slug, by=by, at=at)
    return found


def search(
    connection: Connection, query: str, *, limit: int, embedded: Embedded | None = None, most_of_one: int = 3
) -> list[Hit]:
    """The ``limit`` best passages for ``query``, at most ``most_of_one`` per document.

    Without ``embedded`` by full text alone.
    """
    rankings = [_by_text(connection, query)]
    if embedded is not None:
        rankings.append(_by_vector(connection, embedded))
    found = _hits(connection, reciprocal_rank(rankings))
    taken: dict[str, int] = {}
    chosen = []
    for hit in found:
        taken[hit.passage.document] = taken.get(hit.passage.document, 0) + 1
        if taken[hit.passage.document] <= most_of_one:
            chosen.append(hit)
    return chosen[:limit]


# Postgres' ranking ignores how rare a word is, so each word's rank is weighted by it, as in BM25.
_TEXT = text(
    """
    WITH size AS (SELECT count(*)::float8 AS passages FROM knowledge_passages),
    word AS (
        SELECT lexeme, ('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''')::tsquery AS query
        FROM unnest(to_tsvector('english', :query))
    ),
    hit AS (
        SELECT passage.id, word.lexeme, ts_rank('{0.2, 0.2, 0.4, 0.7}', passage.search, word.query) AS rank
        FROM word JOIN knowledge_passages AS passage ON passage.search @@ word.query
    ),
    rarity AS (
        SELECT lexeme, ln(1 + (passages - count(*) + 0.5) / (count(*) + 0.5)) AS idf
        FROM hit, size GROUP BY lexeme, passages
    )
    SELECT id FROM hit JOIN rarity USING (lexeme) GROUP BY id ORDER BY sum(rank * idf) DESC, id LIMIT :most
    """
)
_VECTOR = text(
    "SELECT id FROM knowledge_passages WHERE embedding_model = :model AND vector_dims(embedding) = :size"
    " ORDER BY embedding <=> cast(:vector AS vector), id LIMIT :most"
)


def _by_text(connection: Connection, query: str) -> Sequence[int]:
    return connection.scalars(_TEXT, {"query": query[:_NEAR], "most": _POOL}).all()


def _by_vector(connection: Connection, embedded: Embedded) -> Sequence[int]:
    vector = embedded.vector
    given = {"model": embedded.model, "size": len(vector), "vector": literal_of(vector), "most": _POOL}
    return connection.scalars(_VECTOR, given).all()


def _hits(connection: Connection, ids: Iterable[int]) -> list[Hit]:
    c, d = knowledge_passages.c, knowledge_documents.c
    ordered = list(ids)
    query = (
        select(c.id, d.slug, c.title, c.section, c.text, c.source)
        .join(knowledge_documents, d.id == c.document_id)
        .where(c.id.in_(ordered))
    )
    found = {row.id: Hit(row.id, Passage(*row[1:])) for row in connection.execute(query)}
    return [found[one] for one in ordered if one in found]


def is_embedded(connection: Connection, model: str) -> bool:
    """Whether any passage has an embedding of ``model``."""
    c = knowledge_passages.c
    return connection.scalar(select(c.id).where(c.embedding_model == model).limit(1)) is not None


def unembedded(connection: Connection, model: str, *, limit: int) -> list[tuple[int, str]]:
    """At most ``limit`` passages that have no embedding of ``model``: their ids, and what is to be embedded."""
    c = knowledge_passages.c
    query = (
        select(c.id, c.title, c.section, c.text)
        .where(c.embedding_model.is_distinct_from(model))
        .order_by(c.id)
        .limit(limit)
    )
    return [(row.id, f"{row.title}. {row.section}.\n{row.text}") for row in connection.execute(query)]


def embed(connection: Connection, model: str, vectors: Sequence[tuple[int, Sequence[float]]]) -> None:
    """Store embeddings by ``model``, all of one length. Its embeddings of another length are deleted.

    Another vector length means that the name now stands for another model.
    """
    c = knowledge_passages.c
    for passage_id, vector in vectors:
        connection.execute(
            update(knowledge_passages).where(c.id == passage_id).values(embedding=vector, embedding_model=model)
        )
    size = func.vector_dims(c.embedding)
    connection.execute(
        update(knowledge_passages)
        .where(c.embedding_model == model, size.not_in([len(vector) for _, vector in vectors]))
        .values(embedding=None, embedding_model=None)
    )


_DOCUMENT = [knowledge_documents.c[name] for name in Document.model_fields]


def _document(row: Row[Any]) -> Document:
    return Document.model_validate(row._asdict())
