"""Documents that explanations may cite: those shipped, and the organization's own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request

from functions.api.http.conventions import paging
from functions.api.http.dependencies import AuditDep, CurrentUser, Database, Now, require
from functions.api.http.routing import PREFIX
from functions.api.knowledge import documents
from functions.api.knowledge.schemas import DocumentDetail, DocumentPage, PassageView
from risk.domain.permissions import Permission
from risk.explanations.retrieval import chunking
from risk.store.explanations import knowledge
from risk.store.explanations.knowledge import Document

router = APIRouter(prefix=f"{PREFIX}/knowledge", tags=["knowledge"])
_READ = require(Permission.RISK_EXPLAIN)
_WRITE = require(Permission.KNOWLEDGE_MANAGE)
_MISSING: dict[int | str, dict[str, object]] = {404: {"description": "Document not found."}}

Slug = Annotated[
    str,
    Query(
        pattern=r"^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$",
        description="The document's name. Sent again under it, a document is its next version.",
        examples=["refund-policy"],
    ),
]
Title = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$",
        description="What it is called where it is cited; its first heading, or its name, if left out.",
    ),
]


async def _raw(request: Request) -> bytes:
    return await request.body()


@router.get("", dependencies=[_READ])
def list_documents(
    connection: Database, now: Now, cursor: paging.Cursor = None, limit: paging.Limit = paging.DEFAULT_LIMIT
) -> DocumentPage:
    """List the documents, by name."""
    knowledge.index_shipped(connection, now)
    found = knowledge.page(connection, limit=limit + 1, after="" if cursor is None else paging.to_name(cursor))
    items = found[:limit]
    return DocumentPage(items=items, next_cursor=paging.from_name(items[-1].slug) if len(found) > limit else None)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    dependencies=[_WRITE],
    openapi_extra=documents.BODY,
    responses={
        409: {"description": "The name is that of a shipped document, or the same text is stored under it already."},
        413: {"description": "The document has more than 2 MB."},
        415: {"description": "The document is neither Markdown, nor plain text, nor PDF."},
    },
)
def upload_document(
    name: Slug,
    user: CurrentUser,
    connection: Database,
    now: Now,
    audit: AuditDep,
    raw: Annotated[bytes, Depends(_raw)],
    title: Title = None,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> Document:
    """Upload a document that explanations may cite, or its next version.

    It is treated as data: nothing in it is executed or followed. Encrypted files, files with scripts, programs or
    attachments, and files that do not match their `Content-Type` are refused.
    """
    kind, text = documents.read(raw, content_type)
    knowledge.index_shipped(connection, now)
    called = title or chunking.title_of(text, name)
    made = knowledge.add(connection, name, called, text, knowledge.UPLOADED, kind, by=user.email, at=now, size=len(raw))
    audit(f"document:{made.id}", slug=made.slug, version=made.version, content_type=kind, bytes=made.bytes)
    return made


@router.get("/{document_id}", dependencies=[_READ], responses=_MISSING)
def get_document(document_id: UUID, connection: Database) -> DocumentDetail:
    """Get a document with its passages, as they are searched and cited."""
    found = knowledge.find(connection, document_id)
    content = [PassageView(**piece._asdict()) for piece in knowledge.pieces_of(connection, document_id)]
    return DocumentDetail(**found.model_dump(), content=content)


@router.delete(
    "/{document_id}",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[_WRITE],
    responses=_MISSING | {409: {"description": "It comes with the system and stays."}},
)
def delete_document(document_id: UUID, user: CurrentUser, connection: Database, now: Now, audit: AuditDep) -> None:
    """Remove a document from the knowledge base. Explanations that cited it keep their citations."""
    removed = knowledge.remove(connection, document_id, by=user.email, at=now)
    audit(f"document:{removed.id}", slug=removed.slug, version=removed.version)
